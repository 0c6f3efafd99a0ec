"""What a person works with stands on the first screen: a picture, and the controls that change it."""

import re
from urllib.parse import urlencode

import pytest
from helpers.waiting import wait_until
from playwright.sync_api import expect

from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES

SCREENS = [(1400, 900), (1024, 768), (1920, 1080)]
PHONE = (400, 800)
WHOLE = 0.99  # of an element's area; edges lie between two pixels

MAIN = ".st-key-{}"
EXPLORER = ["[data-testid=output]", ".explorer .part.input", "[data-testid=arithmetic]"]
LESSONS = {
    "convolution": (EXPLORER, [".play", *map(MAIN.format, ("kernel", "kernel_size", "stride", "padding"))]),
    "pooling": (EXPLORER, [".play", *map(MAIN.format, ("pool_type", "pool_size", "stride", "pool_padding"))]),
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
def opened(app, visitor):
    """Opens an address of the app in a window of a size; a training that a failed test leaves is stopped."""
    pages = []

    def at(address, size):
        page = visitor()
        pages.append(page)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(f"{app}/{address}")
        settled(page)
        return page

    yield at
    for page in pages:
        stop = page.locator(".st-key-stop button")
        if stop.count() and stop.first.is_enabled():
            stop.first.click()
            expect(page.locator(".st-key-run_status")).to_contain_text("stopped")


@pytest.fixture(scope="module")
def trained(app, visitors):
    """The address of a small trained run's results."""
    page = visitors.open()
    page.goto(f"{app}/{build('simple_cnn', samples='500', epochs='1')}")
    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("test accuracy", timeout=120_000)
    run = re.search(r"run=(\w+)", page.url)[1]
    visitors.leave()
    return f"results?run={run}"


def build(recipe, **changes):
    return "build?" + urlencode({**to_query(RECIPES[recipe].run), **changes})


def settled(page):
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def seen(page, *selectors):
    """All of each element is on the screen, and nobody has scrolled."""
    for selector in selectors:
        expect(page.locator(selector).first, selector).to_be_in_viewport(ratio=WHOLE)
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0


def together(page, picture, control):
    """With the control at the lower edge of the screen, the whole picture is still on it."""
    for selector in (picture, control):
        expect(page.locator(selector).first).to_be_visible()
    settled(page)

    def both_seen():
        # Anew each time: what is still being drawn above them would push them away.
        page.locator(control).first.evaluate("control => control.scrollIntoView({block: 'end'})")
        shares = [page.locator(selector).first.evaluate(SHARE_SEEN) for selector in (picture, control)]
        return min(shares) >= WHOLE

    wait_until(both_seen, 20, every=0.2)


def train(page):
    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("running")


@pytest.mark.parametrize("size", [*SCREENS, PHONE], ids=str)
def test_the_boundary_and_the_buttons_are_seen_while_points_train(opened, size):
    page = opened(build("points_circle", epochs="5000", batch_size="1"), size)
    train(page)
    expect(page.locator(".st-key-boundary [data-unit='dense[0]']")).to_be_visible()
    seen(page, "[data-testid=plane]", ".st-key-pause", ".st-key-stop")
    if size != PHONE:
        choices = ("dataset", "recipe", "points_kind", "noise", "learning_rate", "pace")
        seen(page, ".boundary .numbers", *map(MAIN.format, choices))
    page.locator(".st-key-stop button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("stopped")


@pytest.mark.parametrize("size", [*SCREENS, PHONE], ids=str)
def test_the_curves_and_the_buttons_are_seen_while_images_train(opened, size):
    page = opened(build("simple_cnn", epochs="50"), size)
    train(page)
    expect(page.locator(".st-key-curve_loss .scatterlayer path.js-line").first).to_be_attached()
    seen(page, ".st-key-curve_loss", ".st-key-pause", ".st-key-stop")
    if size != PHONE:
        seen(page, *map(MAIN.format, ("curve_accuracy", "dataset", "recipe", "epochs", "learning_rate", "batch_size")))
    page.locator(".st-key-stop button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("stopped")


@pytest.mark.parametrize("size", SCREENS, ids=str)
@pytest.mark.parametrize("name", LESSONS)
def test_a_lessons_picture_and_its_controls_are_seen_at_once(opened, name, size):
    picture, controls = LESSONS[name]
    page = opened(name, size)
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


@pytest.mark.parametrize("size", SCREENS, ids=str)
def test_the_confusion_matrix_and_its_controls_are_seen_at_once(opened, trained, size):
    page = opened(trained, size)
    seen(page, *map(MAIN.format, ("test_accuracy", "confusion", "confusion_numbers", "cell_true", "cell_predicted")))


def test_a_phone_shows_the_confusion_matrix_with_its_lists(opened, trained):
    together(opened(trained, PHONE), ".st-key-confusion", ".st-key-cell_true")


def test_nothing_is_left_empty_below_the_confusion_matrix_of_a_phone(opened, trained):
    page = opened(trained, PHONE)
    words, lists = page.locator(".st-key-confusion .said"), page.get_by_text("Click a cell")
    expect(words).to_be_visible()
    expect(lists).to_be_visible()
    above = words.bounding_box()
    assert lists.bounding_box()["y"] - (above["y"] + above["height"]) <= 48


@pytest.mark.parametrize("name", ["convolution", "gradient_descent", "build"])
def test_text_and_pictures_are_larger_on_a_projector(opened, name):
    text, picture = "[data-testid=stMarkdownContainer] p", {
        "convolution": "[data-testid=output]", "gradient_descent": ".frame", "build": ".st-key-architecture",
    }[name]  # fmt: skip
    fonts, pictures = [], []
    for size in ((1400, 900), (1920, 1080)):
        page = opened(name, size)
        expect(page.locator(picture).first).to_be_visible()
        fonts.append(page.locator(text).first.evaluate("text => parseFloat(getComputedStyle(text).fontSize)"))
        pictures.append(page.locator(picture).first)
    assert fonts[1] >= 1.2 * fonts[0]
    # A picture that is still being laid out grows to its width.
    wait_until(lambda: width(pictures[1]) >= 1.2 * width(pictures[0]), 20, otherwise=lambda: [*map(width, pictures)])


def width(locator):
    return locator.bounding_box()["width"]
