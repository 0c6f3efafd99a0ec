"""What a worker is asked for: the page is drawn at once, and again when the answer is there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar, cast

import streamlit as st

from lib.engine.errors import EngineError
from lib.ui.kit import words

_POLL_SECONDS = 0.5
_KEPT = 8
"""Answers that are remembered; the first weights of a large network may take 20 MB."""
T = TypeVar("T")


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _answer(question: str, _ask: Callable[[], Any]) -> Future[Any]:
    answer: Future[Any] = Future()

    def ask() -> None:
        try:
            answer.set_result(_ask())
        except Exception as error:  # whatever went wrong, the page that reads the answer shows it
            answer.set_exception(error)

    # A daemon thread: an app that is told to end does not wait for a worker that is just starting.
    threading.Thread(target=ask, name="ask a worker", daemon=True).start()
    return answer


def asked(question: str, ask: Callable[[], T], meanwhile: str) -> T | None:
    """The answer to a question, asked once for all visitors.

    Args:
        question: two questions with the same words have the same answer.
        ask: waits for the answer; called on a thread of its own.
        meanwhile: what a person reads until then.

    Returns:
        None while it is on its way or cannot be had, of which a sentence tells.
    """
    answer = _answer(question, ask)
    if not answer.done():
        st.caption(meanwhile)
        st.fragment(_wait, run_every=_POLL_SECONDS)(answer)
        return None
    trouble = answer.exception()
    if trouble is None:
        return cast(T, answer.result())
    _answer.clear(question, ask)
    if not isinstance(trouble, EngineError):
        raise trouble
    st.warning(words.escaped(str(trouble)))
    return None


def _wait(answer: Future[Any]) -> None:
    if answer.done():
        st.rerun()
