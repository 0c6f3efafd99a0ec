"""A real app in a home of its own, and a real Chromium. A missing browser fails these tests."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from helpers.after_failure import when_failed
from helpers.visitors import HEIGHT, Visitors
from playwright.sync_api import expect

from benchmarks.chromium import headless
from benchmarks.served import served, wait_healthy

# A first page on a busy machine of two cores may take a while; what never comes true still fails.
expect.set_options(timeout=60_000)

RESULTS = Path(__file__).parents[2] / "test-results"
VISITORS = pytest.StashKey[Visitors]()
# With a larger heap there is less garbage to collect. V8's optimizing compilers stay on: the page that the tests lead
# from lesson to lesson lives for minutes, and without them its scripts take a sixth more of a processor.
LARGE_HEAP = ("--max-lazy", "--min-semi-space-size=64", "--max-semi-space-size=128", "--initial-heap-size=512")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep a picture of what a failed test saw, also when what fails is a fixture that opens the page."""
    outcome = yield
    visitors = item.stash.get(VISITORS, None)
    if visitors is not None and call.when != "teardown" and outcome.get_result().failed:
        RESULTS.mkdir(exist_ok=True)
        name = re.sub(r"[^\w-]", "_", item.name)
        for number, page in enumerate(visitors.pages(), start=1):
            page.screenshot(path=RESULTS / f"{name}-{number}.png")
        visitors.drop_reader()


@pytest.fixture(scope="session")
def app(request):
    """The address of a running app. After a failed test it is a new one, in whose line nobody stands."""
    with ExitStack() as running:

        def start(port=0):
            running.close()
            server = running.enter_context(served(port=port))
            wait_healthy(server)
            return server

        server = start()
        when_failed(request, lambda: start(server.port))
        yield server.url


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests: the system's, or the one that Playwright has installed."""
    with headless(LARGE_HEAP) as browser:
        yield browser


@pytest.fixture(scope="session")
def visitors(chromium, app):
    """The windows that the tests share."""
    return Visitors(chromium, app)


@pytest.fixture
def visitor(visitors, request):
    """Opens a page of a new visitor: `visitor(width=1400, dark=False)`."""
    request.node.stash[VISITORS] = visitors
    yield visitors.open
    visitors.leave()


@pytest.fixture
def page(visitors, visitor, request):
    """A wide page: of a new visitor, or, in a file that is marked `follows`, one that `following.go` leads on."""
    return visitors.reader() if request.node.get_closest_marker("follows") else visitor()


@pytest.fixture
def phone(page):
    """That page as narrow as a phone: `phone(dark=True)`. What it goes to next is drawn for a phone."""

    def narrow(dark=False):
        page.set_viewport_size({"width": 400, "height": HEIGHT})
        page.emulate_media(color_scheme="dark" if dark else "light")
        return page

    return narrow
