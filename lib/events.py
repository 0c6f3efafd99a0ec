"""What is told of a run, declared once: for the worker that tells it, the engine that shows it, and the store.

In code an event is one of these classes. On its way, and in the store, it is plain data: `{"kind": "batch", ...}`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

# --- told by a worker ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    """A worker has the training; from here on commands can be sent to it."""


@dataclass(frozen=True, slots=True)
class Started:
    """The model is built; training goes on after `batch` batches of `epoch` (from 1), each epoch having `batches`."""

    device: str
    batches: int
    epoch: int
    batch: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Where the training stands after some more batches.

    Attributes:
        epoch, batch: the epoch (from 1), and how many of its batches are trained.
        points: `[place on the epoch axis, loss, accuracy]` of each of them, thinned when there are many.
        samples_per_second: measured, or None.
        seconds_left: until the last epoch is complete, or None.
    """

    epoch: int
    batch: int
    points: list[list[float]]
    samples_per_second: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a points network in mid-training, at a place on the epoch axis; packed, see `lib.arrays`."""

    at: float
    weights: bytes


@dataclass(frozen=True, slots=True)
class Validating:
    """The validation part is being seen."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch is complete: means over its batches, the validation part if there is one, time in seconds.

    Accuracies are None where a number is predicted.
    """

    epoch: int
    loss: float
    accuracy: float | None
    seconds: float
    learning_rate: float
    val_loss: float | None = None
    val_accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """What was seen inside the network at the end of a watched epoch; told before its `Epoch`.

    Attributes:
        epoch: from 1.
        loss: of so many training samples, always the same, after the epoch and with dropout off; None where it is no
            number.
        samples: how many; the units were looked at with as many.
        part: what the units were looked at with: samples of the "validation" part or of the "training" part.
        share: of the time since the worker began this training, what watching took so far.
        layers: the fields of `lib.engine.runs.inside.LayerInside` for each layer that learns.
    """

    epoch: int
    loss: float | None
    samples: int
    part: str
    share: float
    layers: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint of this place waits on the worker, to be fetched."""

    epoch: int
    batch: int


@dataclass(frozen=True, slots=True)
class Paused:
    """Halted between two batches."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """Goes on after a pause."""


@dataclass(frozen=True, slots=True)
class Evaluating:
    """All epochs are trained; the test part is being seen."""


@dataclass(frozen=True, slots=True)
class Halted:
    """Ended before its last epoch: because somebody pressed Stop, or because the loss is no longer a number."""

    not_a_number: bool


# --- told by the engine --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Queued:
    """Put in line: for the first time (`attempt` 1), or to go on."""

    attempt: int
    epochs: int
    learning_rate: float


@dataclass(frozen=True, slots=True)
class Brought:
    """Its first weights come from a file, not from its seed."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """Sent to a worker."""


@dataclass(frozen=True, slots=True)
class Command:
    """Somebody pressed a button: `stop`, `epochs` (in all) or `learning_rate`. Or its sweep gives it up: `prune`."""

    word: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The test part was seen by the trained model, in `seconds`; the accuracy is None where a number is predicted."""

    loss: float
    accuracy: float | None
    samples: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """Trained to its end, and the test part was seen.

    Attributes:
        message: what a person should know of the end, such as why it came early, or "".
        best_epoch: the epoch whose weights it ended with, where it went back to the best ones; else 0.
    """

    message: str = ""
    best_epoch: int = 0


@dataclass(frozen=True, slots=True)
class Stopped:
    """Ended before its last epoch; `evaluating` while its test part is still being seen."""

    message: str = ""
    evaluating: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Ended by an error; the message is a sentence for a person."""

    message: str


@dataclass(frozen=True, slots=True)
class Curve:
    """All batches up to here, as the curve draws them: what is left of `Batch` events when a run has ended.

    Attributes:
        epoch, batch, samples_per_second, seconds_left: of the last `Batch`.
        points: `[place on the epoch axis, loss, accuracy]`, each the mean of `group` batches.
        rest: batches that did not fill another group.
        left_out: how many events it stands for, besides itself.
    """

    epoch: int
    batch: int
    samples_per_second: float | None
    seconds_left: float | None
    points: list[list[float]]
    rest: list[list[float]]
    group: int
    left_out: int


FromWorker = (
    Accepted
    | Started
    | Batch
    | Weights
    | Validating
    | Epoch
    | Inside
    | Checkpoint
    | Paused
    | Resumed
    | Evaluating
    | Halted
)
FromEngine = Queued | Brought | Submitted | Command | Evaluated | Done | Stopped | Failed | Curve
Event = FromWorker | FromEngine

PASSING = (Accepted, Weights, Halted)
"""Told, but not kept: a checkpoint holds the same weights, and a halt becomes the engine's `Stopped`."""

_CLASSES: dict[str, type[Event]] = {each.__name__.lower(): each for each in get_args(Event)}


def kind(event: Event) -> str:
    """The event's name in plain data.

    >>> kind(Validating())
    'validating'
    """
    return type(event).__name__.lower()


def to_plain(event: Event) -> dict[str, Any]:
    """The event as plain data.

    >>> to_plain(Checkpoint(epoch=2, batch=0))
    {'kind': 'checkpoint', 'epoch': 2, 'batch': 0}
    """
    fields = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    return {"kind": kind(event), **fields}


def from_plain(plain: Mapping[str, Any]) -> Event | None:
    """Read `to_plain` again.

    Args:
        plain: may hold more than the event's own fields, such as the time that the store adds.

    Returns:
        The event; None for a kind that only a newer program knows.

    Raises:
        TypeError: a field without a default is missing.
    """
    event_type = _CLASSES.get(plain["kind"])
    if event_type is None:
        return None
    names = {field.name for field in dataclasses.fields(event_type)}
    return event_type(**{name: value for name, value in plain.items() if name in names})


@dataclass(frozen=True, slots=True)
class Told:
    """An event on its way from a worker to the engine.

    Attributes:
        run_id: the run.
        attempt: which submission of it, from 1.
        number: counts the events of this attempt, from 1.
        worker: the worker's address.
        pid: id of its process, on its machine.
        memory_mb: resident memory of that process.
    """

    event: FromWorker
    run_id: str
    attempt: int
    number: int
    worker: str
    pid: int
    memory_mb: float

    def to_plain(self) -> dict[str, Any]:
        """What Dask carries."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {**fields, "event": to_plain(self.event)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Told:
        """Read `to_plain` again.

        Raises:
            ValueError: it is no event that a worker tells.
        """
        event = from_plain(plain["event"])
        if not isinstance(event, get_args(FromWorker)):
            raise ValueError(f"a worker tells no event {plain['event'].get('kind')!r:.60}")
        return cls(**{**plain, "event": event})
