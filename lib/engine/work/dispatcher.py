"""The engine's one thread: starts the cluster, keeps the line moving, takes events, and looks after workers."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from distributed import Future

from lib.arrays import unpack
from lib.engine.runs import messages
from lib.engine.runs.book import RunBook
from lib.engine.runs.snapshot import RunSnapshot
from lib.engine.work.cluster import Cluster, ClusterError
from lib.engine.work.host import Host
from lib.engine.work.line import Waiting, next_in_line, waits
from lib.errors import DataError
from lib.settings import Settings
from lib.specs.codec import to_dict

logger = logging.getLogger("layerlab.engine")

TICK_SECONDS = 0.5
STOP_SECONDS = 5.0
IDLE_SECONDS = 30 * 60
JOBS_PER_WORKER = 30
# TensorFlow, the data of a full-size set and its scaled batches, beside what the model itself may need.
WORKER_BASE_MB = 1_800


@dataclass
class Flight:
    """A training that a worker has."""

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
    """

    def __init__(
        self,
        book: RunBook,
        settings: Settings,
        estimate: Callable[[str], float | None],
        learn: Callable[[RunSnapshot], None],
    ) -> None:
        self._book = book
        self._settings = settings
        self._estimate = estimate
        self._learn = learn
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._line: list[str] = []
        self._held: set[str] = set()
        self._flights: dict[str, Flight] = {}
        self._jobs: dict[str, int] = {}
        self._host: Host | None = None
        self._cluster: Cluster | None = None
        self._ready = threading.Event()
        self._wanted = False
        self._ending = False
        self._used = time.monotonic()
        self.status, self.message, self.device = "off", "", ""
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
        if not self._ready.wait(timeout) or self._cluster is None:
            raise ClusterError(self.message or "the training engine is still starting")
        self._used = time.monotonic()
        return self._cluster.look(function, *arguments, timeout=timeout)

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
        self._stop_cluster("off", "")

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

    def _want(self) -> None:
        self._used = time.monotonic()
        self._wanted = True

    def _enqueue(self, run_id: str, paused: bool) -> None:
        self._want()
        if paused:
            self._held.add(run_id)
        self._line.append(run_id)

    def _advance(self) -> None:
        """Start the cluster when it is needed, then as many trainings as there are free slots."""
        if (self._line or self._wanted) and self._cluster is None:
            self._start_cluster()
        self._wanted = False
        if self._cluster is None:
            return
        while self._line and len(self._flights) < self._slots():
            following = next_in_line(self._waiting(), {flight.owner for flight in self._flights.values()})
            if following is None:
                break
            self._line.remove(following.run_id)
            self._take_off(following.run_id)
        self._tell_places()

    def _slots(self) -> int:
        if self._settings.scheduler and self._cluster is not None:
            return self._cluster.workers()
        return self._settings.workers

    def _waiting(self) -> list[Waiting]:
        return [Waiting(i, self._book.snapshot(i).owner, self._estimate(i)) for i in self._line]

    def _tell_places(self) -> None:
        if not self._line:
            return
        running = [self._seconds_left(run_id) for run_id in self._flights]
        for place, (run_id, seconds) in enumerate(
            zip(self._line, waits(self._waiting(), running, self._slots()), strict=True), start=1
        ):
            self._book.set_place(run_id, place, None if seconds is None else round(seconds / 5) * 5.0)

    def _seconds_left(self, run_id: str) -> float | None:
        """What the worker measured, or the estimate until it has."""
        measured = self._book.snapshot(run_id).seconds_left
        return self._estimate(run_id) if measured is None else measured

    def _take_off(self, run_id: str) -> None:
        assert self._cluster is not None
        now, attempt = self._book.snapshot(run_id), self._book.attempt(run_id)
        try:
            own = self._book.own_samples(run_id)
        except DataError as error:
            self._held.discard(run_id)
            self._book.apply(run_id, {"kind": "failed", "message": str(error)})
            return
        flight = self._flights[run_id] = Flight(run_id, now.owner, attempt)
        self._book.apply(run_id, {"kind": "submitted"})
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
        flight.future = self._cluster.train(job, lambda future: inbox.put(lambda: self._land(flight, future)))

    def _on_event(self, event: dict[str, Any]) -> None:
        """Take an event from a worker."""
        run_id = event.pop("run")
        flight = self._flights.get(run_id)
        if flight is None or flight.attempt != event["attempt"]:
            return
        self._used = time.monotonic()
        flight.worker = event.pop("worker")
        flight.memory_mb = event.pop("memory_mb", flight.memory_mb)
        commands, flight.commands = flight.commands, []
        for word, value in commands:
            self._pass_on(flight, word, value)
        kind = event["kind"]
        if kind == "checkpoint":
            self._keep_checkpoints(flight)
        if kind == "stopped":
            flight.stop_by = None
            now = self._book.snapshot(run_id)
            event["message"] = messages.not_a_number(now) if event["message"] == "nan" else ""
            event["evaluating"] = not event["message"] and bool(now.batch or now.epoch_points)
        if kind == "started":
            self.device = event["device"]
        now = self._book.apply(run_id, event)
        if kind == "epoch":
            self._learn(now)

    def _keep_checkpoints(self, flight: Flight) -> None:
        if self._cluster is not None:
            for checkpoint in self._cluster.fetch(flight.worker, flight.run_id):
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
        self._look_after(flight)

    def _conclude(self, flight: Flight, result: dict[str, Any]) -> None:
        run_id = flight.run_id
        now = self._book.snapshot(run_id)
        evaluation = result["evaluation"]
        if evaluation is not None:
            self._book.store.set_evaluation(run_id, evaluation)
            samples = len(unpack(evaluation["probabilities"])["probabilities"])
            numbers = {name: evaluation[name] for name in ("loss", "accuracy", "seconds")}
            now = self._book.apply(run_id, {"kind": "evaluated", "samples": samples, **numbers})
        if self._book.attempt(run_id) != flight.attempt:
            return  # sent off again while its test part was seen
        if result["outcome"] == "failed":
            reason = result["message"]
            text = messages.out_of_memory(now) if reason == "memory" else messages.went_wrong(now, reason)
            self._book.apply(run_id, {"kind": "failed", "message": text})
        elif result["outcome"] == "done":
            self._book.apply(run_id, {"kind": "done"})
            # "+1 epoch" may have been pressed after the last batch was trained.
            if now.epochs_trained < now.epochs:
                self.requeue(run_id, now.epochs)
        elif now.status != "stopped" or now.evaluating:
            self._book.apply(run_id, {"kind": "stopped", "message": now.message})

    def requeue(self, run_id: str, epochs: int) -> None:
        """Send a run that ended to a worker again, from its checkpoint; any thread may call it.

        Raises:
            DataError: it was trained on a person's own data, and they are gone.
        """
        self._book.hold_data(run_id)
        now = self._book.snapshot(run_id)
        attempt = self._book.attempt(run_id) + 1
        event = {"kind": "queued", "attempt": attempt, "epochs": epochs, "learning_rate": now.learning_rate}
        self._book.apply(run_id, event)
        self.enqueue(run_id)

    def _lost(self, flight: Flight) -> None:
        now = self._book.snapshot(flight.run_id)
        if self._book.attempt(flight.run_id) != flight.attempt:
            return
        if flight.stop_by is not None:
            self._book.apply(flight.run_id, {"kind": "stopped", "message": messages.unresponsive(now)})
        elif now.status == "stopped":
            # Lost while the test part was seen: the training itself is complete and kept.
            self._book.apply(flight.run_id, {"kind": "stopped", "message": now.message})
        else:
            text = messages.lost_worker(now, flight.memory_mb, self.worker_memory_mb())
            self._book.apply(flight.run_id, {"kind": "failed", "message": text})

    def _look_after(self, flight: Flight) -> None:
        """A worker grows by some MB a job: replace it while it is idle."""
        jobs = self._jobs[flight.worker] = self._jobs.get(flight.worker, 0) + 1
        if self._cluster is not None and (jobs >= JOBS_PER_WORKER or flight.memory_mb > 0.7 * self.worker_memory_mb()):
            del self._jobs[flight.worker]
            self._cluster.replace_worker(flight.worker)

    def _command(self, run_id: str, word: str, value: float | None) -> None:
        if run_id in self._line:
            if word == "stop":
                self._line.remove(run_id)
                self._held.discard(run_id)
                self._book.apply(run_id, {"kind": "stopped", "message": "Stopped before its first batch."})
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
        if self._cluster is not None:
            now = self._book.snapshot(flight.run_id)
            key = f"{flight.run_id}/{flight.attempt}"
            self._cluster.command(flight.worker, key, word, value, now.epochs, now.learning_rate)

    def _tick(self) -> None:
        """At least twice a second, also while other runs keep the inbox full: deadlines, a dead host, idleness."""
        now = time.monotonic()
        for flight in self._flights.values():
            if flight.stop_by is not None and now > flight.stop_by and flight.worker and self._cluster is not None:
                flight.stop_by = now + 60
                self._cluster.replace_worker(flight.worker)
        if self._host is not None and not self._host.alive():
            self._lose_cluster()
        elif self._cluster is not None and not self._flights and not self._line and now - self._used > IDLE_SECONDS:
            self._stop_cluster("off", "")

    def _lose_cluster(self) -> None:
        flights, self._flights = list(self._flights.values()), {}
        for flight in flights:
            self._lost(flight)
        self._stop_cluster("off", "")

    def worker_memory_mb(self) -> int:
        """Memory at which a worker is ended."""
        return WORKER_BASE_MB + self._settings.max_memory_mb

    def _start_cluster(self) -> None:
        """Begin to start, on a thread of its own: Stop must be obeyed meanwhile."""
        if self.status == "starting":
            return
        self.status, self.message = "starting", ""
        self._ready.clear()
        threading.Thread(target=self._bring_up, name="layerlab-start", daemon=True).start()

    def _bring_up(self) -> None:
        host: Host | None = None
        inbox = self._inbox
        try:
            if not self._settings.scheduler:
                host = Host(self._settings.workers, self.worker_memory_mb())
            address = host.address if host is not None else self._settings.scheduler
            cluster = Cluster(address, lambda event: inbox.put(lambda: self._on_event(event)))
        except Exception as error:
            if host is not None:
                host.close()
            text = str(error)
            inbox.put(lambda: self._failed_to_start(text))
        else:
            inbox.put(lambda: self._started(host, cluster))

    def _started(self, host: Host | None, cluster: Cluster) -> None:
        self._host, self._cluster = host, cluster
        self.status = "ready"
        self._ready.set()

    def _failed_to_start(self, text: str) -> None:
        line, self._line = self._line, []
        for run_id in line:
            self._book.apply(run_id, {"kind": "failed", "message": f"{text}. Try again."})
        self.status, self.message = "failed", text
        self._ready.set()

    def _stop_cluster(self, status: str, message: str) -> None:
        self._ready.clear()
        cluster, self._cluster = self._cluster, None
        host, self._host = self._host, None
        self._jobs = {}
        if cluster is not None:
            self._guarded(cluster.close)
        if host is not None:
            self._guarded(host.close)
        self.status, self.message = status, message
