"""Each page at a desk and on a phone, in both themes: nothing sticks out, nothing went wrong, everybody can use it."""

import pytest
from helpers.fitting import suits_everybody
from helpers.following import go
from playwright.sync_api import expect

from lib.ui.app.frame import LEARN

pytestmark = pytest.mark.follows

PAGES = ["", "home", *LEARN, "build", "inside", "results", "experiments"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_shows_no_error_and_suffices_axe_and_fingers(app, page, name):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    go(page, f"{app}/{name}")
    page.locator("h1").first.wait_for()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    suits_everybody(page)
    assert errors == []


def test_a_hostile_address_gets_a_sentence_for_each_part_and_a_working_page(app, page):
    layers = "Lambda(x);" + "Conv2D;" * 50
    go(page, f"{app}/build?epochs=1e999&layers={layers}&dataset=%00&run=../../x&zzz=1")
    page.get_by_test_id("stAlert").first.wait_for()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator(".st-key-train button")).to_be_enabled()


def test_text_in_a_picture_follows_the_theme_when_nothing_else_is_done(app, page):
    go(page, f"{app}/build")
    text = page.locator(".st-key-architecture .annotation-text").first
    for scheme, colour in (("light", "rgb(35, 48, 58)"), ("dark", "rgb(228, 233, 236)"), ("light", "rgb(35, 48, 58)")):
        page.emulate_media(color_scheme=scheme)
        expect(text).to_have_css("fill", colour, timeout=15_000)
