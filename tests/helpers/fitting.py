"""Whether a page fits its window, and suits everybody: at a desk and on a phone, in both themes."""

from __future__ import annotations

from helpers.axe import faults
from helpers.fingers import too_small
from helpers.page_runs import at_rest
from playwright.sync_api import Page, expect

SIZES = (((1400, 900), False), ((400, 800), True))  # width and height; whether it is dark


def fits(page: Page) -> None:
    """Nothing sticks out sideways, and nothing went wrong."""
    for what in ("html", "[data-testid=stMain]"):
        assert page.locator(what).first.evaluate("e => e.scrollWidth <= e.clientWidth")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def suits_everybody(page: Page) -> None:
    """It fits in each size, axe finds nothing that is ours, and a phone's fingers hit everything."""
    for size, dark in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if dark else "light")
        at_rest(page)
        fits(page)
        if dark:
            assert too_small(page) == []
        assert faults(page) == []
