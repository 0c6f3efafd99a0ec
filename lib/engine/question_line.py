"""Questions to workers stand in one line, and people take turns: ten questions of one person hold up nobody else.

The order is that of fair queueing with rounds (Demers, Keshav, Shenker 1989): nobody has two answers in one round.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lib.engine.errors import EngineError

MOST_WAITING = 200
"""Questions in line; each holds what it is about, up to the weights of a large network."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    answer: Future[Any]
    ask: Callable[[], Any]


@dataclass(slots=True)
class _Asker:
    """Somebody with questions in line.

    Attributes:
        round: in which the first of the questions is answered; the second one is in the next.
        number: those who came earlier have smaller ones.
        questions: by their places on the page, oldest first.
    """

    round: int
    number: int
    questions: dict[str, _Question] = field(default_factory=dict)


class QuestionLine:
    """First come, first served, but everybody's next question comes before anybody's one after that.

    All methods may be called from any thread and return at once.

    Args:
        at_once: how many questions can be answered at a time now; one is always asked.
    """

    def __init__(self, at_once: Callable[[], int]) -> None:
        self._at_once = at_once
        self._lock = threading.Lock()
        self._askers: dict[str, _Asker] = {}
        self._round = 0
        self._answered: dict[str, int] = {}  # in which round somebody was answered last; only present rounds matter
        self._numbers = itertools.count()
        self._threads = 0

    def join(self, asker: str, place: str, answer: Future[T], ask: Callable[[], T]) -> None:
        """Have a question answered in its turn.

        Args:
            asker: who asks.
            place: where on whose page. An earlier question from there that still waits counts no more, and this one has
                its place in line.
            answer: takes the answer, or what was raised. Who wants the same one hands in the same future; one that is
                answered is not asked again. It is cancelled when nobody wants it any more.
            ask: waits for the answer; called on a thread of the line's.
        """
        with self._lock:
            own = self._askers.get(asker) or _Asker(self._next_round(asker), next(self._numbers))
            before = own.questions.get(place)
            if answer.done() or answer.running():
                own.questions.pop(place, None)
            elif before is None and not self._waits(answer) and len(self._order()) >= MOST_WAITING:
                answer.set_exception(EngineError(f"{MOST_WAITING} questions wait for workers already: try again later"))
            else:
                own.questions[place] = _Question(answer, ask)
                self._askers[asker] = own
                self._have_thread()
            if not own.questions:
                self._askers.pop(asker, None)
            if before is not None and not self._waits(before.answer):
                before.answer.cancel()

    def number(self, answer: Future[Any]) -> int | None:
        """Which one in the line a question is, 1 for the next; None if it does not wait."""
        with self._lock:
            order = self._order()
        return order.index(answer) + 1 if answer in order else None

    def _next_round(self, asker: str) -> int:
        """The present round for somebody who has had no answer in it, else the one after."""
        return max(self._round, self._answered.get(asker, -1) + 1)

    def _turns(self) -> list[tuple[int, int, str, _Question]]:
        """All questions in their order: round, number of the asker, asker, question."""
        turns = [
            (asker.round + later, asker.number, name, question)
            for name, asker in self._askers.items()
            for later, question in enumerate(asker.questions.values())
        ]
        return sorted(turns, key=lambda turn: turn[:2])

    def _order(self) -> list[Future[Any]]:
        """What is answered, in order; several people's question only once."""
        return list(dict.fromkeys(question.answer for _, _, _, question in self._turns()))

    def _waits(self, answer: Future[Any]) -> bool:
        return any(each.answer is answer for asker in self._askers.values() for each in asker.questions.values())

    def _have_thread(self) -> None:
        if self._threads < max(self._at_once(), 1):
            # A daemon: an app that is told to end does not wait for a worker that is just starting.
            threading.Thread(target=self._work, name="ask a worker", daemon=True).start()
            self._threads += 1

    def _work(self) -> None:
        while (question := self._take()) is not None:
            try:
                found = question.ask()
            except BaseException as error:  # whatever it is, whoever reads the answer is told, and the line moves on
                question.answer.set_exception(error)
            else:
                question.answer.set_result(found)

    def _take(self) -> _Question | None:
        """The question whose turn it is; None if there is no more to do for this thread, which then ends."""
        with self._lock:
            turns = self._turns()
            if not turns or self._threads > max(self._at_once(), 1):
                self._threads -= 1
                return None
            self._round, _, asker, taken = turns[0]
            self._askers[asker].round = self._round + 1
            self._answered[asker] = self._round
            self._answered = {name: last for name, last in self._answered.items() if last >= self._round}
            for each in self._askers.values():
                each.questions = {p: other for p, other in each.questions.items() if other.answer is not taken.answer}
            self._askers = {name: each for name, each in self._askers.items() if each.questions}
            taken.answer.set_running_or_notify_cancel()
            return taken
