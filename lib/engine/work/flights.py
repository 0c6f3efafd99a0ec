"""Trainings that workers have: what they tell, what their workers are asked, and how they end.

All of it happens on the engine's thread, and nothing here waits for a worker.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from distributed import Future

from lib import events
from lib.arrays import unpack
from lib.engine.runs import messages
from lib.engine.runs.book import Prepared, RunBook
from lib.engine.runs.snapshot import RunSnapshot
from lib.engine.work.life import ClusterLife
from lib.errors import DataError
from lib.specs.codec import to_dict
from lib.worker import tasks

logger = logging.getLogger("layerlab.engine")

STOP_SECONDS = 5.0
COMMAND_SECONDS = 10.0
FETCH_SECONDS = 30.0
"""How long a worker has to stop, to take a command, and to hand over its checkpoints."""

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Ask:
    """Something to ask of a flight's worker; `then` gets the answer, or None when there was none."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    seconds: float
    then: Callable[[Any], None]


@dataclass(eq=False)
class Flight:
    """A training that a worker has.

    Attributes:
        heard: number of the last event that was taken; none is taken twice.
        told: events that wait until the checkpoint before them is kept: an epoch that is shown can be gone on from.
        fetched: epoch and batch of the newest checkpoint that its worker has handed over.
        result: what the training gave. It has landed, and is concluded when all that it told is kept.
        asks: what its worker is asked, one after the other, once it is known.
        stop_by: when a worker that was told to stop is ended, by the monotonic clock; None without a Stop.
        given_up: the run has ended because nothing of it could be stored; its worker is only waited for.
    """

    run_id: str
    owner: str
    attempt: int
    future: Future | None = None
    heard: int = 0
    worker: str = ""
    pid: int = 0
    told: deque[events.FromWorker] = field(default_factory=deque)
    fetching: bool = False
    fetched: tuple[int, int] = (0, 0)
    result: dict[str, Any] | None = None
    asks: deque[Ask] = field(default_factory=deque)
    asking: bool = False
    stop_by: float | None = None
    given_up: bool = False
    memory_mb: float = 0.0

    @property
    def key(self) -> str:
        """What the worker knows the training by."""
        return f"{self.run_id}/{self.attempt}"


class Flights:
    """The trainings under way, by run.

    Args:
        book: where events go.
        life: the cluster.
        post: has a step done on the engine's thread.
        learn: gets each run after an epoch, to measure the machine's speed.
        again: puts a run in line once more, up to so many epochs.

    Attributes:
        device: what the last training ran on, or "".
    """

    def __init__(
        self,
        book: RunBook,
        life: ClusterLife,
        post: Callable[[Step], None],
        learn: Callable[[RunSnapshot], None],
        again: Callable[[str, int], None],
    ) -> None:
        self._book = book
        self._life = life
        self._post = post
        self._learn = learn
        self._again = again
        self._flights: dict[str, Flight] = {}
        self.device = ""

    def __len__(self) -> int:
        return len(self._flights)

    def owners(self) -> set[str]:
        """Who trains now."""
        return {flight.owner for flight in self._flights.values()}

    def run_ids(self) -> list[str]:
        """Which runs are trained now."""
        return list(self._flights)

    def submit(self, run_id: str, paused: bool) -> None:
        """Send a run to a worker, as soon as all of it is stored; if that does not work, it ends with a sentence."""
        flight = Flight(run_id, self._book.newest(run_id).owner, self._book.attempt(run_id))
        self._flights[run_id] = flight
        self._book.apply(run_id, events.Submitted())
        self._book.prepare(run_id, lambda prepared: self._post(lambda: self._take_off(flight, paused, prepared)))

    def _take_off(self, flight: Flight, paused: bool, prepared: Prepared | Exception) -> None:
        run_id, cluster = flight.run_id, self._life.cluster
        if self._flights.get(run_id) is not flight:
            return
        now = self._book.newest(run_id)
        if flight.given_up or flight.stop_by is not None or isinstance(prepared, Exception) or cluster is None:
            del self._flights[run_id]
            if isinstance(prepared, DataError):
                self._book.end_badly(run_id, str(prepared))
            elif isinstance(prepared, Exception):
                self._book.end_badly(run_id, messages.not_sent(now, prepared))
            elif not flight.given_up:
                self._book.apply(run_id, events.Stopped("" if now.can_resume else messages.BEFORE_FIRST_BATCH))
            return
        job = {
            "run_id": run_id,
            "attempt": flight.attempt,
            "spec": to_dict(now.spec),
            "own": prepared.own,
            "epochs": now.epochs,
            "learning_rate": now.learning_rate,
            "checkpoint": prepared.checkpoint,
            "paused": paused,
        }
        try:
            flight.future = cluster.train(job, lambda future: self._post(lambda: self._land(flight, future)))
        except Exception as error:
            logger.exception("run %s could not be sent to a worker", run_id)
            del self._flights[run_id]
            self._book.end_badly(run_id, messages.not_sent(now, error))

    # What workers tell.

    def hear(self, told: events.Told) -> None:
        """Take an event from a worker."""
        flight = self._flights.get(told.run_id)
        if flight is None or flight.attempt != told.attempt or told.number <= flight.heard:
            return
        flight.heard = told.number
        self._life.use()
        flight.worker, flight.pid, flight.memory_mb = told.worker, told.pid, told.memory_mb
        self._ask_next(flight)
        flight.told.append(told.event)
        self._hear_out(flight)

    def _hear_out(self, flight: Flight) -> None:
        """Take what a flight has told, up to the next checkpoint that has to be fetched first.

        A worker hands over all that wait: where fetching takes longer than training from one to the next, those that
        came along need no fetching of their own, or what people see would fall further and further behind.
        """
        while flight.told and not flight.fetching:
            event: events.Event = flight.told.popleft()
            if isinstance(event, events.Checkpoint) and (event.epoch, event.batch) >= flight.fetched:
                self._fetch(flight, event)
                continue
            if isinstance(event, events.Halted):
                flight.stop_by = None
                event = self._stopped(flight.run_id, event)
            elif isinstance(event, events.Started):
                self.device = event.device
            self._tell(flight, event)
        if flight.result is not None and not flight.fetching:
            self._conclude_landed(flight, flight.result)

    def _fetch(self, flight: Flight, event: events.Checkpoint) -> None:
        flight.fetching = True

        def fetched() -> None:
            flight.fetching = False
            self._tell(flight, event)
            self._hear_out(flight)

        self._keep_checkpoints(flight, fetched)

    def _tell(self, flight: Flight, event: events.Event) -> None:
        """Keep and show an event."""
        if flight.given_up or self._book.attempt(flight.run_id) != flight.attempt:
            return
        now = self._book.apply(flight.run_id, event)
        if isinstance(event, events.Epoch):
            self._learn(now)

    def give_up(self, run_id: str) -> None:
        """Nothing of this run can be kept any more and it has ended: have its worker stop."""
        flight = self._flights.get(run_id)
        if flight is not None and not flight.given_up:
            flight.given_up = True
            self.command(run_id, "stop", None)

    def _stopped(self, run_id: str, event: events.Halted) -> events.Stopped:
        """What a halt means for the run: why it ended, and whether its test part is being seen now."""
        now = self._book.newest(run_id)
        if event.not_a_number:
            return events.Stopped(messages.not_a_number(now))
        why = messages.pruned(now) if now.pruned else ""
        return events.Stopped(why, evaluating=bool(now.batch or now.epoch_points))

    def _keep_checkpoints(self, flight: Flight, then: Step) -> None:
        """Fetch what waits on the worker and keep it; `then` is done in any case."""

        def keep(checkpoints: list[dict[str, Any]] | None) -> None:
            if checkpoints:
                flight.fetched = checkpoints[-1]["epoch"], checkpoints[-1]["batch"]
            if checkpoints and not flight.given_up:
                self._book.keep_checkpoints(flight.run_id, checkpoints, lambda: self._post(then))
            else:
                then()

        self._ask(flight, Ask(tasks.fetch, (flight.run_id,), FETCH_SECONDS, keep))

    # What workers are asked.

    def command(self, run_id: str, word: str, value: float | None) -> None:
        """Pass a command to a training, once its worker is known; nothing happens for other runs."""
        flight = self._flights.get(run_id)
        if flight is None:
            return
        if word == "stop":
            flight.stop_by = time.monotonic() + STOP_SECONDS
        now = self._book.newest(run_id)
        arguments = (flight.key, word, value, now.epochs, now.learning_rate)
        self._ask(flight, Ask(tasks.command, arguments, COMMAND_SECONDS, lambda _: None))

    def replace_overdue(self) -> None:
        """End workers that were told to stop and did not."""
        now = time.monotonic()
        for flight in self._flights.values():
            if flight.stop_by is not None and now > flight.stop_by and flight.worker:
                flight.stop_by = now + 60
                self._life.end_worker(flight.worker, flight.pid)

    def _ask(self, flight: Flight, ask: Ask) -> None:
        flight.asks.append(ask)
        self._ask_next(flight)

    def _ask_next(self, flight: Flight) -> None:
        """Ask the flight's worker one thing at a time, so that commands arrive in their order."""
        cluster = self._life.cluster
        if flight.asking or not flight.asks or not flight.worker or cluster is None:
            return
        flight.asking, ask = True, flight.asks.popleft()

        def answered(answer: Any) -> None:
            flight.asking = False
            ask.then(answer)
            self._ask_next(flight)

        cluster.ask(
            flight.worker, ask.function, *ask.arguments, seconds=ask.seconds,
            on_answer=lambda answer: self._post(lambda: answered(answer)),
        )  # fmt: skip

    # How trainings end.

    def _land(self, flight: Flight, future: Future) -> None:
        """A worker has finished a training, or was lost with it."""
        if self._flights.get(flight.run_id) is not flight:
            return
        if future.status == "cancelled" and self._life.external:
            # Dask does so when it loses the scheduler: what becomes of the run is decided for all of them at once.
            self._life.suspect()
            return
        if future.status != "finished":
            del self._flights[flight.run_id]
            self._fail(flight)
            return
        flight.result = future.result()
        future.release()
        self._hear_out(flight)

    def _conclude_landed(self, flight: Flight, result: dict[str, Any]) -> None:
        """End a training whose result is here, once nothing of it waits on the worker any more."""
        flight.result = None

        def conclude() -> None:
            if self._flights.get(flight.run_id) is flight:
                del self._flights[flight.run_id]
                self._conclude(flight, result)
                self._life.landed(flight.worker, flight.memory_mb)

        self._keep_checkpoints(flight, conclude)

    def _conclude(self, flight: Flight, result: dict[str, Any]) -> None:
        if flight.given_up:
            return
        run_id = flight.run_id
        now = self._book.newest(run_id)
        evaluation = result.get("evaluation")
        if evaluation is not None:
            self._book.keep_evaluation(run_id, evaluation)
            samples = len(unpack(evaluation["probabilities"])["probabilities"])
            loss, accuracy, seconds = (evaluation[name] for name in ("loss", "accuracy", "seconds"))
            now = self._book.apply(run_id, events.Evaluated(loss, accuracy, samples, seconds))
        if self._book.attempt(run_id) != flight.attempt:
            return  # sent off again while its test part was seen
        ending = result.get("ending")
        if result["outcome"] == "failed":
            reason = result["message"]
            text = messages.out_of_memory(now) if reason == "memory" else messages.went_wrong(now, reason)
            self._book.apply(run_id, events.Failed(text))
        elif result["outcome"] == "done" and result["epochs"] < now.epochs and not (ending and ending["early"]):
            # "+1 epoch" was pressed after the last batch was trained. It is not done: its own data are still held.
            self._again(run_id, now.epochs)
        elif result["outcome"] == "done":
            self._book.apply(run_id, messages.done(now, ending))
        elif now.status != "stopped" or now.evaluating:
            self._book.apply(run_id, events.Stopped(now.message))

    def _fail(self, flight: Flight) -> None:
        """The worker was lost with this training."""
        now = self._book.newest(flight.run_id)
        if flight.given_up or self._book.attempt(flight.run_id) != flight.attempt:
            return
        if flight.stop_by is not None:
            self._tell(flight, events.Stopped(messages.unresponsive(now)))
        elif now.status == "stopped":
            # Lost while the test part was seen: the training itself is complete and kept.
            self._tell(flight, events.Stopped(now.message))
        else:
            text = messages.lost_worker(now, flight.memory_mb, self._life.memory_mb)
            self._book.end_badly(flight.run_id, text)

    def lose_all(self) -> list[Flight]:
        """All workers were lost at once.

        Returns:
            Trainings that can go on by themselves when the scheduler is found again; the others have ended.
        """
        flights, self._flights = list(self._flights.values()), {}
        waiting = [flight for flight in flights if self._goes_on(flight)]
        for flight in flights:
            if flight not in waiting:
                self._fail(flight)
        return waiting

    def _goes_on(self, flight: Flight) -> bool:
        if flight.given_up or flight.stop_by is not None or self._book.attempt(flight.run_id) != flight.attempt:
            return False
        training = self._book.newest(flight.run_id).status in ("running", "paused")
        return flight.future is None or (self._life.external and training)
