import re

import pytest
from helpers.fitting import fits
from helpers.following import go
from helpers.page_runs import at_rest, script_ended
from playwright.sync_api import expect

from lib.concepts.backpropagation import Network
from lib.figures.learn.tiny_network import network_picture

pytestmark = pytest.mark.follows

STEPS = network_picture(Network())["steps"]


@pytest.fixture
def network(app, page, visitor):
    def open_at(width=1400, query=""):
        shown = page if width == 1400 else visitor(width)
        go(shown, f"{app}/backpropagation?{query}")
        expect(shown.get_by_test_id("position")).to_have_text("step 0 of 22")
        script_ended(shown)
        return shown

    return open_at


def test_the_arrow_keys_go_through_every_step_forward_and_backward(network):
    page = network()
    page.get_by_test_id("scrub").focus()
    for number, step in enumerate(STEPS, start=1):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_test_id("position")).to_have_text(f"step {number} of 22 · {step['title']}")
        expect(page.get_by_test_id("arithmetic")).to_have_text(step["sum"])
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_test_id("arithmetic")).to_have_text(STEPS[-2]["sum"])


def test_the_buttons_step_and_stop_at_the_ends(network):
    page = network()
    page.get_by_role("button", name="Step back").click()
    expect(page.get_by_test_id("position")).to_have_text("step 0 of 22")
    page.get_by_role("button", name="Step on").click()
    expect(page.get_by_test_id("arithmetic")).to_have_text(STEPS[0]["sum"])
    page.get_by_role("button", name="To the end").click()
    page.get_by_role("button", name="Step on").click()
    expect(page.get_by_test_id("position")).to_have_text(re.compile("step 22 of 22"))


def test_numbers_appear_on_the_picture_when_their_step_comes(network):
    page = network()
    z1 = page.locator(".st-key-explorer text[data-name=z1]").first
    expect(z1).to_be_hidden()
    page.get_by_role("button", name="Step on").click()
    z1.wait_for()
    expect(z1).to_have_text("z₁ 0.75")


def test_editing_a_weight_keeps_the_step_and_changes_its_sum(network):
    page = network()
    page.get_by_role("button", name="Step on").click()
    page.locator(".st-key-w11 input").fill("2")
    page.locator(".st-key-w11 input").press("Enter")
    expect(page.get_by_test_id("arithmetic")).to_have_text(re.compile(r"= 2·1 \+ \(-0.3\)·\(-0.5\) \+ 0.1 = 2.25$"))
    expect(page.get_by_test_id("position")).to_have_text(re.compile("step 1 of 22"))
    page.wait_for_url(re.compile("w11=2"))
    page.locator(".st-key-w11 input").fill("50")
    page.locator(".st-key-w11 input").press("Enter")
    page.get_by_text("w11 must be a number from -10 to 10, not 50").wait_for()
    expect(page.get_by_test_id("arithmetic")).to_have_text(re.compile("= 2.25$"))


def test_gradient_steps_make_the_loss_fall(network):
    page = network()
    loss = page.get_by_test_id("stMetricValue")
    expect(loss).to_have_text("1.088")
    for expected in ("0.2901", "0.0937"):
        page.locator(".st-key-take_step button").click()
        expect(loss).to_have_text(re.compile(expected[:5]))


def test_the_page_fits_its_window(network):
    page = network()
    page.get_by_role("button", name="To the end").click()
    for width in (1400, 400):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        fits(page)
        formula_stands_in_its_box(page)


def formula_stands_in_its_box(page):
    formula, box = (page.locator(f".st-key-formula{inside}").first.bounding_box() for inside in (" .katex-html", ""))
    assert box["x"] < formula["x"]
    assert formula["x"] + formula["width"] < box["x"] + box["width"]
