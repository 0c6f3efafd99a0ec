"""Pages under AppTest, with the session's real engine behind them."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui import engine as ui_engine

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


@pytest.fixture
def spec_of():
    """The run that a Build page shows, as its address says it."""
    from lib.specs.codec import from_query

    def read(page: AppTest):
        return from_query({name: text for name, text in page.query_params.items() if name != "run"})

    return read
