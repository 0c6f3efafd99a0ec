"""Make `docs/screenshots/*.png`: every page, at a desk and on a phone, in both themes, with a really trained run.

`python -m tools.screenshots`; needs the packages of requirements-dev.txt and a Chromium.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from benchmarks.chromium import headless
from benchmarks.served import served, wait_healthy

TARGET = Path(__file__).parents[1] / "docs" / "screenshots"
WIDTHS = {"wide": 1400, "narrow": 400}
# Taller windows than screens have, so that one picture shows what a person scrolls through.
HEIGHTS = {"home": {"wide": 1000, "narrow": 1500}, "build": {"wide": 2500, "narrow": 5200},
           "results": {"wide": 2900, "narrow": 5200}}  # fmt: skip


def main() -> None:
    """Start the app in a home that is thrown away, train the Simple CNN twice, and take the pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with served() as server, headless() as browser:
        wait_healthy(server)
        run_id = _train(browser, server.url)
        for theme in ("light", "dark"):
            for size, width in WIDTHS.items():
                for name, heights in HEIGHTS.items():
                    page = browser.new_page(viewport={"width": width, "height": heights[size]}, color_scheme=theme)
                    page.goto(f"{server.url}/{name}" + ("" if name == "home" else f"?run={run_id}"))
                    _settle(page)
                    page.screenshot(path=TARGET / f"{name}-{size}-{theme}.png")
                    page.close()


def _train(browser: Browser, address: str) -> str:
    """Train twice as a visitor would, taking a picture in the middle of the second; the id of that run."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, color_scheme="light")
    page.goto(f"{address}/build")
    status = page.locator(".st-key-run_status")
    for take_picture in (False, True):
        expect(page.locator(".st-key-train button")).to_be_enabled(timeout=60_000)
        _settle(page)
        page.locator(".st-key-train button").click()
        if take_picture:
            expect(status).to_contain_text("epoch 6/10", timeout=120_000)
            page.screenshot(path=TARGET / "training-wide-light.png")
        expect(status).to_contain_text("done", timeout=180_000)
        expect(status).to_contain_text("test accuracy", timeout=60_000)
    run_id = page.url.split("run=")[1].split("&")[0]
    page.close()
    return run_id


def _settle(page: Page) -> None:
    expect(page.locator("h1").first).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    page.wait_for_timeout(2_500)  # plotly draws after the script has ended


if __name__ == "__main__":
    main()
