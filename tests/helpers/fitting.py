"""Whether a page fits its window, and suits everybody: at a desk and on a phone, in both themes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from helpers.axe import faults
from helpers.fingers import too_small
from helpers.page_runs import at_rest
from playwright.sync_api import Page, expect

LATE_SECONDS = 10
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
            comes_to_nothing(lambda: too_small(page))
        comes_to_nothing(lambda: faults(page))


def comes_to_nothing(look: Callable[[], Sequence[object]]) -> None:
    """What is wrong with a page is gone as soon as all of it is drawn: a busy machine takes its time."""
    found = list(look())
    end = time.monotonic() + LATE_SECONDS
    while found and time.monotonic() < end:
        time.sleep(0.5)
        found = list(look())
    assert not found, found
