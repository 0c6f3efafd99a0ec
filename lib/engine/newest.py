"""Questions that take a while, answered in the background: of each asker only the newest counts."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Q = TypeVar("Q", bound=Hashable)
A = TypeVar("A")


class Newest(Generic[Q, A]):
    """Who asks again before the answer has come does not wait for the old question any more, and neither do others.

    Askers are answered in turn. Equal questions have one answer, whoever asks. All methods may be called from any
    thread and return at once.

    Args:
        answer: takes a question; it may take its time, and raise.
        at_once: how many questions are answered at a time.
        most: answers that are remembered, those used last.
        retry_seconds: so long what was raised counts as the answer; then the question may be asked again.
    """

    def __init__(self, answer: Callable[[Q], A], at_once: int = 1, most: int = 200, retry_seconds: float = 5.0) -> None:
        self._answer = answer
        self._at_once = at_once
        self._most = most
        self._retry_seconds = retry_seconds
        self._lock = threading.Lock()
        self._line: OrderedDict[str, Q] = OrderedDict()
        self._open: dict[Q, Future[A]] = {}
        self._known: OrderedDict[Q, tuple[Future[A], float]] = OrderedDict()
        self._threads = 0

    def ask(self, asker: str, question: Q) -> Future[A]:
        """Ask.

        Args:
            asker: who asks; an earlier question of theirs that still waits is dropped.
            question: equal questions are answered once.

        Returns:
            The answer to come. It is cancelled when nobody wants it any more.
        """
        with self._lock:
            before = self._line.get(asker)
            future = self._remembered(question) or self._open.setdefault(question, Future())
            if future.done() or future.running():
                self._line.pop(asker, None)
            else:
                self._line[asker] = question  # who has a place in line keeps it
                self._have_thread()
            if before != question:
                self._drop(before)
            return future

    def _remembered(self, question: Q) -> Future[A] | None:
        if question not in self._known:
            return None
        future, until = self._known[question]
        if time.monotonic() > until:
            del self._known[question]
            return None
        self._known.move_to_end(question)
        return future

    def _drop(self, question: Q | None) -> None:
        """Forget a question that nobody in line has any more; what is being answered is answered."""
        if question is not None and question not in self._line.values() and self._open[question].cancel():
            del self._open[question]

    def _have_thread(self) -> None:
        if self._threads < self._at_once:
            self._threads += 1
            # A daemon: an app that is told to end does not wait for a worker that is just starting.
            threading.Thread(target=self._work, name="answer", daemon=True).start()

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            question, future = taken
            try:
                answer = self._answer(question)
            except Exception as error:  # whatever went wrong, whoever reads the answer is told
                self._close(question, time.monotonic() + self._retry_seconds)
                future.set_exception(error)
            else:
                self._close(question, math.inf)
                future.set_result(answer)

    def _take(self) -> tuple[Q, Future[A]] | None:
        """The question of who waits longest, or None: then this thread ends."""
        with self._lock:
            if not self._line:
                self._threads -= 1
                return None
            question = next(iter(self._line.values()))
            for asker in [asker for asker, wanted in self._line.items() if wanted == question]:
                del self._line[asker]
            future = self._open[question]
            future.set_running_or_notify_cancel()
            return question, future

    def _close(self, question: Q, until: float) -> None:
        """Remember an answer until a moment of the monotonic clock."""
        with self._lock:
            self._known[question] = self._open.pop(question), until
            while len(self._known) > self._most:
                self._known.popitem(last=False)
