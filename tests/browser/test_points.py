"""The spiral is learned while its boundary is seen to move; units answer to the pointer and to the keyboard."""

import re

import pytest
from helpers.fitting import fits
from helpers.following import go
from playwright.sync_api import expect

from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES

pytestmark = pytest.mark.follows


def address(app, recipe, **changes):
    query = {**to_query(RECIPES[recipe].run), **changes}
    return f"{app}/build?" + "&".join(f"{name}={text}" for name, text in query.items())


def open_points(page, app, recipe="points_circle", **changes):
    go(page, address(app, recipe, **changes))
    expect(page.locator(".st-key-train button")).to_be_enabled()
    plane(page).wait_for()


def plane(page):
    return page.locator(".st-key-boundary").get_by_test_id("plane")


def readout(page):
    return page.locator(".st-key-boundary").get_by_test_id("readout")


def picture(page):
    """What is painted on the plane."""
    return plane(page).evaluate("canvas => canvas.toDataURL()")


def status(page):
    return page.locator(".st-key-run_status")


@pytest.fixture
def halted(app, page):
    """The circle's network before its first batch; stopped at the end, so that nobody waits for it."""
    open_points(page, app)
    page.locator(".st-key-restart button").click()
    expect(status(page)).to_contain_text("paused")
    page.locator(".st-key-boundary [data-unit='dense[0]']").wait_for()
    yield page
    page.locator(".st-key-stop button").click()
    expect(status(page)).to_contain_text("stopped")


def test_the_spiral_is_learned_while_its_boundary_moves(app, page):
    open_points(page, app, "points_spiral", epochs="400")
    before = picture(page)
    page.evaluate(
        """() => {
            const root = document.createElement("div");
            const canvasOf = (node) => node.querySelector?.("canvas.plane") ?? [...node.querySelectorAll("*")]
                .map((each) => each.shadowRoot?.querySelector("canvas.plane")).find(Boolean);
            window.pictures = new Set();
            const look = () => {
                const canvas = canvasOf(document);
                if (canvas) window.pictures.add(canvas.toDataURL());
                window.looking = requestAnimationFrame(() => setTimeout(look, 400));
            };
            look();
        }"""
    )
    page.locator(".st-key-train button").click()
    expect(status(page)).to_contain_text("test accuracy", timeout=240_000)
    assert page.evaluate("window.pictures.size") >= 5
    assert picture(page) != before
    accuracy = float(re.search(r"test accuracy\s*(\d+\.\d+)%", status(page).inner_text())[1])
    assert accuracy >= 95
    beside = page.locator(".st-key-boundary .numbers").inner_text()
    assert f"{accuracy:.1f}%" in beside


def test_a_unit_says_its_sum_under_the_pointer_and_with_the_focus(halted):
    page = halted
    whole = picture(page)
    unit = page.locator(".st-key-boundary [data-unit='dense[0]']")
    unit.hover()
    expect(readout(page)).to_have_text(re.compile(r"^dense\[0\] = tanh\(−?[\d.]+·x [+−] [\d.]+·y \+ 0\), "))
    assert picture(page) != whole
    page.mouse.move(5, 5)
    expect(readout(page)).to_contain_text("Each small picture")
    assert picture(page) == whole
    unit.focus()
    page.keyboard.press("Tab")
    expect(readout(page)).to_contain_text("dense[1] = tanh(")


def test_test_data_and_discretise_change_only_the_picture(halted):
    page = halted
    boxes = page.locator(".st-key-boundary")
    seen = {picture(page)}
    boxes.get_by_test_id("test").check()
    seen.add(picture(page))
    boxes.get_by_test_id("discrete").check()
    seen.add(picture(page))
    assert len(seen) == 3


def test_a_step_moves_the_boundary_and_a_weight_by_hand_does_too(halted):
    page = halted
    first = picture(page)
    root = page.locator(".st-key-boundary section.boundary")
    expect(root).to_have_attribute("data-at", "0")
    page.locator(".st-key-step button").click()
    expect(root).to_have_attribute("data-at", "0.04")
    stepped = picture(page)
    assert stepped != first
    page.locator(".st-key-boundary [data-unit='dense_1[1]']").click()
    page.locator(".st-key-edit_unit input[value='dense_1[1]']").wait_for()
    expect(page.locator(".st-key-edit_unit input")).to_have_count(1)  # the one before is gone
    field = page.locator(".st-key-edit_value input")
    field.fill("-4")
    field.press("Enter")
    page.get_by_text("You changed this network by hand").wait_for()
    edited = picture(page)
    assert edited != stepped
    field.fill("5000")
    field.press("Enter")
    page.get_by_text("too large for a weight").wait_for()
    assert picture(page) == edited
    page.locator(".st-key-edit_reset button").click()
    expect(page.get_by_text("You changed this network by hand")).to_have_count(0)
    page.mouse.move(5, 5)
    page.wait_for_function(
        "([canvas, wanted]) => canvas.toDataURL() === wanted", arg=[plane(page).element_handle(), stepped]
    )


def test_other_points_are_drawn_at_once(app, page):
    open_points(page, app)
    before = picture(page)
    page.locator(".st-key-points_kind input").click()
    page.get_by_role("option", name="moons").click()
    expect(plane(page)).to_have_attribute("aria-label", re.compile("moons"))
    assert picture(page) != before


def test_the_plane_fits_a_phone(app, phone):
    page = phone(dark=True)
    open_points(page, app)
    fits(page)
    box = plane(page).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 400
