"""Each page at a desk and on a phone, in both themes: nothing sticks out, nothing went wrong, everybody can use it."""

import pytest
from helpers.axe import faults
from helpers.fingers import too_small
from helpers.following import go
from helpers.page_runs import at_rest, laid_out
from playwright.sync_api import expect

from lib.ui.app.frame import LEARN

pytestmark = pytest.mark.follows

PAGES = ["", "home", *LEARN, "build", "inside", "results"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_shows_no_error_and_suffices_axe_and_fingers(app, page, name):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    go(page, f"{app}/{name}")
    expect(page.locator("h1").first).to_be_visible()
    at_rest(page)
    for size, dark in (((1400, 900), False), ((400, 800), True)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if dark else "light")
        laid_out(page)
        wide = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide[0] <= wide[1]
        inside = page.locator("section.stMain, [data-testid=stMain]").first
        assert inside.evaluate("e => e.scrollWidth <= e.clientWidth")
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_text("Page not found")).to_have_count(0)
        if dark:
            assert too_small(page) == []
        assert faults(page) == []
    assert errors == []


def test_a_hostile_address_gets_a_sentence_for_each_part_and_a_working_page(app, page):
    layers = "Lambda(x);" + "Conv2D;" * 50
    go(page, f"{app}/build?epochs=1e999&layers={layers}&dataset=%00&run=../../x&zzz=1")
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator(".st-key-train button")).to_be_enabled()
