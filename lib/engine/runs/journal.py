"""What is stored first and shown then: the runs in memory, and the one thread that writes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TypeVar

from lib.engine.runs.live import LiveRun
from lib.engine.runs.snapshot import RunSnapshot
from lib.engine.runs.store import StoredRun
from lib.engine.runs.writer import Writer
from lib.errors import DataError

logger = logging.getLogger("layerlab.engine")

T = TypeVar("T")

WRITTEN_SECONDS = 10.0


@dataclass(eq=False)
class LoadedRun:
    """A run in memory.

    Attributes:
        live: what all its events have made of it, also those that wait to be stored.
        shown: what people see while events wait: the run as it is stored. None when nothing waits.
        waiting: how many events and checkpoints wait to be stored.
        era: grows when what waits is given up, because something before it could not be stored.
        fresh: the run's row until the store has it, else None.
    """

    live: LiveRun
    shown: RunSnapshot | None = None
    waiting: int = 0
    era: int = 0
    fresh: StoredRun | None = None

    def seen(self) -> RunSnapshot:
        """The run as people see it."""
        now = self.live.snapshot()
        # A title is no event: it is stored already, whatever waits.
        return now if self.shown is None else with_title(self.shown, now.title)

    def give_up_waiting(self) -> None:
        """Nothing that waits now will be stored."""
        self.era += 1
        self.waiting = 0
        self.shown = None


def with_title(now: RunSnapshot, title: str) -> RunSnapshot:
    """The same moment under this title."""
    return now if now.title == title else replace(now, title=title)


class Journal:
    """Writes what happens to runs, each run's in its order, and lets people see what is written.

    Attributes:
        on_unkept: called on the writer's thread with a run's id and the error, when something of the run could not be
            stored; the run is then what it was before, and what still waited of it is dropped.
    """

    def __init__(self, lock: threading.RLock) -> None:
        """Share the lock that guards the runs."""
        self.on_unkept: Callable[[str, Exception], None] = lambda run_id, error: None
        self.writer = Writer()
        self._lock = lock

    def written(self, write: Callable[[], T]) -> T:
        """Have something written in its turn, and wait for what comes of it.

        Raises:
            DataError: the store is so slow that nobody can wait for it; it will be written all the same.
        """
        answer: Future[T] = Future()

        def step() -> None:
            try:
                answer.set_result(write())
            except Exception as error:
                answer.set_exception(error)

        self.writer.do(step)
        try:
            return answer.result(WRITTEN_SECONDS)
        except TimeoutError:
            raise DataError("The store takes long just now: what you asked for will be done later.") from None

    def keep(
        self,
        run_id: str,
        run: LoadedRun,
        write: Callable[[], None],
        now: RunSnapshot | None = None,
        then: Callable[[], None] | None = None,
        last: bool = False,
    ) -> None:
        """Have something of a run written, in its order; the lock is held.

        Args:
            run_id, run: whose it is.
            write: stores it, or raises.
            now: the run with it, to be shown when it is stored.
            then: called afterwards in any case.
            last: shown also when it could not be stored.
        """
        run.waiting += 1
        era = run.era

        def step() -> None:
            try:
                if run.era == era:
                    write()
                    self._kept(run, era, now)
            except Exception as error:
                logger.exception("something of run %s could not be stored", run_id)
                self._unkept(run_id, run, error, last)
            finally:
                if then is not None:
                    then()

        self.writer.do(step)

    def _kept(self, run: LoadedRun, era: int, now: RunSnapshot | None) -> None:
        with self._lock:
            if run.era == era:
                run.waiting -= 1
                run.shown = (now or run.shown) if run.waiting else None

    def _unkept(self, run_id: str, run: LoadedRun, error: Exception, last: bool) -> None:
        with self._lock:
            stored = run.seen()
            run.give_up_waiting()
            if last:
                return
            run.live.go_back_to(stored)
        self.on_unkept(run_id, error)
