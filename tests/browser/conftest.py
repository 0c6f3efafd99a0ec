"""A real app in a home of its own, and a real Chromium. A missing browser fails these tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from benchmarks.chromium import headless
from benchmarks.served import served, wait_healthy

# A first page on a busy machine of two cores may take a while; what never comes true still fails.
expect.set_options(timeout=60_000)

RESULTS = Path(__file__).parents[2] / "test-results"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep a picture of what a failed test saw."""
    outcome = yield
    page = item.funcargs.get("page")
    pages = [each for each in page.context.pages if not each.is_closed()] if page is not None else []
    if call.when == "call" and outcome.get_result().failed:
        RESULTS.mkdir(exist_ok=True)
        for number, each in enumerate(pages, start=1):
            name = re.sub(r"[^\w-]", "_", item.name)
            each.screenshot(path=RESULTS / f"{name}-{number}.png")


@pytest.fixture(scope="session")
def app():
    """The address of a running app."""
    with served() as server:
        wait_healthy(server)
        yield server.url


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests: the system's, or the one that Playwright has installed."""
    with headless() as browser:
        yield browser


@pytest.fixture
def visitor(chromium):
    """Opens pages of one visitor: `visitor(width=1400, dark=False)`."""
    contexts = []

    def open_page(width=1400, dark=False):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", accept_downloads=True
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(visitor):
    """A wide page of a new visitor."""
    return visitor()
