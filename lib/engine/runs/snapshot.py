"""Immutable views of a run, for drawing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lib.engine.runs.inside import InsidePoint
from lib.specs.run import RunSpec

Status = Literal["queued", "running", "paused", "done", "stopped", "failed"]
Activity = Literal["", "building", "training", "validating", "testing", "stopping"]
ACTIVE: tuple[Status, ...] = ("queued", "running", "paused")


@dataclass(frozen=True, slots=True)
class EpochPoint:
    """What one epoch reached. Losses in nats (or squared units), accuracies from 0 to 1, time in seconds.

    `val_loss` and `val_accuracy` are None without a validation part, accuracies where a number is predicted.
    """

    epoch: int
    loss: float
    accuracy: float | None
    val_loss: float | None
    val_accuracy: float | None
    seconds: float
    learning_rate: float


@dataclass(frozen=True, slots=True)
class BatchCurve:
    """Training loss and accuracy by batch, thinned to at most 500 points; `epoch` is fractional (1.5 = middle of 2).

    There is no accuracy where a number is predicted.
    """

    epoch: tuple[float, ...] = ()
    loss: tuple[float, ...] = ()
    accuracy: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The test part, seen once by the trained model. The accuracy is None where a number is predicted."""

    loss: float
    accuracy: float | None
    samples: int
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class WeightsNow:
    """Weights of a points network in mid-training.

    Attributes:
        at: place on the epoch axis (1.5 = middle of epoch 2).
        packed: weights by name, see `lib.arrays.unpack`.
    """

    at: float
    packed: bytes


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """A run at one moment.

    Attributes:
        status: one of queued, running, paused, done, stopped, failed.
        activity: what it is doing right now; "" where its status says enough.
        message: a sentence for a person where something needs saying (why it failed, that a worker was lost), or "".
        place: place in line, 1 = next; 0 when not queued.
        wait_seconds: estimate until a queued run starts; None when unknown.
        epoch: epoch being trained, from 1; 0 before the first. After the end: the last one trained.
        epochs: epochs this run is to have in all.
        batch, batches: within the epoch.
        samples_per_second, seconds_left: None until measured, or when not running.
        device: such as "CPU (2 cores)" or "NVIDIA H200"; "" before the start.
        learning_rate: in force now.
        inside: the watched epochs, in order; none where the inside is not watched.
        weights_now: of a points network only, while this app has seen it train; not kept in the store.
        evaluation: None until the test part was seen.
        evaluating: the test part is being seen right now (also after `stopped`).
        brought: its first weights come from a file, not from its seed.
        pruned: its sweep has stopped it, because others were better at the same epoch.
        best_epoch: the epoch whose weights it ended with, where it went back to the best ones; else 0.
        can_resume: it ended, and there is a checkpoint to go on from (more epochs, or the rest of them).
        created_at, ended_at: seconds since 1970; ended_at is None while active.
        version: grows with every event; equal versions are equal snapshots, but for the title.
    """

    id: str
    owner: str
    title: str
    spec: RunSpec
    status: Status
    activity: Activity = ""
    message: str = ""
    place: int = 0
    wait_seconds: float | None = None
    epoch: int = 0
    epochs: int = 0
    batch: int = 0
    batches: int = 0
    samples_per_second: float | None = None
    seconds_left: float | None = None
    device: str = ""
    learning_rate: float = 0.0
    batch_curve: BatchCurve = field(default_factory=BatchCurve)
    epoch_points: tuple[EpochPoint, ...] = ()
    inside: tuple[InsidePoint, ...] = ()
    weights_now: WeightsNow | None = None
    evaluation: Evaluation | None = None
    evaluating: bool = False
    brought: bool = False
    can_resume: bool = False
    pruned: bool = False
    best_epoch: int = 0
    created_at: float = 0.0
    ended_at: float | None = None
    version: int = 0

    @property
    def active(self) -> bool:
        """Queued, running or paused."""
        return self.status in ACTIVE

    @property
    def changing(self) -> bool:
        """Worth looking at again soon: active, or its test part is still being seen."""
        return self.active or self.evaluating

    @property
    def epochs_trained(self) -> int:
        """Complete epochs; of thousands of short ones not all have a point."""
        return max(self.epoch_points[-1].epoch if self.epoch_points else 0, self.epoch - 1)

    @property
    def progress(self) -> float:
        """Share of all batches that are trained, 0 to 1; 1 for a run that is done."""
        if self.status == "done":
            return 1.0  # early stopping may have left epochs out
        if not self.epochs:
            return 0.0
        within = self.batch / self.batches if self.batches else 0.0
        return min(1.0, (max(self.epoch - 1, 0) + within) / self.epochs)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One line of the list of past runs; no loss before it was tested, no accuracy where a number is predicted.

    Attributes:
        spoiled: how its data were spoiled on purpose, one of `lib.specs.data.SPOILED`, or "".
    """

    id: str
    owner: str
    title: str
    status: Status
    dataset: str
    created_at: float
    epochs_trained: int
    test_accuracy: float | None
    test_loss: float | None = None
    spoiled: str = ""
