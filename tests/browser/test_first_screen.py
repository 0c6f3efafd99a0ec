"""What a person works with stands on the first screen: a picture, and the controls that change it."""

from urllib.parse import urlencode

import pytest
from helpers.following import go
from helpers.page_runs import at_rest, laid_out
from helpers.page_trainings import trained_elsewhere
from helpers.waiting import wait_until
from playwright.sync_api import expect

from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES

pytestmark = pytest.mark.follows

SCREENS = [(1400, 900), (1024, 768), (1920, 1080)]
PHONE = (400, 800)
BOUNDARY = ("[data-testid=plane]", ".st-key-pause", ".st-key-stop")
MATRIX = ("test_accuracy", "confusion", "confusion_numbers", "cell_true", "cell_predicted")
CURVES = (".st-key-curve_loss", ".st-key-pause", ".st-key-stop")
WHOLE = 0.99  # of an element's area; edges lie between two pixels

MAIN = ".st-key-{}"
EXPLORER = ["[data-testid=output]", ".explorer .part.input", "[data-testid=arithmetic]"]
LESSONS = {
    "convolution": (EXPLORER, [".play", *map(MAIN.format, ("kernel", "kernel_size", "stride", "padding"))]),
    "pooling": (EXPLORER, [".play", *map(MAIN.format, ("pool_type", "pool_size", "stride", "pool_padding"))]),
    "attention": (
        ["[data-testid=attention-matrix]", "[data-testid=position]"],
        list(map(MAIN.format, ("attention_sentence", "attention_head", "uniform_attention"))),
    ),
    "gradient_descent": ([".frame .map"], [".play", ".scrub", *map(MAIN.format, ("surface", "optimizers", "rate"))]),
}
# How much of an element's area is on the screen.
SHARE_SEEN = """element => new Promise((tell) => {
  const observer = new IntersectionObserver((entries) => {
    observer.disconnect();
    tell(entries[0].intersectionRatio);
  });
  observer.observe(element);
})"""


@pytest.fixture
def opened(app, page):
    """Opens an address of the app in a window of a size; a training that a failed test leaves is stopped."""

    def at(address, size):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        go(page, f"{app}/{address}")
        at_rest(page)
        return page

    yield at
    stop = page.locator(".st-key-stop button")
    if stop.count() and stop.first.is_enabled():
        stop.first.click()
        expect(page.locator(".st-key-run_status")).to_contain_text("stopped")


@pytest.fixture(scope="module")
def trained(app):
    """The address of a small trained run's results."""
    asked = {**to_query(RECIPES["simple_cnn"].run), "samples": "500", "epochs": "1"}
    return f"results?run={trained_elsewhere(app, asked)}"


def build(recipe, **changes):
    return "build?" + urlencode({**to_query(RECIPES[recipe].run), **changes})


def resized(page, size):
    """The same page in a window of another size, unscrolled and laid out again."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    laid_out(page)


def seen(page, *selectors):
    """All of each element is on the screen, and nobody has scrolled."""
    for selector in selectors:
        expect(page.locator(selector).first, selector).to_be_in_viewport(ratio=WHOLE, timeout=15_000)
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0


def together(page, picture, control):
    """With the control at the lower edge of the screen, the whole picture is still on it."""
    for selector in (picture, control):
        page.locator(selector).first.wait_for()
    at_rest(page)

    def both_seen():
        # Anew each time: what is still being drawn above them would push them away.
        page.locator(control).first.evaluate("control => control.scrollIntoView({block: 'end'})")
        shares = [page.locator(selector).first.evaluate(SHARE_SEEN) for selector in (picture, control)]
        return min(shares) >= WHOLE

    wait_until(both_seen, 20, every=0.2)


def train(page):
    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("running")


def test_the_boundary_and_the_buttons_are_seen_while_points_train(opened):
    page = opened(build("points_circle", epochs="5000", batch_size="1"), SCREENS[0])
    page.locator(".st-key-pace").get_by_text("1", exact=True).click()  # a picture a second is enough to look at
    train(page)
    page.locator(".st-key-boundary [data-unit='dense[0]']").wait_for()
    choices = ("dataset", "recipe", "points_kind", "noise", "learning_rate", "pace")
    for size in SCREENS:
        resized(page, size)
        seen(page, *BOUNDARY, ".boundary .numbers", *map(MAIN.format, choices))
    resized(page, PHONE)
    seen(page, *BOUNDARY)
    page.locator(".st-key-stop button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("stopped")


def test_the_curves_and_the_buttons_are_seen_while_images_train(opened):
    page = opened(build("simple_cnn", epochs="50"), SCREENS[0])
    train(page)
    expect(page.locator(".st-key-curve_loss .scatterlayer path.js-line").first).to_be_attached()
    choices = ("curve_accuracy", "dataset", "recipe", "epochs", "learning_rate", "batch_size")
    for size in SCREENS:
        resized(page, size)
        seen(page, *CURVES, *map(MAIN.format, choices))
    resized(page, PHONE)
    seen(page, *CURVES)
    page.locator(".st-key-stop button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("stopped")


@pytest.mark.parametrize("name", LESSONS)
def test_a_lessons_picture_and_its_controls_are_seen_at_once(opened, name):
    picture, controls = LESSONS[name]
    page = opened(name, SCREENS[0])
    for size in SCREENS:
        resized(page, size)
        seen(page, *picture, *controls)


@pytest.mark.parametrize(
    ("name", "picture", "control"),
    [
        ("convolution", ".explorer .stage", ".st-key-kernel"),
        ("pooling", ".explorer .stage", ".st-key-pool_type"),
        ("gradient_descent", ".frame", ".st-key-surface"),
        ("flattening?picture_source=draw", "[data-testid=pad]", ".st-key-units_answer p"),
    ],
)
def test_a_phone_shows_a_picture_and_a_control_together(opened, name, picture, control):
    together(opened(name, PHONE), picture, control)


def test_the_confusion_matrix_and_its_controls_are_seen_at_once(opened, trained):
    page = opened(trained, SCREENS[0])
    for size in SCREENS:
        resized(page, size)
        seen(page, *map(MAIN.format, MATRIX))


def test_a_phone_shows_the_confusion_matrix_with_its_lists_and_nothing_is_left_empty_below_it(opened, trained):
    page = opened(trained, PHONE)
    together(page, ".st-key-confusion", ".st-key-cell_true")
    words, lists = page.locator(".st-key-confusion .said"), page.get_by_text("Each row is a true class")
    words.wait_for()
    lists.wait_for()
    above = words.bounding_box()
    assert lists.bounding_box()["y"] - (above["y"] + above["height"]) <= 48


@pytest.mark.parametrize("name", ["convolution", "gradient_descent", "build"])
def test_text_and_pictures_are_larger_on_a_projector(opened, name):
    text, picture = "[data-testid=stMarkdownContainer] p", {
        "convolution": "[data-testid=output]", "gradient_descent": ".frame", "build": ".st-key-architecture",
    }[name]  # fmt: skip
    page = opened(name, SCREENS[0])
    fonts, widths = [], []
    for size in (SCREENS[0], SCREENS[-1]):
        resized(page, size)
        fonts.append(page.locator(text).first.evaluate("text => parseFloat(getComputedStyle(text).fontSize)"))
        widths.append(page.locator(picture).first.bounding_box()["width"])
    assert fonts[1] >= 1.2 * fonts[0]
    assert widths[1] >= 1.2 * widths[0]
