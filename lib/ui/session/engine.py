"""The one engine of this process. Pages read snapshots from it and never wait for a worker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from lib.engine.api import Engine, open_engine
from lib.engine.errors import UnknownRun
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import SetUpError
from lib.settings import Settings

T = TypeVar("T")

WARM_AFTER_SECONDS = 2.0
RETRY_SECONDS = 1.0
"""An engine that could not be opened is not tried again sooner, however many pages ask for it."""


@dataclass
class _Failure:
    """Why the engine could not be opened last, and when, by the monotonic clock; None when it could."""

    why: SetUpError | None = None
    at: float = 0.0


_LAST = _Failure()


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The settings of this installation."""
    return Settings.from_environment()


@st.cache_resource(show_spinner=False)
def _opened() -> Engine:
    if _LAST.why is not None and time.monotonic() - _LAST.at < RETRY_SECONDS:
        raise _LAST.why.with_traceback(None)
    try:
        opened = open_engine(settings())
    except SetUpError as error:
        _LAST.why, _LAST.at = error, time.monotonic()
        raise
    _LAST.why = None
    # Keras loads for seconds on both cores, so the first page is drawn before that. Train does not wait for the timer.
    later = threading.Timer(WARM_AFTER_SECONDS, opened.warm)
    later.daemon = True
    later.start()
    return opened


def engine() -> Engine:
    """The engine. Its worker starts in the background, and again when it is needed after a long rest.

    Raises:
        SetUpError: the store or a setting cannot be used. The next visit tries again.
    """
    return _opened()


def store_trouble() -> SetUpError | None:
    """What is wrong with the store or the settings; None where all is well."""
    try:
        engine().runs(limit=1)
    except SetUpError as error:
        return error
    return None


def if_stored(look: Callable[[], T], otherwise: T) -> T:
    """What the engine answers, or something else where the store cannot be used: for what a page can do without."""
    try:
        return look()
    except SetUpError:
        return otherwise


def find_run(run_id: str) -> RunSnapshot | None:
    """A run's snapshot, or None when there is no such run."""
    try:
        return engine().snapshot(run_id)
    except UnknownRun:
        return None
