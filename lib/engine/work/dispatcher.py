"""The engine's one thread: keeps the line moving, follows the trainings that workers have, and takes events."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from distributed import Future

from lib import events
from lib.arrays import unpack
from lib.engine.runs import messages
from lib.engine.runs.book import RunBook
from lib.engine.runs.snapshot import RunSnapshot
from lib.engine.work.life import ClusterLife, Connect, connect
from lib.engine.work.line import Waiting, next_in_line, waits
from lib.errors import DataError
from lib.settings import Settings
from lib.specs.codec import to_dict

logger = logging.getLogger("layerlab.engine")

TICK_SECONDS = 0.5
STOP_SECONDS = 5.0


@dataclass
class Flight:
    """A training that a worker has.

    Attributes:
        commands: given before the worker was known.
        stop_by: when a worker that was told to stop is ended, by the monotonic clock; None without a Stop.
    """

    run_id: str
    owner: str
    attempt: int
    future: Future | None = None
    worker: str = ""
    commands: list[tuple[str, float | None]] = field(default_factory=list)
    stop_by: float | None = None
    memory_mb: float = 0.0


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
        self._learn = learn
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._line: list[str] = []
        self._held: set[str] = set()
        self._flights: dict[str, Flight] = {}
        self._wanted = False
        self._ending = False
        self.device = ""
        self.life = ClusterLife(settings, self._inbox.put, self._hear, self._refuse_all, bring_up)
        self._thread = threading.Thread(target=self._run, name="layerlab-engine", daemon=True)
        self._thread.start()

    # What other threads may call.

    def warm(self) -> None:
        """Start the cluster in the background if it is not there."""
        self._inbox.put(self._want)

    def enqueue(self, run_id: str, paused: bool = False) -> None:
        """Put a run at the end of the line; a paused one halts before its first batch."""
        self._inbox.put(lambda: self._enqueue(run_id, paused))

    def command(self, run_id: str, word: str, value: float | None = None) -> None:
        """Pass a command to a run, in line or in training."""
        self._inbox.put(lambda: self._command(run_id, word, value))

    def look(self, function: Callable[..., Any], *arguments: Any, timeout: float = 60.0) -> Any:
        """Run a short task on a worker and wait for its answer.

        Raises:
            ClusterError: there is no cluster and none could be started.
            TimeoutError: no answer in time.
        """
        self.warm()
        return self.life.look(function, *arguments, timeout=timeout)

    def counts(self) -> tuple[int, int]:
        """Trainings running, runs in line."""
        return len(self._flights), len(self._line)

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
        self.life.stop()

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
        now = time.monotonic()
        cluster = self.life.cluster
        for flight in self._flights.values():
            if flight.stop_by is not None and now > flight.stop_by and flight.worker and cluster is not None:
                flight.stop_by = now + 60
                cluster.replace_worker(flight.worker)
        if self.life.died():
            self._lose_cluster()
        elif not self._flights and not self._line:
            self.life.stop_when_idle()

    def _want(self) -> None:
        self.life.use()
        self._wanted = True

    # The line.

    def _enqueue(self, run_id: str, paused: bool) -> None:
        self._want()
        if paused:
            self._held.add(run_id)
        self._line.append(run_id)

    def _advance(self) -> None:
        """Start the cluster when it is needed, then as many trainings as there are free slots."""
        if (self._line or self._wanted) and self.life.cluster is None:
            self.life.start()
        self._wanted = False
        if self.life.cluster is None:
            return
        while self._line and len(self._flights) < self.life.slots():
            following = next_in_line(self._waiting(), {flight.owner for flight in self._flights.values()})
            if following is None:
                break
            self._line.remove(following.run_id)
            self._take_off(following.run_id)
        self._tell_places()

    def _waiting(self) -> list[Waiting]:
        return [Waiting(i, self._book.snapshot(i).owner, self._estimate(i)) for i in self._line]

    def _tell_places(self) -> None:
        if not self._line:
            return
        running = [self._seconds_left(run_id) for run_id in self._flights]
        for place, (run_id, seconds) in enumerate(
            zip(self._line, waits(self._waiting(), running, self.life.slots()), strict=True), start=1
        ):
            self._book.set_place(run_id, place, None if seconds is None else round(seconds / 5) * 5.0)

    def _seconds_left(self, run_id: str) -> float | None:
        """What the worker measured, or the estimate until it has."""
        measured = self._book.snapshot(run_id).seconds_left
        return self._estimate(run_id) if measured is None else measured

    def _refuse_all(self, text: str) -> None:
        """The cluster did not start: whoever waits for it is told why."""
        line, self._line = self._line, []
        for run_id in line:
            self._book.apply(run_id, events.Failed(f"{text}. Try again."))

    # Flights.

    def _take_off(self, run_id: str) -> None:
        assert self.life.cluster is not None
        now, attempt = self._book.snapshot(run_id), self._book.attempt(run_id)
        try:
            own = self._book.own_samples(run_id)
        except DataError as error:
            self._held.discard(run_id)
            self._book.apply(run_id, events.Failed(str(error)))
            return
        flight = self._flights[run_id] = Flight(run_id, now.owner, attempt)
        self._book.apply(run_id, events.Submitted())
        job = {
            "run_id": run_id,
            "attempt": attempt,
            "spec": to_dict(now.spec),
            "own": own,
            "epochs": now.epochs,
            "learning_rate": now.learning_rate,
            "checkpoint": self._book.store.checkpoint(run_id),
            "paused": run_id in self._held,
        }
        self._held.discard(run_id)
        inbox = self._inbox
        flight.future = self.life.cluster.train(job, lambda future: inbox.put(lambda: self._land(flight, future)))

    def _hear(self, plain: dict[str, Any]) -> None:
        """Take an event from a worker, on a thread of the cluster's."""
        self._inbox.put(lambda: self._on_event(events.Told.from_plain(plain)))

    def _on_event(self, told: events.Told) -> None:
        flight = self._flights.get(told.run_id)
        if flight is None or flight.attempt != told.attempt:
            return
        self.life.use()
        flight.worker, flight.memory_mb = told.worker, told.memory_mb
        commands, flight.commands = flight.commands, []
        for word, value in commands:
            self._pass_on(flight, word, value)
        event: events.Event = told.event
        if isinstance(event, events.Checkpoint):
            self._keep_checkpoints(flight)
        elif isinstance(event, events.Halted):
            flight.stop_by = None
            event = self._stopped(told.run_id, event)
        elif isinstance(event, events.Started):
            self.device = event.device
        now = self._book.apply(told.run_id, event)
        if isinstance(event, events.Epoch):
            self._learn(now)

    def _stopped(self, run_id: str, event: events.Halted) -> events.Stopped:
        """What a halt means for the run: why it ended, and whether its test part is being seen now."""
        now = self._book.snapshot(run_id)
        if event.not_a_number:
            return events.Stopped(messages.not_a_number(now))
        return events.Stopped(evaluating=bool(now.batch or now.epoch_points))

    def _keep_checkpoints(self, flight: Flight) -> None:
        if self.life.cluster is not None:
            for checkpoint in self.life.cluster.fetch(flight.worker, flight.run_id):
                self._book.store.add_checkpoint(flight.run_id, checkpoint)

    def _land(self, flight: Flight, future: Future) -> None:
        """A worker has finished a training, or was lost with it."""
        if self._flights.get(flight.run_id) is not flight:
            return
        del self._flights[flight.run_id]
        if future.status != "finished":
            self._lost(flight)
            return
        result = future.result()
        future.release()
        self._keep_checkpoints(flight)
        self._conclude(flight, result)
        self.life.landed(flight.worker, flight.memory_mb)

    def _conclude(self, flight: Flight, result: dict[str, Any]) -> None:
        run_id = flight.run_id
        now = self._book.snapshot(run_id)
        evaluation = result["evaluation"]
        if evaluation is not None:
            self._book.store.set_evaluation(run_id, evaluation)
            samples = len(unpack(evaluation["probabilities"])["probabilities"])
            loss, accuracy, seconds = (evaluation[name] for name in ("loss", "accuracy", "seconds"))
            now = self._book.apply(run_id, events.Evaluated(loss, accuracy, samples, seconds))
        if self._book.attempt(run_id) != flight.attempt:
            return  # sent off again while its test part was seen
        if result["outcome"] == "failed":
            reason = result["message"]
            text = messages.out_of_memory(now) if reason == "memory" else messages.went_wrong(now, reason)
            self._book.apply(run_id, events.Failed(text))
        elif result["outcome"] == "done":
            self._book.apply(run_id, events.Done())
            # "+1 epoch" may have been pressed after the last batch was trained.
            if now.epochs_trained < now.epochs:
                self.requeue(run_id, now.epochs)
        elif now.status != "stopped" or now.evaluating:
            self._book.apply(run_id, events.Stopped(now.message))

    def requeue(self, run_id: str, epochs: int) -> None:
        """Send a run that ended to a worker again, from its checkpoint; any thread may call it.

        Raises:
            DataError: it was trained on a person's own data, and they are gone.
        """
        self._book.hold_data(run_id)
        now = self._book.snapshot(run_id)
        self._book.apply(run_id, events.Queued(self._book.attempt(run_id) + 1, epochs, now.learning_rate))
        self.enqueue(run_id)

    def _lost(self, flight: Flight) -> None:
        now = self._book.snapshot(flight.run_id)
        if self._book.attempt(flight.run_id) != flight.attempt:
            return
        if flight.stop_by is not None:
            self._book.apply(flight.run_id, events.Stopped(messages.unresponsive(now)))
        elif now.status == "stopped":
            # Lost while the test part was seen: the training itself is complete and kept.
            self._book.apply(flight.run_id, events.Stopped(now.message))
        else:
            text = messages.lost_worker(now, flight.memory_mb, self.life.memory_mb)
            self._book.apply(flight.run_id, events.Failed(text))

    def _lose_cluster(self) -> None:
        flights, self._flights = list(self._flights.values()), {}
        for flight in flights:
            self._lost(flight)
        self.life.stop()

    # Commands.

    def _command(self, run_id: str, word: str, value: float | None) -> None:
        if run_id in self._line:
            if word == "stop":
                self._line.remove(run_id)
                self._held.discard(run_id)
                self._book.apply(run_id, events.Stopped("Stopped before its first batch."))
            return
        flight = self._flights.get(run_id)
        if flight is None:
            return
        if word == "stop":
            flight.stop_by = time.monotonic() + STOP_SECONDS
        if flight.worker:
            self._pass_on(flight, word, value)
        else:
            flight.commands.append((word, value))

    def _pass_on(self, flight: Flight, word: str, value: float | None) -> None:
        if self.life.cluster is not None:
            now = self._book.snapshot(flight.run_id)
            key = f"{flight.run_id}/{flight.attempt}"
            self.life.cluster.command(flight.worker, key, word, value, now.epochs, now.learning_rate)
