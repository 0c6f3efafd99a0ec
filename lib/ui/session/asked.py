"""What a worker is asked for: the page is drawn at once, and again when the answer is there."""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import streamlit as st

from lib.engine.errors import EngineError
from lib.ui.kit import lessons, words
from lib.ui.kit.clock import again
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.session import visitor
from lib.ui.session.engine import engine

_POLL_SECONDS = 0.5
_RETRY_SECONDS = 5.0
"""So long after it was read first, what went wrong counts as the answer, for all who asked; then it is asked again."""
_MOST_BYTES = 160_000_000
"""Of all answers that are remembered; the first weights of a large network may take 20 MB."""
_MOST_ANSWERS = 500
_SESSION = Key("asked_session", "")
"""Tells the pages of one visitor apart: each page's own newest question counts."""
T = TypeVar("T")


class Answers:
    """Questions that are on their way, and the answers that were asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Future[Any], float]] = {}
        """Each answer, and until when it counts, by the monotonic clock."""

    def of(self, question: str, join: Callable[[Future[Any]], None]) -> Future[Any]:
        """The answer, under way or there.

        Args:
            question: two questions with the same words have the same answer.
            join: has the answer's future filled. It is called each time, also for an answer that is there.
        """
        with self._lock:
            now = time.monotonic()
            found, until = self._known.pop(question, (Future[Any](), math.inf))
            over = found.done()  # before anything else: what is under way may be cancelled at any moment
            if (over and found.cancelled()) or now > until:
                found, until = Future(), math.inf
            elif over and found.exception():
                until = min(until, now + _RETRY_SECONDS)
            self._known[question] = found, until  # the newest stands last
            self._let_go()
        join(found)
        return found

    def known(self, question: str) -> Any:
        """An answer that is there; for a question that goes on from it.

        Raises:
            EngineError: it was let go meanwhile, or could not be had.
        """
        with self._lock:
            found, _ = self._known.get(question, (None, 0.0))
        if found is None or not found.done() or found.cancelled():
            raise EngineError("The answer that this one builds on is no longer there: try again")
        return found.result()

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
        for question, (answer, _) in reversed(list(self._known.items())):
            if not answer.done():
                continue
            if answer.cancelled():
                del self._known[question]
                continue
            count, held = count + 1, held + (0 if answer.exception() else _bytes(answer.result()))
            if count > 1 and (count > _MOST_ANSWERS or held > _MOST_BYTES):
                del self._known[question]


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


def answer(place: str, question: str, ask: Callable[[], T]) -> Future[T]:
    """The answer to a question, asked once for all visitors, in this visitor's turn.

    Args:
        place: where on the page it is asked; an earlier question of this page from there that still waits is dropped.
        question: two questions with the same words have the same answer.
        ask: waits for the answer; called on another thread.

    Returns:
        The answer to come. It is cancelled if nobody wants it any more; who finds it so asks again.
    """
    if not _SESSION.is_set():
        _SESSION.set(secrets.token_hex(8))
    asker, where, line = visitor.owner(), f"{_SESSION.get()} {place}", engine().line
    return answers().of(question, lambda found: line.join(asker, where, found, ask))


def in_turn(ask: Callable[[], T]) -> Callable[[], T]:
    """What a download waits for, on a thread without a session: asked when it is pressed, in this visitor's turn."""
    asker, line = visitor.owner(), engine().line

    def waited() -> T:
        found: Future[T] = Future()
        line.join(asker, f"download {secrets.token_hex(8)}", found, ask)
        return found.result()

    return waited


def told(found: Future[Any], meanwhile: str) -> str:
    """What a person reads until the answer is there: which one in the line the question is, or what a worker does.

    Args:
        found: the answer to come.
        meanwhile: says what a worker does.
    """
    number = engine().line.number(found)
    return meanwhile if number is None else lessons.text("line.number", number=number)


def asked(place: str, question: str, ask: Callable[[], T], meanwhile: str) -> T | None:
    """The answer to a question, or a sentence in its place; the page is drawn again when it is there.

    Args:
        place, question, ask: see `answer`.
        meanwhile: what a person reads once a worker has the question.

    Returns:
        None while it is on its way or cannot be had, of which a sentence tells.
    """
    found = answer(place, question, ask)
    if not found.done() or found.cancelled():
        fragment(_wait, run_every=_POLL_SECONDS)(found, meanwhile)
        return None
    trouble = found.exception()
    if trouble is None:
        return found.result()
    if not isinstance(trouble, EngineError):
        raise trouble
    st.warning(words.escaped(str(trouble)))
    return None


def _wait(found: Future[Any], meanwhile: str) -> None:
    st.caption(told(found, meanwhile))
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


def in_steps(steps: Sequence[Step], place: str) -> list[Any]:
    """Ask one question after the other, so that between two of them somebody else's has its turn.

    While an answer is missing a bar tells how far it is, and the fragment around this is drawn again. Where one cannot
    be had, a sentence and a button stand there.

    Args:
        steps: the questions in their order.
        place: see `answer`; the keys of what is shown meanwhile begin with it.

    Returns:
        The answers that are there: as many as steps, or fewer.
    """
    try:
        results, under_way = so_far(steps, place)
    except EngineError as error:
        st.warning(words.escaped(str(error)))
        st.button("Try again", key=f"{place}_try", icon=":material/refresh:")
        return []
    if under_way is not None:
        number = len(results)
        doing = f"{steps[number].title} ({number + 1} of {len(steps)})"
        st.progress(number / len(steps), told(under_way, doing))
        again(f"{place}_again", _POLL_SECONDS)
    return results


def so_far(steps: Sequence[Step], place: str) -> tuple[list[Any], Future[Any] | None]:
    """The answers that are there, in order, and the one that is on its way; None if all are there.

    Raises:
        EngineError: one of them cannot be had. It is asked again next time.
    """
    results: list[Any] = []
    for step in steps:
        future = answer(place, step.question, step.ask)
        if not future.done() or future.cancelled():
            return results, future
        if future.exception() is not None:
            answers().forget(step.question)
        results.append(future.result())
    return results, None
