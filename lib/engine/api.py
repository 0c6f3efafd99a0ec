"""The engine as the pages see it: submit a run, follow it, steer it, look at what it left."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from lib import events
from lib.arrays import unpack
from lib.engine.errors import EngineError, UnknownRun
from lib.engine.estimate import Estimator
from lib.engine.experiments.book import ExperimentBook
from lib.engine.experiments.in_line import RunsInLine
from lib.engine.experiments.runner import Experiments
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentSnapshot
from lib.engine.looks import NOTHING_TRAINED, Looks
from lib.engine.new_runs import NewRuns
from lib.engine.question_line import QuestionLine
from lib.engine.runs.book import RunBook, UnknownRunError
from lib.engine.runs.notes import Notes
from lib.engine.runs.opening import make_folder
from lib.engine.runs.own_data import OwnDataBook
from lib.engine.runs.progress import ProgressBook
from lib.engine.runs.retention import Retention
from lib.engine.runs.scores import MOST, Score, scores
from lib.engine.runs.snapshot import RunRow, RunSnapshot
from lib.engine.runs.store import Store
from lib.engine.runs.store_troubles import no_folder
from lib.engine.work.dispatcher import Dispatcher
from lib.engine.work.life import Connect, connect
from lib.errors import DataError, StoreError
from lib.settings import Settings
from lib.specs.fields import SpecError, rules
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

RUN_ID = re.compile(r"[0-9a-f]{16}")
SLOWEST_BATCH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class EngineState:
    """The engine in one line.

    Attributes:
        status: "off" (starts when needed), "starting", "ready", "lost" (an external scheduler that is being looked for)
            or "failed".
        message: why it failed or is lost, or "".
        workers: trainings at a time.
        running, waiting: trainings now, runs in line.
        device: what the last training ran on, or "".
    """

    status: str
    message: str
    workers: int
    running: int
    waiting: int
    device: str


class Engine:
    """All methods may be called from any thread. They return at once, except `summary` and `export_keras`.

    Args:
        settings: of this installation.
        bring_up: makes the cluster.

    Attributes:
        looks: questions to workers, which are waited for.
        line: in which people's questions stand, so that they take turns.
        experiments: sets of runs that answer one question.
        retention: how long runs stay, and what their owners may do about it.
        notes: what owners write about their runs.
        progress: what visitors have done on the Learn pages.

    Raises:
        StoreError: the store cannot be used; nothing is left open, and nothing running. Methods that ask the store
            raise it too, when it fails later.
    """

    def __init__(self, settings: Settings, bring_up: Connect = connect) -> None:
        self.settings = settings
        make_folder(settings.home)
        self._book = RunBook(Store(settings.database_url, settings.weights_mb))
        self._instance = FileLock(settings.home / "engine.lock")
        self.retention = Retention(self._book, settings)
        self.notes = Notes(self._book)
        self.progress = ProgressBook(self._book.store)
        try:
            waiting, cut = self._recover()
            experiments = ExperimentBook(self._book.store.database)
            unfinished = experiments.with_status(UNFINISHED) if self._instance.is_locked else []
        except BaseException:
            self._instance.release()
            self._book.close()
            raise
        self._estimator = Estimator()
        self._dispatcher = Dispatcher(self._book, settings, self._estimate_left, self._estimator.learn, bring_up)
        self._new_runs = NewRuns(self._book, self._dispatcher, settings, self.snapshot, self.weights)
        self.looks = Looks(self._book, self._dispatcher, self.snapshot)
        self.line = QuestionLine(self._dispatcher.life.slots)
        in_line = RunsInLine(
            self._new_runs, self.snapshot, self.stop, self.resume, self._dispatcher.life.slots, self.prune, self._ask
        )
        self.experiments = Experiments(experiments, in_line, settings, unfinished)
        for run_id in waiting:
            self._dispatcher.enqueue(run_id, beside=any(run_id in kept.run_ids.values() for kept in unfinished))
        self.experiments.begin(cut)
        if self._instance.is_locked:
            self.retention.start()

    def _recover(self) -> tuple[list[str], list[str]]:
        """Ids of runs that an app left in line, and of those that it left in training.

        A second app on the same store leaves the first one's alone.
        """
        try:
            self._instance.acquire(timeout=0)
        except Timeout:
            return [], []
        except OSError as error:
            raise StoreError(no_folder(self.settings.home, error), error) from None
        waiting, cut = self._book.recover()
        for run_id in waiting:
            with suppress(DataError):  # said of the run when its turn comes
                self._book.hold_data(run_id)
        return waiting, cut

    def close(self) -> None:
        """Stop the workers and close the store; active runs are found as stopped at the next start."""
        self.experiments.close()
        self.retention.close()
        self._dispatcher.close()
        self._instance.release()
        self._book.close()

    @property
    def own_data(self) -> OwnDataBook:
        """What is kept of people's own data."""
        return self._book.own_data

    def warm(self) -> None:
        """Start the workers in the background."""
        self._dispatcher.warm()

    def state(self) -> EngineState:
        """What the engine does now."""
        running, waiting = self._dispatcher.counts()
        life = self._dispatcher.life
        return EngineState(life.status, life.message, self.settings.workers, running, waiting, self._dispatcher.device)

    def submit(self, spec: RunSpec, owner: str, paused: bool = False) -> str:
        """Put a run in line, and get its id; see `NewRuns.submit`."""
        return self._new_runs.submit(spec, owner, paused)

    def bring(self, spec: RunSpec, weights: Mapping[str, NDArray[Any]], owner: str) -> str:
        """Put weights in line that a person has brought back, and get the run's id; see `NewRuns.bring`."""
        return self._new_runs.bring(spec, weights, owner)

    def go_on(self, spec: RunSpec, owner: str, weights: Mapping[str, NDArray[Any]] | None = None) -> str:
        """Put a run in line that begins with weights of another run, and get its id; see `NewRuns.go_on`."""
        return self._new_runs.go_on(spec, owner, weights)

    def snapshot(self, run_id: str) -> RunSnapshot:
        """The run now.

        Raises:
            UnknownRun: no such run, or no id at all.
        """
        return self._read(self._book.snapshot, run_id)

    def experiment(self, experiment_id: str) -> ExperimentSnapshot:
        """An experiment now, as an immutable snapshot.

        Raises:
            EngineError: there is none with this id.
        """
        return self.experiments.snapshot(experiment_id)

    def delete_experiment(self, experiment_id: str, owner: str, with_runs: bool) -> int:
        """Delete an experiment for good.

        Args:
            experiment_id: of an experiment that is over.
            owner: the person that it belongs to.
            with_runs: delete its runs, too, but for those that their owner keeps.

        Returns:
            How many runs were deleted.

        Raises:
            EngineError: it is not over, or somebody else's, or there is none with this id.
        """
        deleted = 0
        for run_id in self.experiments.delete(experiment_id, owner):
            if with_runs and not self.retention.is_kept(run_id):
                with suppress(DataError):  # it was deleted before, or goes on again
                    self.retention.delete(run_id, owner)
                    deleted += 1
        return deleted

    def _ask(self, asker: str, place: str, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have a worker answer in the asker's turn, without waiting for it."""
        answer: Future[Any] = Future()
        self.line.join(asker, place, answer, lambda: self.looks.ask(function, *arguments))
        return answer

    def _newest(self, run_id: str) -> RunSnapshot:
        """The run with what is not stored yet, and so not seen: what may be done to a run follows from this."""
        return self._read(self._book.newest, run_id)

    def _read(self, read: Callable[[str], RunSnapshot], run_id: str) -> RunSnapshot:
        if not RUN_ID.fullmatch(run_id):
            raise UnknownRun(f"{run_id!r:.60} is no run's id: an id is 16 digits and letters from a to f")
        try:
            return read(run_id)
        except UnknownRunError as error:
            raise UnknownRun(str(error)) from None

    def runs(self, owner: str | None = None, limit: int = 50) -> tuple[RunRow, ...]:
        """Runs of one person or of all, newest first."""
        return self._book.rows(owner, limit)

    def scores(self, owner: str, limit: int = MOST) -> tuple[Score, ...]:
        """A person's newest runs with what they have reached, newest first."""
        return scores(self._book, owner, limit)

    def pause(self, run_id: str) -> None:
        """Halt after the current batch.

        Raises:
            EngineError: the run is not being trained.
        """
        self._need(run_id, "running", verb="paused")
        self._dispatcher.command(run_id, "pause")

    def resume(self, run_id: str) -> None:
        """Go on: after a pause, or from the last checkpoint of a run that was stopped or failed.

        Raises:
            EngineError: there is nothing to go on with.
        """
        now = self._newest(run_id)
        if now.status == "paused":
            self._dispatcher.command(run_id, "resume")
            return
        self._need(run_id, "stopped", "failed", verb="resumed")
        if now.epochs_trained >= now.epochs:
            raise EngineError(f"All {now.epochs} epochs of this run are trained: use +1 epoch")
        self._send_again(run_id, now.epochs)

    def _send_again(self, run_id: str, epochs: int) -> None:
        try:
            self._dispatcher.requeue(run_id, epochs)
        except DataError as error:
            raise EngineError(str(error)) from None
        self._book.settle()

    def stop(self, run_id: str) -> None:
        """End after the current batch; what was trained is kept and tested.

        Raises:
            EngineError: the run has ended already.
        """
        self._need(run_id, "queued", "running", "paused", verb="stopped")
        self._steer(run_id, "stop")

    def prune(self, run_id: str) -> None:
        """End a run of a sweep after the current batch, because others are better; what was trained is kept and tested.

        Raises:
            EngineError: the run is not being trained.
        """
        self._need(run_id, "running", verb="given up")
        self._book.apply(run_id, events.Command("prune"))
        self._dispatcher.command(run_id, "stop")

    def add_epoch(self, run_id: str) -> None:
        """One more epoch, also after the end.

        Raises:
            EngineError: the limit of epochs is reached, or an ended run has no checkpoint.
        """
        now = self._newest(run_id)
        epochs = now.epochs + 1 if now.active else now.epochs_trained + 1
        most = now.spec.most_epochs(self.settings)
        if epochs > most:
            raise EngineError(f"This run may have at most {most:,} epochs here")
        if now.active:
            self._steer(run_id, "epochs", epochs)
        elif now.can_resume:
            self._send_again(run_id, epochs)
        else:
            raise EngineError("Nothing of this run was trained yet: train it again")

    def set_learning_rate(self, run_id: str, rate: float) -> None:
        """A new rate from the next batch on.

        Raises:
            EngineError: not a rate, or the run has ended.
        """
        try:
            value = rules(TrainSpec)["learning_rate"].check("learning_rate", rate)
        except SpecError as error:
            raise EngineError(str(error)) from None
        self._need(run_id, "queued", "running", "paused", verb="given another learning rate")
        self._steer(run_id, "learning_rate", float(value))

    def _steer(self, run_id: str, word: str, value: float | None = None) -> None:
        self._book.apply(run_id, events.Command(word, value))
        self._dispatcher.command(run_id, word, value)
        self._book.settle()

    def step(self, run_id: str) -> None:
        """Train one batch of a paused run, then pause again.

        Raises:
            EngineError: the run is not paused.
        """
        self._need(run_id, "paused", verb="trained batch by batch")
        self._dispatcher.command(run_id, "step")

    def set_pace(self, run_id: str, batch_seconds: float) -> None:
        """Slow motion: the least time of a batch, 0 for full speed.

        Raises:
            EngineError: not from 0 to 5 seconds, or the run has ended.
        """
        if not 0 <= batch_seconds <= SLOWEST_BATCH_SECONDS:
            raise EngineError(f"A batch may take 0 to {SLOWEST_BATCH_SECONDS:g} seconds, not {batch_seconds!r:.60}")
        self._need(run_id, "running", "paused", verb="slowed down")
        self._dispatcher.command(run_id, "pace", float(batch_seconds))

    def probabilities(self, run_id: str) -> NDArray[np.float32] | None:
        """The model's outputs for the test part, `(samples, classes)`, or None before it was tested."""
        packed = self._book.store.probabilities(self.snapshot(run_id).id)
        return None if packed is None else np.asarray(_unpacked(packed)["probabilities"], np.float32)

    def weights(self, run_id: str, epoch: int | None = None) -> dict[str, NDArray[Any]] | None:
        """Weights by name after an epoch, the newest there are by default; None when they are not kept."""
        packed = self._book.store.weights(self.snapshot(run_id).id, epoch)
        return None if packed is None else _unpacked(packed)

    def epochs_kept(self, run_id: str) -> list[int]:
        """Epochs whose weights are kept."""
        return self._book.store.epochs_kept(self.snapshot(run_id).id)

    def export_weights(self, run_id: str, epoch: int | None = None) -> bytes:
        """Weights as the bytes of an `.npz` file that holds arrays alone, by name.

        Args:
            run_id: the run.
            epoch: after which they are wanted; None for the newest.

        Raises:
            EngineError: nothing is trained yet, or the weights are not kept any more.
        """
        packed = self._book.store.weights(self.snapshot(run_id).id, epoch)
        if packed is None:
            raise EngineError(NOTHING_TRAINED)
        return packed

    def summary(self, model: ModelSpec) -> str:
        """`model.summary()` as Keras prints it; see `Looks.summary`."""
        return self.looks.summary(model)

    def export_keras(self, run_id: str) -> bytes:
        """A `.keras` file of the trained model; see `Looks.export_model`."""
        return self.looks.export_model(run_id, "keras")

    def estimate_seconds(self, spec: RunSpec) -> float | None:
        """Training time on this machine; None for a stack that breaks."""
        if spec.model.problem:
            return None
        return self._estimator.seconds(spec)

    def _estimate_left(self, run_id: str) -> float | None:
        now = self._book.newest(run_id)
        whole = self.estimate_seconds(now.spec)
        share = 1 - now.epochs_trained / max(now.epochs, 1)
        return None if whole is None else whole * now.epochs / now.spec.training.epochs * share

    def _need(self, run_id: str, *statuses: str, verb: str) -> None:
        now = self._newest(run_id)
        if now.status not in statuses:
            raise EngineError(f"This run is {now.status}: it can't be {verb} now")


def _unpacked(packed: bytes) -> dict[str, NDArray[Any]]:
    try:
        return unpack(packed)
    except ValueError as error:
        raise StoreError(f"The stored data of this run are damaged: {error}. Other runs are as they were.") from None


def open_engine(settings: Settings | None = None) -> Engine:
    """The engine of this installation."""
    return Engine(settings or Settings.from_environment())
