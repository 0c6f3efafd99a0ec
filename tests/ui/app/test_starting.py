import asyncio
import gc
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.ui.app import starting


@pytest.fixture
def importing(monkeypatch):
    """An import that ends when the test says so."""
    go_on = threading.Event()
    monkeypatch.setattr(starting, "get_ready", lambda: go_on.wait(10))
    yield go_on
    go_on.set()


async def requests(go_on):
    """Which of a page and a visit were passed on, before and after the import has ended."""
    passed = []

    async def app(scope, receive, send):
        passed.append(scope["type"])

    opening = starting.Opening(app)
    visit = asyncio.create_task(opening({"type": "websocket"}, None, None))
    await opening({"type": "http"}, None, None)
    await asyncio.sleep(0.1)
    before = list(passed)
    go_on.set()
    await visit
    return before, passed


def test_scripts_are_served_at_once_and_a_visit_waits_until_everything_is_imported(importing):
    with ThreadPoolExecutor(1) as elsewhere:  # this thread may have the loop of a browser's driver
        before, after = elsewhere.submit(asyncio.run, requests(importing)).result()
    assert before == ["http"]
    assert after == ["http", "websocket"]


def test_everything_is_imported_and_left_alone_by_the_garbage_collector_before_the_first_visitor():
    before = gc.get_freeze_count()
    starting.get_ready()
    assert gc.get_freeze_count() > before
    assert {"lib.ui.learn.page", "lib.ui.results.samples", "plotly.graph_objects"} <= set(sys.modules)


def test_an_import_that_fails_leaves_the_server_up(monkeypatch, caplog):
    def fail(name):
        raise ImportError(f"no {name}")

    monkeypatch.setattr(starting.importlib, "import_module", fail)
    starting.get_ready()
    assert "could not be imported" in caplog.text
