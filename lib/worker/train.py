"""One training: batches, validation, checkpoints; steered by a `Control`, told by events.

The loop is written out with Keras' `train_on_batch`, which was as fast as `fit` here, so that every command is obeyed
within one batch and a training goes on from a checkpoint exactly as if it had never stopped.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lib import events
from lib.arrays import Arrays, pack
from lib.concepts.metrics import class_shares
from lib.data.parts import Part, balanced_weights, class_counts
from lib.data.preparing import Prepared, prepare
from lib.specs.run import RunSpec
from lib.worker import ready
from lib.worker.build import build_loss
from lib.worker.control import Control
from lib.worker.device import device_name
from lib.worker.inside import InsideWatch, watched_every
from lib.worker.speed import Speedometer
from lib.worker.steps import Measured
from lib.worker.watching import Ending, Watch
from lib.worker.weights import get_state, get_weights, set_state, set_weights

Report = Callable[[events.FromWorker], None]
KeepCheckpoint = Callable[["Checkpoint"], None]

REPORT_SECONDS = 0.25
PICTURE_SECONDS = 0.12
MOST_EPOCHS_TOLD = 200
POINTS_PER_REPORT = 50
TEST_BATCH = 256


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything that a training needs to go on.

    Attributes:
        epoch, batch: epoch (from 1) and how many of its batches are trained; with 0 the epoch before is complete.
        weights: by name, see `lib.worker.weights`.
        state: optimizer, random generators, and what was watched; nothing for weights of a file or of another run, with
            which a training begins.
        sums: samples, loss and accuracy summed over the epoch so far.
    """

    epoch: int
    batch: int
    weights: Arrays
    state: Arrays
    sums: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass
class Sums:
    """Loss and accuracy summed over samples."""

    samples: float = 0.0
    loss: float = 0.0
    accuracy: float = 0.0

    def add(self, samples: int, loss: float, accuracy: float) -> None:
        """Add one batch's means."""
        self.samples += samples
        self.loss += loss * samples
        self.accuracy += accuracy * samples

    def means(self) -> tuple[float, float]:
        """Loss and accuracy a sample."""
        return self.loss / self.samples, self.accuracy / self.samples


class NotANumberError(Exception):
    """The loss became NaN or infinite."""


class StoppedError(Exception):
    """A person pressed Stop."""


@dataclass
class Training:
    """A training from its first batch to its last.

    Args:
        run: what to train.
        control: what the person wants.
        report: takes the events.
        keep: takes a checkpoint, after each epoch and when stopped.
        checkpoint: where to go on, or None for a fresh start.

    Attributes:
        ending: of a complete training with early stopping; else None.
    """

    run: RunSpec
    control: Control
    report: Report
    keep: KeepCheckpoint
    checkpoint: Checkpoint | None = None
    speed: Speedometer = field(default_factory=Speedometer)
    ending: Ending | None = None

    def __post_init__(self) -> None:
        self.data: Prepared = prepare(self.run.data, self.run.training.validation_split)
        if self.run.start is not None and self.checkpoint is None:
            raise ValueError("the weights that this run begins with are missing")
        self.ready = ready.take(self.run)
        self.model, self.steps = self.ready.model, self.ready.steps
        self.epoch, self.batch, self.sums = 1, 0, Sums()
        self.watch = Watch(self.run.training)
        self.class_weights: NDArray[np.float32] | None = None
        if self.run.balances:
            self.class_weights = balanced_weights(class_counts(self.data.train, len(self.run.data.class_names)))
        if self.checkpoint is not None:
            set_weights(self.model, self.checkpoint.weights)
            if self.checkpoint.state:
                set_state(self.model, self.watch.go_on(self.checkpoint.state))
            self.epoch, self.batch, self.sums = (
                self.checkpoint.epoch,
                self.checkpoint.batch,
                Sums(*self.checkpoint.sums),
            )
        self.inside = InsideWatch(self.run, self.data, self.model, self._loss) if self.run.watched_inside else None
        size = self.run.training.batch_size
        self.batches = math.ceil(len(self.data.train) / size)
        self.steps.begin((self.epoch, self.batch) == (1, 0), size if self.run.compiles else None)
        self.tell_every = math.ceil(self.run.training.epochs / MOST_EPOCHS_TOLD)
        self.watch_every, self.watches_step = watched_every(self.run, self.tell_every), False
        self.kept_at = self.pictured_at = 0.0
        self.shows_weights = self.run.data.kind == "points"
        self.points: list[tuple[float, float, float]] = []
        self.reported_at = 0.0
        # No rate yet: one is set before the first batch, whatever a checkpoint's optimizer holds.
        self.rate = math.nan
        self.validated, self.validation_seconds = False, 0.0
        self.busy_seconds = 0.0  # training and validating, without pauses and slow motion

    def fit(self) -> None:
        """Train until `control.epochs` are complete.

        Raises:
            StoppedError: stopped by a person; the checkpoint was kept.
            NotANumberError: the loss is no longer a number.
        """
        self.report(events.Started(device_name(), self.batches, self.epoch, self.batch))
        self._show_weights(now=True)
        if self.checkpoint is not None and not self.checkpoint.state:
            self._keep()  # from here on there is a state to go on with
        try:
            while self.epoch <= self.control.epochs and not self.watch.ends:
                self._train_epoch()
            self._take_best()
        except StoppedError:
            self._report_batches()
            if self.sums.samples:
                self._keep()
            raise

    def evaluate(self) -> dict[str, Any]:
        """The test part through the model.

        Returns:
            `probabilities` float32 (samples, classes), or the predicted numbers (samples, 1); `loss`, `accuracy` (None
            where a number is predicted), `seconds`.
        """
        start = time.perf_counter()
        outputs = self._predict(self.data.test)
        loss, accuracy = self._score(self.data.test, outputs)
        seconds = time.perf_counter() - start
        probabilities = class_shares(outputs, self.run.binary)
        return {"probabilities": probabilities, "loss": loss, "accuracy": accuracy, "seconds": seconds}

    def give_back(self) -> None:
        """Leave the model to the next run that can use its graphs; this training does not touch it any more."""
        ready.give_back(self.run, self.ready)

    def _train_epoch(self) -> None:
        started_at = time.perf_counter()
        size = self.run.training.batch_size
        self._set_rate()  # a checkpoint may hold an epoch with no batch left
        # A generator of its own for each epoch: going on from a checkpoint meets the same batches.
        order = np.random.default_rng([self.run.training.seed, self.epoch]).permutation(len(self.data.train))
        while self.batch < self.batches:
            self._obey()
            count = self._batches_at_once(len(order) // size - self.batch)
            chosen = order[self.batch * size : (self.batch + count) * size]
            self._train_batches(self.data.train.at(chosen), count)
        # Thousands of short epochs are not all told; which ones depends on the settings only, not on the clock.
        last = self.epoch >= self.control.epochs
        told = last or self.epoch % self.tell_every == 0
        epoch, rate = self.epoch, self.rate
        measured = self._epoch_means(told) if told or self.run.training.watches else {}
        self.watch.seen(measured, epoch, lambda: get_weights(self.model))
        if self.watch.ends and not told:
            told = True
            self._report_batches()
        self._watch_inside(ended=last or self.watch.ends)
        self.epoch, self.batch, self.sums = self.epoch + 1, 0, Sums()
        if last or time.perf_counter() - self.kept_at > REPORT_SECONDS:
            self._keep()
        if told:
            seconds = time.perf_counter() - started_at
            self.report(events.Epoch(epoch, seconds=seconds, learning_rate=rate, **measured))

    def _may_be_watched(self) -> bool:
        """Whether it is this epoch's turn; it may still be left out, for want of time."""
        return self.inside is not None and (self.epoch >= self.control.epochs or self.epoch % self.watch_every == 0)

    def _step(self, x: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None) -> Measured:
        """Train some batches; the last batch of a watched epoch, which goes alone, is measured."""
        last = self.batch == self.batches - 1 and self._may_be_watched()
        watch = self.inside if last and self.inside and self.inside.affords(self.busy_seconds) else None
        self.watches_step = watch is not None
        if watch is not None:
            watch.before_step(x[0], y[0], None if weights is None else weights[0])
        start = time.perf_counter()
        measured = self.steps.train(x, y, weights)
        seconds = time.perf_counter() - start
        if self.inside is not None and not self.busy_seconds:
            self.inside.has_begun(seconds, goes_on=self.checkpoint is not None)
        self.busy_seconds += seconds
        if watch is not None:
            watch.after_step()
        return measured

    def _watch_inside(self, ended: bool) -> None:
        """Tell what is inside the network now, if this epoch is watched."""
        if self.inside is not None and (self.watches_step or (ended and self.inside.affords(self.busy_seconds))):
            self.report(self.inside.measured(self.epoch, self.busy_seconds))
            self.speed.restart()
        self.watches_step = False

    def _epoch_means(self, told: bool) -> dict[str, Any]:
        """Means of the epoch and of the validation part; nobody hears of an epoch that is only watched."""
        if told:
            self._report_batches()
        loss, accuracy = self.sums.means()
        return {"loss": loss, "accuracy": None if self.run.regression else accuracy, **self._validate(told)}

    def _take_best(self) -> None:
        """At the end: go back to the best weights, if they are asked for."""
        self.ending, best_weights = self.watch.end()
        if self.ending is None:
            return
        if best_weights:
            set_weights(self.model, best_weights)
            self._show_weights(now=True)
        self._keep()

    def _batches_at_once(self, whole: int) -> int:
        """How many batches the next call trains, of those of full size that the epoch still has."""
        if self.control.paused or self.control.batch_seconds:
            return 1
        if self._may_be_watched():
            whole = min(whole, self.batches - 1 - self.batch)
        return max(1, min(self.steps.batches(), whole))

    def _obey(self) -> None:
        """Stop, pause and the learning rate, before a batch."""
        if self.control.paused and not self.control.stopped:
            self._report_batches()
            self._show_weights(now=True)
            self.report(events.Paused())
            self.control.wait_while_paused()
            self.speed.restart()
            self.report(events.Resumed())
        if self.control.stopped:
            raise StoppedError
        self._set_rate()

    def _set_rate(self) -> None:
        """The rate that a person wants, times what the schedule makes of it in this epoch."""
        rate = self.control.learning_rate * self.watch.factor(self.epoch)
        if self.rate != rate:
            self.rate = rate
            self.model.optimizer.learning_rate = self.rate

    def _train_batches(self, part: Part, count: int) -> None:
        start, size = time.perf_counter(), len(part) // count
        x, y = self.data.scaling.apply(part.x), self._labels(part.y)
        weights = None if self.class_weights is None else self.class_weights[part.y].reshape(count, size)
        measured = self._step(x.reshape(count, size, *x.shape[1:]), y.reshape(count, size, *y.shape[1:]), weights)
        for loss, accuracy in measured:
            self.batch += 1
            self.sums.add(size, loss, 0.0 if self.run.regression else accuracy)
            self.points.append((self.epoch - 1 + self.batch / self.batches, loss, accuracy))
        self.speed.add(len(part))
        if not all(math.isfinite(loss) for loss, _ in measured):
            self._report_batches()
            raise NotANumberError
        if time.perf_counter() - self.reported_at > REPORT_SECONDS:
            self._report_batches()
        self._show_weights(now=self.control.batch_seconds >= PICTURE_SECONDS)
        if self.control.batch_seconds:
            self.control.wait(self.control.batch_seconds - (time.perf_counter() - start))

    def _show_weights(self, now: bool = False) -> None:
        """Weights of a points network for the picture of its boundary, some times a second."""
        if self.shows_weights and (now or time.perf_counter() - self.pictured_at > PICTURE_SECONDS):
            self.pictured_at = time.perf_counter()
            at = self.epoch - 1 + self.batch / self.batches
            self.report(events.Weights(at, pack(get_weights(self.model))))

    def _report_batches(self) -> None:
        """Tell what happened since the last report: at most four times a second, however fast the batches are."""
        self.reported_at = time.perf_counter()
        if not self.points:
            return
        rate = self.speed.samples_per_second()
        epochs_left = max(0, self.control.epochs - self.epoch) + 1 - self.batch / self.batches
        left = None
        if rate is not None:
            every = 1 if self.run.training.watches else self.tell_every
            validations = math.ceil(epochs_left / every) * self.validation_seconds
            left = epochs_left * len(self.data.train) / rate + validations
        self.report(events.Batch(self.epoch, self.batch, thin(self.points, POINTS_PER_REPORT), rate, left))
        self.points = []

    def _validate(self, told: bool) -> dict[str, float | None]:
        if not len(self.data.validation):
            return {}
        start = time.perf_counter()
        if told:
            self.report(events.Validating())
        outputs = self._predict(self.data.validation, until_stopped=True)
        loss, accuracy = self._score(self.data.validation, outputs)
        if self.validated:  # the first one builds Keras' graph as well: no measure of those that are left
            self.validation_seconds = time.perf_counter() - start
        self.busy_seconds += time.perf_counter() - start
        self.validated = True
        self.speed.restart()
        return {"val_loss": loss, "val_accuracy": accuracy}

    def _keep(self) -> None:
        sums = (self.sums.samples, self.sums.loss, self.sums.accuracy)
        self.kept_at = time.perf_counter()
        state = {**get_state(self.model), **self.watch.state()}
        self.keep(Checkpoint(self.epoch, self.batch, get_weights(self.model), state, sums))

    def _predict(self, part: Part, until_stopped: bool = False) -> NDArray[np.float32]:
        """Outputs for a part. The last batch is filled up: another batch size would cost another trace."""
        rows = []
        for start in range(0, len(part), TEST_BATCH):
            if until_stopped and self.control.stopped:
                raise StoppedError
            x = self.data.scaling.apply(part.x[start : start + TEST_BATCH])
            filled = np.concatenate([x, np.zeros((TEST_BATCH - len(x), *x.shape[1:]), np.float32)])
            rows.append(np.asarray(self.model.predict_on_batch(filled), np.float32)[: len(x)])
        return np.concatenate(rows)

    def _score(self, part: Part, outputs: NDArray[np.float32]) -> tuple[float, float | None]:
        """Mean loss, with the penalty of large weights, and the share of right answers where there are classes."""
        losses = keras.losses.get(build_loss(self.run.training))(self._labels(part.y), outputs)
        loss = float(keras.ops.convert_to_numpy(keras.ops.mean(losses)))
        loss += sum(float(keras.ops.convert_to_numpy(penalty)) for penalty in self.model.losses)
        if self.run.regression:
            return loss, None
        predicted = outputs[:, 0] > 0.5 if self.run.binary else outputs.argmax(axis=1)
        return loss, float(np.mean(predicted == part.y))

    def _loss(self, part: Part, outputs: NDArray[np.float32]) -> float:
        return self._score(part, outputs)[0]

    def _labels(self, y: NDArray[Any]) -> NDArray[Any]:
        if self.run.regression or self.run.binary:
            return y.astype(np.float32)[:, None]
        if not self.run.training.one_hot:
            return y.astype(np.int32)
        return np.eye(len(self.run.data.class_names), dtype=np.float32)[y]


def thin(points: list[tuple[float, float, float]], most: int) -> list[list[float]]:
    """At most `most` points: neighbours are averaged, so that none is left out.

    >>> thin([(1.0, 4.0, 0.0), (2.0, 2.0, 1.0), (3.0, 1.0, 1.0)], 2)
    [[1.5, 3.0, 0.5], [3.0, 1.0, 1.0]]
    """
    group = math.ceil(len(points) / most)
    groups = [points[i : i + group] for i in range(0, len(points), group)]
    return [[sum(column) / len(part) for column in zip(*part, strict=True)] for part in groups]
