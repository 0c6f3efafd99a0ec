"""The engine's one thread: keeps the line moving, and has everything else done in its turn."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from lib import events
from lib.engine.runs import messages
from lib.engine.runs.book import RunBook
from lib.engine.runs.snapshot import RunSnapshot
from lib.engine.work.flights import Flight, Flights
from lib.engine.work.life import ClusterLife, Connect, connect
from lib.engine.work.line import Waiting, next_in_line, waits
from lib.settings import Settings
from lib.worker import tasks

logger = logging.getLogger("layerlab.engine")

TICK_SECONDS = 0.5
PLACES_SECONDS = 0.2
"""The least time between two looks at who stands where in a line, which takes longer the longer it is."""
ABANDON_SECONDS = 10.0


class Dispatcher:
    """Everything that happens between the app and the workers, in one thread.

    Args:
        book: where events go.
        settings: of this installation.
        estimate: training seconds of a waiting run, or None.
        learn: gets each run after an epoch, to measure the machine's speed.
        bring_up: makes the cluster.
    """

    def __init__(
        self,
        book: RunBook,
        settings: Settings,
        estimate: Callable[[str], float | None],
        learn: Callable[[RunSnapshot], None],
        bring_up: Connect = connect,
    ) -> None:
        self._book = book
        self._estimate = estimate
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._line: list[str] = []
        self._held: set[str] = set()
        self._beside: set[str] = set()
        self._abandoned: list[str] = []
        self._wanted = False
        self._ending = False
        self._placed_at = 0.0
        self.life = ClusterLife(settings, self._inbox.put, self._hear, self._refuse_all, bring_up)
        book.journal.on_unkept = lambda run_id, error: self._inbox.put(lambda: self._end_unkept(run_id, error))
        self._flights = Flights(book, self.life, self._inbox.put, learn, self.requeue)
        self._thread = threading.Thread(target=self._run, name="layerlab-engine", daemon=True)
        self._thread.start()

    # What other threads may call.

    def warm(self) -> None:
        """Start the cluster in the background if it is not there."""
        self._inbox.put(self._want)

    def enqueue(self, run_id: str, paused: bool = False, beside: bool = False) -> None:
        """Put a run at the end of the line.

        Args:
            run_id: the run.
            paused: it halts before its first batch.
            beside: it may be trained beside another run of its owner where a worker would have nothing to do.
        """
        self._inbox.put(lambda: self._enqueue(run_id, paused, beside))

    def command(self, run_id: str, word: str, value: float | None = None) -> None:
        """Pass a command to a run, in line or in training."""
        self._inbox.put(lambda: self._command(run_id, word, value))

    def look(self, function: Callable[..., Any], *arguments: Any, timeout: float = 60.0) -> Any:
        """Run a short task on a worker and wait for its answer.

        Args:
            function: one of `lib.worker.tasks`.
            arguments: of the function.
            timeout: in seconds, for the task; a cluster that is starting is waited for before.

        Raises:
            ClusterError: there is no cluster and none could be started.
            TimeoutError: no answer in time.
        """
        failures = self.life.failures
        self.warm()
        return self.life.look(function, *arguments, failures=failures, timeout=timeout)

    def counts(self) -> tuple[int, int]:
        """Trainings running, runs in line."""
        return len(self._flights), len(self._line)

    @property
    def device(self) -> str:
        """What the last training ran on, or ""."""
        return self._flights.device

    def close(self) -> None:
        """End the thread, the cluster and its workers."""
        self._ending = True
        self._inbox.put(lambda: None)
        self._thread.join(timeout=30)

    # The thread itself.

    def _run(self) -> None:
        while not self._ending:
            self._guarded(self._take_one)
            self._guarded(self._tick)
            self._guarded(self._advance)
        self.life.end()

    def _take_one(self) -> None:
        """Do what comes next in the inbox; after a while without anything, let the clock be looked at."""
        try:
            step = self._inbox.get(timeout=TICK_SECONDS)
        except queue.Empty:
            return
        step()

    def _guarded(self, step: Callable[[], None]) -> None:
        """An error in one step must not freeze all progress."""
        try:
            step()
        except Exception:
            logger.exception("the engine met an error and goes on")

    def _tick(self) -> None:
        """At least twice a second, also while other runs keep the inbox full: deadlines, a dead host, idleness."""
        self._flights.replace_overdue()
        if self.life.lost():
            self._lose_cluster()
        elif not self._flights and not self._line:
            self.life.stop_when_idle()

    def _want(self) -> None:
        self.life.use()
        self._wanted = True

    # The line.

    def _enqueue(self, run_id: str, paused: bool, beside: bool) -> None:
        self._want()
        if paused:
            self._held.add(run_id)
        if beside:
            self._beside.add(run_id)
        self._line.append(run_id)

    def _advance(self) -> None:
        """Start the cluster when it is needed, then as many trainings as there are free slots."""
        wanted, self._wanted = bool(self._line) or self._wanted or self.life.status == "lost", False
        if self.life.cluster is None:
            if wanted:
                self.life.start()
            self._tell_places()
            return
        if self._abandoned:
            keys, self._abandoned = self._abandoned, []
            self.life.cluster.ask("", tasks.abandon, keys, seconds=ABANDON_SECONDS, on_answer=lambda _: None)
        while self._line and self.life.takes_trainings() and len(self._flights) < self.life.slots():
            following = next_in_line(self._waiting(), self._flights.owners())
            if following is None:
                break
            self._line.remove(following.run_id)
            self._flights.submit(following.run_id, following.run_id in self._held)
            self._held.discard(following.run_id)
        self._beside.intersection_update(self._line)
        self._tell_places()

    def _waiting(self) -> list[Waiting]:
        return [Waiting(i, self._book.newest(i).owner, self._estimate(i), i in self._beside) for i in self._line]

    def _tell_places(self) -> None:
        now = time.monotonic()
        if not self._line or now - self._placed_at < PLACES_SECONDS:
            return
        self._placed_at = now
        running = [self._seconds_left(run_id) for run_id in self._flights.run_ids()]
        for place, (run_id, seconds) in enumerate(
            zip(self._line, waits(self._waiting(), running, self.life.slots()), strict=True), start=1
        ):
            self._book.set_place(run_id, place, None if seconds is None else round(seconds / 5) * 5.0)

    def _seconds_left(self, run_id: str) -> float | None:
        """What the worker measured, or the estimate until it has."""
        measured = self._book.newest(run_id).seconds_left
        return self._estimate(run_id) if measured is None else measured

    def _refuse_all(self, text: str) -> None:
        """The cluster did not start: whoever waits for it is told why."""
        line, self._line = self._line, []
        for run_id in line:
            self._book.end_badly(run_id, f"{text}. Try again.")

    def _end_unkept(self, run_id: str, error: Exception) -> None:
        """The store did not take something of a run: it ends with a sentence, and the line moves on."""
        if run_id in self._line:
            self._line.remove(run_id)
            self._held.discard(run_id)
        self._book.end_badly(run_id, messages.not_kept(self._book.newest(run_id), error))
        self._flights.give_up(run_id)

    def _hear(self, plain: dict[str, Any]) -> None:
        """Take an event from a worker, on a thread of the cluster's."""
        self._inbox.put(lambda: self._flights.hear(events.Told.from_plain(plain)))

    def requeue(self, run_id: str, epochs: int) -> None:
        """Send a run that ended to a worker again, from its checkpoint; any thread may call it.

        Raises:
            DataError: it was trained on a person's own data, and they are gone.
        """
        self._book.hold_data(run_id)
        now = self._book.newest(run_id)
        self._book.apply(run_id, events.Queued(self._book.attempt(run_id) + 1, epochs, now.learning_rate))
        self.enqueue(run_id)

    def _lose_cluster(self) -> None:
        """Runs under way on our own host have failed; with an external scheduler they go on when it is found again."""
        waiting = self._flights.lose_all()
        self.life.lose()
        for flight in reversed(waiting):
            self._guarded(partial(self._send_again, flight))

    def _send_again(self, flight: Flight) -> None:
        """Put a run whose scheduler was lost at the head of the line."""
        now = self._book.newest(flight.run_id)
        self._book.apply(flight.run_id, events.Queued(flight.attempt + 1, now.epochs, now.learning_rate))
        if now.status == "paused":
            self._held.add(flight.run_id)
        self._line.insert(0, flight.run_id)
        # Its worker may not know that it was lost.
        self._abandoned.append(flight.key)

    # Commands.

    def _command(self, run_id: str, word: str, value: float | None) -> None:
        if run_id in self._line:
            if word == "stop":
                self._line.remove(run_id)
                self._held.discard(run_id)
                self._book.apply(run_id, events.Stopped(messages.BEFORE_FIRST_BATCH))
            return
        self._flights.command(run_id, word, value)
