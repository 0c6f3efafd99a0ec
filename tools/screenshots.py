"""Make `docs/screenshots/*.png`: every page, at a desk and on a phone, with really trained runs.

`python -m tools.screenshots`; needs the packages of requirements-dev.txt and a Chromium. Home, Build, Inside and
Results are taken in both themes, the Learn pages light at a desk and dark on a phone.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect

from benchmarks.chromium import headless
from benchmarks.served import served, wait_healthy
from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES
from lib.ui.app.frame import LEARN

TARGET = Path(__file__).parents[1] / "docs" / "screenshots"
WIDTHS = {"wide": 1400, "narrow": 400}
# Taller windows than screens have, so that one picture shows what a person scrolls through.
HEIGHTS = {"home": {"wide": 1250, "narrow": 2300}, "build": {"wide": 2500, "narrow": 5200},
           "inside": {"wide": 2000, "narrow": 3200}, "results": {"wide": 2900, "narrow": 5200}}  # fmt: skip
LEARN_HEIGHTS = {"wide": 1900, "narrow": 3200}
# Beside the Simple CNN: a run of each other kind.
OTHERS = {"points": "points_spiral", "sentences": "text_average", "branches": "two_kernels"}


def main() -> None:
    """Start the app in a home that is thrown away, train, and take the pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with served() as server, headless() as browser:
        wait_healthy(server)
        run_id = _train_twice(browser, server.url)
        for theme in ("light", "dark"):
            for size, width in WIDTHS.items():
                for name, heights in HEIGHTS.items():
                    address = f"{server.url}/{name}" + ("" if name == "home" else f"?run={run_id}")
                    _take(browser, address, (width, heights[size]), theme, f"{name}-{size}-{theme}")
        for stem in LEARN:
            for size, theme in (("wide", "light"), ("narrow", "dark")):
                place = (WIDTHS[size], LEARN_HEIGHTS[size])
                _take(browser, f"{server.url}/{stem}", place, theme, f"{stem}-{size}-{theme}")
        for name, recipe in OTHERS.items():
            run_id = _train(browser, server.url, recipe)
            _take(browser, f"{server.url}/build?run={run_id}", (1400, 1900), "light", f"{name}-wide-light")
            _take(browser, f"{server.url}/results?run={run_id}", (1400, 2200), "light", f"{name}-results-wide-light")


def _take(browser: Browser, address: str, place: tuple[int, int], theme: str, name: str) -> None:
    page = browser.new_page(viewport={"width": place[0], "height": place[1]}, color_scheme=theme)  # type: ignore[arg-type]
    page.goto(address)
    _settle(page)
    page.screenshot(path=TARGET / f"{name}.png")
    page.close()


def _train_twice(browser: Browser, address: str) -> str:
    """Train as a visitor would, taking a picture in the middle of the second run; the id of that run."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, color_scheme="light")
    page.goto(f"{address}/build")
    status = page.locator(".st-key-run_status")
    for take_picture in (False, True):
        _press_train(page)
        if take_picture:
            expect(status).to_contain_text("epoch 6/10", timeout=120_000)
            page.screenshot(path=TARGET / "training-wide-light.png")
        expect(status).to_contain_text("done", timeout=180_000)
        expect(status).to_contain_text("test accuracy", timeout=60_000)
    return _run_id(page)


def _train(browser: Browser, address: str, recipe: str) -> str:
    """Train a recipe; the run's id."""
    page = browser.new_page(viewport={"width": 1400, "height": 1500}, color_scheme="light")
    page.goto(f"{address}/build?{urlencode(to_query(RECIPES[recipe].run))}")
    _press_train(page)
    expect(page.locator(".st-key-run_status")).to_contain_text("done", timeout=300_000)
    return _run_id(page)


def _press_train(page: Page) -> None:
    expect(page.locator(".st-key-train button")).to_be_enabled(timeout=60_000)
    _settle(page)
    page.locator(".st-key-train button").click()


def _run_id(page: Page) -> str:
    run_id = page.url.split("run=")[1].split("&")[0]
    page.close()
    return run_id


def _settle(page: Page) -> None:
    expect(page.locator("h1").first).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    page.wait_for_timeout(2_500)  # charts and components are drawn after the script has ended
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=60_000)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
