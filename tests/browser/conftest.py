"""A real app in a home of its own, and a real Chromium. A missing browser fails these tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

# A first page on a busy machine of two cores may take a while; what never comes true still fails.
expect.set_options(timeout=60_000)

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep a picture of what a failed test saw."""
    outcome = yield
    page = item.funcargs.get("page")
    if call.when == "call" and outcome.get_result().failed and page is not None:
        RESULTS.mkdir(exist_ok=True)
        page.screenshot(path=RESULTS / f"{item.name}.png", full_page=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """The address of a running app."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "LAYERLAB_HOME": str(tmp_path_factory.mktemp("home"))}
    log = (tmp_path_factory.mktemp("log") / "app.log").open("w+")
    process = subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        _wait_for(f"{address}/_stcore/health", process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def _wait_for(url, process, log):
    for _ in range(600):
        assert process.poll() is None, Path(log.name).read_text()
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {url}: {Path(log.name).read_text()}")


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests: the system's, or the one that Playwright has installed."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


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
