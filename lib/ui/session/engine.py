"""The one engine of this process. Pages read snapshots from it and never wait for a worker."""

from __future__ import annotations

import threading

import streamlit as st

from lib.engine.api import Engine, UnknownRun, open_engine
from lib.engine.runs.snapshot import RunSnapshot
from lib.settings import Settings

WARM_AFTER_SECONDS = 2.0


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The settings of this installation."""
    return Settings.from_environment()


@st.cache_resource(show_spinner=False)
def _opened() -> Engine:
    opened = open_engine(settings())
    # Keras loads for seconds on both cores, so the first page is drawn before that. Train does not wait for the timer.
    later = threading.Timer(WARM_AFTER_SECONDS, opened.warm)
    later.daemon = True
    later.start()
    return opened


def engine() -> Engine:
    """The engine. Its worker starts in the background, and again when it is needed after a long rest."""
    return _opened()


def find_run(run_id: str) -> RunSnapshot | None:
    """A run's snapshot, or None when there is no such run."""
    try:
        return engine().snapshot(run_id)
    except UnknownRun:
        return None
