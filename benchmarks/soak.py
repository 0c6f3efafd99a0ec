"""What the page process weighs while all pages are opened again and again in Chromium, 400 times in all."""

from __future__ import annotations

from playwright.sync_api import Page

from benchmarks.chromium import browser_page
from benchmarks.learn import settle
from benchmarks.served import Served, served, wait_healthy
from benchmarks.table import Row, figure
from lib.ui.app.frame import LEARN

LOADS = 400
FLAT_FROM = 200
LIMIT_MB = 300
GROWTH_MB = 10
"""Grown by no more than this over the last 200 loads, the process counts as flat."""
SHARES = 8
"""The curve is told in so many steps."""
ADDRESSES = (
    "home", *LEARN, "results", "build", "build?dataset=fashion_mnist", "build?dataset=cifar10", "build?dataset=movies",
    "build?dataset=points", "images?picture_dataset=cifar10",
)  # fmt: skip

OF_A_RUN = ("build?", "results?", "inside?", "inside?more=filters&", "inside?more=space&", "inside?more=confusion&")


def trained_run(page: Page, url: str) -> str:
    """Train a small network, so that Build and Results have something to show.

    Returns:
        The run's id.
    """
    page.goto(f"{url}/build?dataset=mnist&samples=1000&layers=Flatten;Dense(units=10,activation=softmax)&epochs=1")
    page.locator(".st-key-train button:enabled").click()
    page.locator(".st-key-run_status", has_text="test accuracy").wait_for()
    return page.url.split("run=")[1].split("&")[0]


def weights(server: Served, page: Page, loads: int) -> list[float]:
    """Megabytes of the page process after each page load."""
    run_id = trained_run(page, server.url)
    of_run = (f"{place}run={run_id}" for place in OF_A_RUN)
    addresses = [*ADDRESSES, *of_run]
    found = []
    for number in range(loads):
        page.goto(f"{server.url}/{addresses[number % len(addresses)]}")
        settle(page)
        found.append(server.ui_mb())
    return found


def growth(found: list[float], start: int, window: int) -> float:
    """Megabytes by which the process grew from one load to the end; the mean of some loads at either side.

    >>> growth([100.0, 200.0, 200.0, 210.0, 210.0], start=1, window=2)
    10.0
    """
    return sum(found[-window:]) / window - sum(found[start : start + window]) / window


def curve(found: list[float]) -> str:
    """The weights as a line of text: after how many loads, how many megabytes.

    >>> curve([100.0, 110.0, 120.0, 130.0, 140.0, 150.0, 160.0, 170.0])
    '1: 100, 2: 110, 3: 120, 4: 130, 5: 140, 6: 150, 7: 160, 8: 170'
    """
    places = sorted({max(1, len(found) * part // SHARES) for part in range(1, SHARES + 1)})
    return ", ".join(f"{place}: {figure(found[place - 1])}" for place in places)


def run(quick: bool = False) -> list[Row]:
    """Open all pages in turn."""
    loads, flat_from = (20, 10) if quick else (LOADS, FLAT_FROM)
    with served() as server, browser_page() as page:
        wait_healthy(server)
        found = weights(server, page, loads)
        tracebacks = server.tracebacks()
    return [
        Row(f"most memory of the UI process in {loads} page loads", max(found), "MB", LIMIT_MB,
            note=f"MB after so many loads: {curve(found)}"),
        Row(f"its growth over the last {loads - flat_from} loads", growth(found, flat_from, max(1, loads // 10)), "MB",
            GROWTH_MB),
        Row("tracebacks in the server's log meanwhile", tracebacks, "", 0),
    ]  # fmt: skip
