"""Home's picture is computed in the browser: what it shows is what numpy computes."""

import base64
import json
import re

import numpy as np
import pytest
from helpers.following import go
from PIL import Image
from playwright.sync_api import expect

from lib.concepts.forward import forward
from lib.data.fitted.home_network import MODEL, home_network
from lib.data.loading import load
from lib.data.normalising import as_mnist
from lib.errors import DataError
from lib.specs.layers.known import Dropout
from lib.ui.app import ahead, hero
from lib.ui.kit.component import FOLDER

pytestmark = pytest.mark.follows
# As JSON text both ways: for Playwright each of the million numbers would be an object of its own.
PASS_ALL = """async (text) => {
  const [pictures, scene] = JSON.parse(text);
  const load = async (name) => import(`http://components.test/${name}.js`);
  const [{ asMnist }, { forward }, { unpack }] = await Promise.all(["digit", "small_network", "arrays"].map(load));
  const layers = scene.layers.map((layer) => ({ ...layer, kernel: unpack(layer.kernel), bias: unpack(layer.bias) }));
  return JSON.stringify(pictures.map((picture) => {
    const digit = asMnist(Uint8Array.from(picture));
    return digit && [[...digit], forward(layers, digit, scene.size).map(({ values }) => [...values])];
  }));
}"""


def pictures():
    """Digits of many sizes anywhere, some dark on light, some bars, and nothing at all."""
    rng = np.random.default_rng(0)
    made = [np.zeros((28, 28), np.uint8)]
    for number, image in enumerate(load("mnist").test.x[:60, :, :, 0]):
        small = np.asarray(Image.fromarray(image).resize(rng.integers(6, 29, 2).tolist()))
        top, left = (rng.integers(0, 29 - side) for side in small.shape)
        sheet = np.zeros((28, 28), np.uint8)
        sheet[top : top + small.shape[0], left : left + small.shape[1]] = small
        bar = np.zeros((28, 28), np.uint8)
        bar[top : top + rng.integers(1, 20), left : left + rng.integers(1, 20)] = rng.integers(40, 256)
        made += [255 - sheet if number % 5 == 0 else sheet, bar]
    return made


def outputs_of(digit):
    outputs = forward(MODEL, home_network().weights, digit[..., None] / np.float32(255))
    return [each for each, layer in zip(outputs, MODEL.layers, strict=True) if not isinstance(layer, Dropout)]


def test_the_browser_computes_what_numpy_computes(visitor):
    page = visitor()
    page.route(
        "http://components.test/**",
        lambda route: (
            route.fulfill(
                path=FOLDER / route.request.url.rsplit("/", 1)[1],
                content_type="text/javascript",
            )
            if route.request.url.endswith(".js")
            else route.fulfill(body="<!doctype html>", content_type="text/html")
        ),
    )
    page.goto("http://components.test/")
    given = pictures()
    asked = json.dumps([[each.ravel().tolist() for each in given], hero._scene()])
    answered = json.loads(page.evaluate(PASS_ALL, asked))
    for picture, found in zip(given, answered, strict=True):
        try:
            digit = as_mnist(picture)
        except DataError:
            assert found is None
            continue
        assert found[0] == digit.ravel().tolist()
        for own, theirs in zip(outputs_of(digit), found[1], strict=True):
            np.testing.assert_allclose(np.ravel(own), theirs, atol=1e-5)


def test_a_map_answers_and_a_drawn_digit_passes_through(app, page):
    page.emulate_media(reduced_motion="reduce")
    go(page, app)
    picture = page.get_by_test_id("hero")
    still = hero.ALT.read_text(encoding="utf-8")
    expect(picture).to_have_attribute("aria-label", still)
    expect(page.locator(".st-key-hero img")).to_be_hidden()

    conv = outputs_of(home_network().digits[0])[0][:, :, 2]
    card = page.get_by_test_id("hero-card")
    page.locator("[data-testid=hero-map][data-layer=conv2d][data-unit='2']").hover()
    expect(card).to_contain_text("conv2d, map 3 of 6")
    expect(card).to_contain_text(f"26 × 26 numbers from {conv.min():.2f} to {conv.max():.2f}, mean {conv.mean():.2f}")
    page.mouse.move(3, 3)
    expect(card).to_be_hidden()
    page.locator("[data-testid=hero-map][data-layer=conv2d][data-unit='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(card).to_contain_text("max_pooling2d, map 2 of 6")
    # Who wants less motion gets none: the digit of the beginning is still there, and nothing offers to play.
    expect(picture).to_have_attribute("aria-label", still)
    expect(picture.get_by_role("button", name="Pause")).to_be_hidden()

    box = page.get_by_test_id("pad").bounding_box()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    for across, down in ((0.7, 0.2), (0.45, 0.9)):
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"], steps=6)
    page.mouse.up()
    expect(picture).to_have_attribute("aria-label", re.compile("^Your digit"))
    drawn = base64.b64decode(picture.evaluate("root => root.getRootNode().hero.stage.pad.picture()"))
    shares = outputs_of(as_mnist(np.frombuffer(drawn, np.uint8).reshape(28, 28)))[-1]
    best = picture.get_by_test_id("hero-answer").nth(int(shares.argmax()))
    expect(best).to_have_class(re.compile("best"))
    expect(best).to_contain_text(f"{100 * shares.max():.1f}%")

    page.emulate_media(reduced_motion="no-preference")
    picture.get_by_role("button", name="Play").click()
    expect(picture).to_have_attribute("aria-label", re.compile("^A real"))
    picture.get_by_role("button", name="Pause").click()
    picture.get_by_role("button", name="Play").wait_for()


# Let the next digit come, and say what answer is seen with it at that moment.
NEXT = """root => {
  [...root.querySelectorAll("button")].find((each) => each.ariaLabel === "Next digit").click();
  const seen = [...root.querySelectorAll("[data-testid=hero-answer]")].flatMap((row) =>
    [...row.querySelectorAll(".share, .fill")].filter((each) => each.checkVisibility({ visibilityProperty: true })));
  return seen.map((each) => each.textContent || each.style.width);
}"""


def test_a_digit_on_its_way_never_stands_beside_the_answer_to_another(app, page):
    go(page, app)
    picture = page.get_by_test_id("hero")
    expect(page.locator(".st-key-hero img")).to_be_hidden()
    page.emulate_media(reduced_motion="no-preference")
    picture.get_by_role("button", name="Pause").wait_for()
    page.get_by_test_id("hero-map").first.hover()  # so long no other digit comes
    page.get_by_test_id("hero-card").wait_for()
    digits, place = home_network().digits, picture.evaluate("root => root.getRootNode().hero.next")
    assert picture.evaluate(NEXT) == []

    shares = outputs_of(digits[(place + 1) % len(digits)])[-1]
    best = picture.get_by_test_id("hero-answer").nth(int(shares.argmax()))
    expect(best.locator(".share")).to_be_visible()
    expect(best).to_contain_text(f"{100 * shares.max():.1f}%")
    expect(picture.locator(".unlit")).to_have_count(0)


def test_while_somebody_looks_at_home_the_browser_reads_what_the_next_pages_need(app, page):
    page.goto(app)
    page.wait_for_function(
        "names => names.every((name) => performance.getEntriesByType('resource').some((e) => e.name.endsWith(name)))",
        arg=ahead._files(),
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for link, shown in (("Pooling", "stMetric"), ("Build & train", "stCode")):
        page.get_by_test_id("stSidebarNavLink").get_by_text(link, exact=True).click()
        expect(page.locator("h1")).to_contain_text(link)
        expect(page.get_by_test_id(shown).first).to_be_attached()
    assert [url for url in asked if url.endswith(".js")] == []


COUNT_GREY = """() => {
  window.grey = 0;
  const look = () => { window.grey += document.querySelectorAll("[data-testid=stSkeleton]").length; };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""


def test_what_was_rehearsed_unseen_on_home_is_never_grey_on_the_next_pages(app, visitor):
    page = visitor()
    page.goto(app)
    rehearsal = page.locator(".st-key-rehearsal")
    expect(rehearsal.locator(".js-plotly-plot")).to_have_count(2)
    expect(rehearsal).to_be_hidden()
    page.evaluate(COUNT_GREY)
    for link in ("Pooling", "Activations and losses", "Overfitting", "Attention"):
        page.get_by_test_id("stSidebarNavLink").get_by_text(link, exact=True).click()
        expect(page.locator("h1")).to_contain_text(link)
        expect(page.get_by_test_id("stPageLink").last).to_be_visible()
    assert page.evaluate("window.grey") == 0
    page.get_by_test_id("stSidebarNavLink").get_by_text("Home", exact=True).click()
    expect(page.locator(".st-key-way_train")).to_be_visible()
    expect(rehearsal).to_have_count(0)


LARGEST_JUMP = """() => new Promise((done) => {
  const look = (list) => done(Math.max(0, ...list.getEntries().map(({ value }) => value)));
  new PerformanceObserver(look).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(0), 1000);
})"""


def test_nothing_of_home_jumps_on_a_phone_when_the_styles_come(app, visitor):
    """It was 0.85 with styles that came after the first elements; by 0.1 at most pages count as calm (web.dev/cls)."""
    page = visitor(width=400)
    page.goto(app)
    expect(page.locator(".st-key-hero img")).to_be_hidden()
    assert page.evaluate(LARGEST_JUMP) < 0.1
