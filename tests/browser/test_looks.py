"""Each page at a desk and on a phone, in both themes: nothing sticks out, nothing went wrong, everybody can use it."""

import pytest
from helpers.axe import faults
from playwright.sync_api import expect

from lib.ui.app.frame import LEARN

PAGES = ["", "home", *LEARN, "build", "inside", "results"]


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (400, True)], ids=["desk-light", "phone-dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_shows_no_error_and_suffices_axe(app, visitor, name, width, dark):
    page = visitor(width, dark)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{app}/{name}")
    expect(page.locator("h1").first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    wide = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide[0] <= wide[1]
    inside = page.locator("section.stMain, [data-testid=stMain]").first
    assert inside.evaluate("e => e.scrollWidth <= e.clientWidth")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    assert faults(page) == []
    assert errors == []


@pytest.mark.parametrize(
    "query", ["epochs=1e999", "layers=Lambda(x)", "dataset=%00", "run=../../x", "zzz=1", "layers=" + "Conv2D;" * 50]
)
def test_a_hostile_address_gets_a_sentence_and_a_working_page(app, page, query):
    page.goto(f"{app}/build?{query}")
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator(".st-key-train button")).to_be_enabled()
