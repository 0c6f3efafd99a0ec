"""Make `docs/screenshots/*.png`: every page, at a desk and on a phone, in both themes, with a really trained run.

`python -m tools.screenshots`; needs the packages of requirements-dev.txt and a Chromium.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip
WIDTHS = {"wide": 1400, "narrow": 400}
# Taller windows than screens have, so that one picture shows what a person scrolls through.
HEIGHTS = {"home": {"wide": 1000, "narrow": 1500}, "build": {"wide": 2500, "narrow": 5200},
           "results": {"wide": 2900, "narrow": 5200}}  # fmt: skip


def main() -> None:
    """Start the app in a home that is thrown away, train the Simple CNN once, and take the pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1"]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "LAYERLAB_HOME": home}
        app = subprocess.Popen([*command, "--server.port", str(port)], cwd=ROOT, env=environment)
        try:
            _wait_for(f"{address}/_stcore/health")
            _take_all(address)
        finally:
            app.terminate()
            app.wait(timeout=30)


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing answers at {url}")


def _take_all(address: str) -> None:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        run_id = _train(browser, address)
        for theme in ("light", "dark"):
            for size, width in WIDTHS.items():
                for name in HEIGHTS:
                    page = browser.new_page(
                        viewport={"width": width, "height": HEIGHTS[name][size]}, color_scheme=theme
                    )
                    page.goto(f"{address}/{'' if name == 'home' else name}{'' if name == 'home' else f'?run={run_id}'}")
                    _settle(page)
                    page.screenshot(path=TARGET / f"{name}-{size}-{theme}.png")
                    page.close()
        browser.close()


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
