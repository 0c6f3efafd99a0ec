"""The one engine of this process. Pages read snapshots from it and never wait for a worker."""

from __future__ import annotations

import streamlit as st

from lib.engine.api import Engine, UnknownRun, open_engine
from lib.engine.snapshot import RunSnapshot
from lib.settings import Settings


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """What whoever runs the app has set."""
    return Settings.from_environment()


@st.cache_resource(show_spinner=False)
def _opened() -> Engine:
    return open_engine(settings())


def engine() -> Engine:
    """The engine, its worker starting in the background."""
    opened = _opened()
    opened.warm()
    return opened


def find_run(run_id: str) -> RunSnapshot | None:
    """A run's snapshot, or None when there is no such run."""
    try:
        return engine().snapshot(run_id)
    except UnknownRun:
        return None
