"""From `streamlit run app.py` to a usable Home in a real browser, and what the UI process then weighs."""

from __future__ import annotations

import time

from playwright.sync_api import Page

from benchmarks.chromium import browser_page
from benchmarks.served import Served, served, wait_healthy
from benchmarks.table import Row, median

TIMES = 3


def home_usable(server: Served, page: Page) -> tuple[float, float]:
    """Seconds from the start of the process until the server answered, and until Home's ways in could be pressed."""
    healthy = wait_healthy(server)
    page.goto(server.url, wait_until="commit")
    page.locator(".st-key-way_train a, .st-key-way_train button").first.wait_for()
    return healthy, time.perf_counter() - server.started_at


def build_drawn(server: Served, page: Page) -> None:
    """Open Build as well, and wait for the last thing that it draws."""
    page.goto(f"{server.url}/build", wait_until="commit")
    page.locator(".st-key-download_code button").wait_for()


def run(quick: bool = False) -> list[Row]:
    """Start the app some times; memory is that of the first start."""
    healthy, usable, weights = [], [], []
    with browser_page() as page:
        for _ in range(1 if quick else TIMES):
            with served() as server:
                answered, home = home_usable(server, page)
                healthy.append(answered)
                usable.append(home)
                after_home = server.ui_mb()
                build_drawn(server, page)
                weights.append((after_home, server.ui_mb(), server.all_mb() - server.ui_mb()))
    home_mb, build_mb, engine_mb = weights[0]
    return [
        Row("start of the app until Home is usable", median(usable), "s", 3,
            note=f"of it until the server answered {median(healthy):.1f} s; median of {len(usable)}"),
        Row("UI process after Home was opened", home_mb, "MB", 200),
        Row("UI process after Build was opened as well", build_mb, "MB", 200,
            note=f"the engine beside it {engine_mb:.0f} MB"),
    ]  # fmt: skip
