"""What a worker is asked for: the page is drawn at once, and again when the answer is there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import streamlit as st

from lib.engine.errors import EngineError
from lib.ui.kit import words
from lib.ui.kit.clock import again

_POLL_SECONDS = 0.5
_MOST_BYTES = 160_000_000
"""Of all answers that are remembered; the first weights of a large network may take 20 MB."""
_MOST_ANSWERS = 500
T = TypeVar("T")


class Answers:
    """Questions that are on their way, and the answers that were asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Future[Any]] = {}

    def of(self, question: str, ask: Callable[[], T]) -> Future[T]:
        """The answer, under way or there; see `answer`."""
        with self._lock:
            found = self._known.pop(question, None)
            new = found is None
            found = self._known[question] = found or Future()  # the newest stands last
            self._let_go()
        if new:
            # A daemon thread: an app that is told to end does not wait for a worker that is just starting.
            threading.Thread(target=_fulfil, args=(found, ask), name="ask a worker", daemon=True).start()
        return found

    def forget(self, question: str) -> None:
        """Ask again next time."""
        with self._lock:
            self._known.pop(question, None)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._known.clear()

    def _let_go(self) -> None:
        """Forget the oldest answers that are too many or too large. What is under way stays, or it is asked again."""
        held = count = 0
        for question, answer in reversed(list(self._known.items())):
            if answer.done():
                count, held = count + 1, held + (0 if answer.exception() else _bytes(answer.result()))
                if count > 1 and (count > _MOST_ANSWERS or held > _MOST_BYTES):
                    del self._known[question]


def _fulfil(answer: Future[T], ask: Callable[[], T]) -> None:
    try:
        answer.set_result(ask())
    except Exception as error:  # whatever went wrong, the page that reads the answer shows it
        answer.set_exception(error)


def _bytes(answer: object) -> int:
    """About how much memory the arrays of an answer take."""
    if isinstance(answer, np.ndarray):
        return answer.nbytes
    if isinstance(answer, Mapping):
        return sum(map(_bytes, answer.values()))
    return sum(map(_bytes, answer)) if isinstance(answer, tuple | list) else 0


@st.cache_resource(show_spinner=False)
def answers() -> Answers:
    """Those of all visitors."""
    return Answers()


def answer(question: str, ask: Callable[[], T]) -> Future[T]:
    """The answer to a question, asked once for all visitors.

    Args:
        question: two questions with the same words have the same answer.
        ask: waits for the answer; called on a thread of its own.
    """
    return answers().of(question, ask)


def asked(question: str, ask: Callable[[], T], meanwhile: str) -> T | None:
    """The answer to a question, or a sentence in its place; the page is drawn again when it is there.

    Args:
        question, ask: see `answer`.
        meanwhile: what a person reads until then.

    Returns:
        None while it is on its way or cannot be had, of which a sentence tells.
    """
    found = answer(question, ask)
    if not found.done():
        st.caption(meanwhile)
        st.fragment(_wait, run_every=_POLL_SECONDS)(found)
        return None
    trouble = found.exception()
    if trouble is None:
        return found.result()
    answers().forget(question)
    if not isinstance(trouble, EngineError):
        raise trouble
    st.warning(words.escaped(str(trouble)))
    return None


def _wait(found: Future[Any]) -> None:
    if found.done():
        st.rerun()


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One of several questions to a worker.

    Attributes:
        title: what is asked about, as a person reads it.
        question, ask: see `answer`.
    """

    title: str
    question: str
    ask: Callable[[], Any]


def in_turn(steps: Sequence[Step], key: str) -> list[Any]:
    """Ask one question after the other, so that between two of them somebody else's has its turn.

    While an answer is missing a bar tells how far it is, and the fragment around this is drawn again. Where one cannot
    be had, a sentence and a button stand there.

    Args:
        steps: the questions in their order.
        key: the keys of what is shown meanwhile begin with it.

    Returns:
        The answers that are there: as many as steps, or fewer.
    """
    results, trouble = so_far(steps)
    if trouble:
        st.warning(words.escaped(trouble))
        st.button("Try again", key=f"{key}_try", icon=":material/refresh:")
    elif len(results) < len(steps):
        place = len(results)
        st.progress(place / len(steps), f"{steps[place].title} ({place + 1} of {len(steps)})")
        again(f"{key}_again", _POLL_SECONDS)
    return results


def so_far(steps: Sequence[Step]) -> tuple[list[Any], str]:
    """The answers that are there, in order, and why the next one cannot be had, or "". The next question is asked."""
    results: list[Any] = []
    for step in steps:
        future = answer(step.question, step.ask)
        if not future.done():
            break
        trouble = future.exception()
        if trouble is not None:
            answers().forget(step.question)
            if not isinstance(trouble, EngineError):
                raise trouble
            return results, str(trouble)
        results.append(future.result())
    return results, ""
