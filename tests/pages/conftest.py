"""Pages under AppTest, with the session's real engine behind them."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.app_tests import quick_app_tests
from helpers.inside import KINDS
from helpers.waiting import wait_for_status
from streamlit.testing.v1 import AppTest

from lib.specs.codec import from_query
from lib.ui.session import engine as ui_engine
from lib.ui.session.address import VIEW

__all__ = ["quick_app_tests"]

ROOT = Path(__file__).parents[2]
SECONDS = 60


@pytest.fixture
def open_page(engine, monkeypatch):
    """Open `app.py`, or one page alone, at an address."""
    monkeypatch.setattr(ui_engine, "_opened", lambda: engine)

    def open_at(script: str, **query: str) -> AppTest:
        page = AppTest.from_file(str(ROOT / script), default_timeout=SECONDS)
        page.query_params.update(query)
        # AppTest lets Streamlit search `pages/` anew in each run; its widgets' ids are constant from the second on.
        return page.run().run() if script == "app.py" else page.run()

    return open_at


@pytest.fixture(scope="session")
def trained(engine):
    """A trained and tested run of somebody."""
    layers = "Flatten;Dense(units=10,activation=softmax)"
    run = from_query({"dataset": "mnist", "samples": "1000", "layers": layers, "epochs": "1"})
    return wait_for_status(engine, engine.submit(run, "a" * 32), "done")


@pytest.fixture(scope="session")
def run_of(engine):
    """A trained run of each kind in `KINDS`, trained once, when a test first asks for it."""
    made = {}

    def run(kind):
        if kind not in made:
            made[kind] = wait_for_status(engine, engine.submit(from_query(KINDS[kind]), "a" * 32), "done")
        return made[kind]

    return run


@pytest.fixture
def spec_of():
    """The run that a Build page shows, as its address says it."""

    def read(page: AppTest):
        return from_query({name: text for name, text in page.query_params.items() if name not in ("run", *VIEW)})

    return read


def _opened(page: AppTest, heading: str) -> AppTest:
    """The page run with an expander open: AppTest itself forgets open expanders between runs."""
    page.session_state[heading] = True
    page.run()
    assert not page.exception
    return page


@pytest.fixture
def opened():
    """Run a page with the expander of this key open."""
    return _opened


@pytest.fixture
def prose():
    """All sentences of a page."""

    def read(page: AppTest) -> str:
        return "\n".join(each.value for each in [*page.markdown, *page.caption, *page.warning, *page.info])

    return read
