"""What the epochs of a run came to, in a few numbers that are stored with the run: lists need not read its events."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lib.engine.runs.snapshot import EpochPoint


@dataclass(frozen=True, slots=True)
class Reached:
    """What a run has reached; each number is None where there is none yet, or can be none.

    Attributes:
        train_seconds: time of all epochs together. Of thousands of short epochs some are told; they stand for all.
        val_loss, val_accuracy: of the validation part, after the last epoch.
        best_val_loss, best_val_accuracy: the lowest and the highest after any epoch.
    """

    train_seconds: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    best_val_loss: float | None = None
    best_val_accuracy: float | None = None


def reached(points: Sequence[EpochPoint]) -> Reached:
    """What these epochs came to.

    Args:
        points: of the epochs that were told, in order.

    >>> points = [EpochPoint(1, 0.9, 0.7, 0.5, 0.8, 2.0, 0.1), EpochPoint(2, 0.4, 0.9, 0.6, 0.9, 3.0, 0.1)]
    >>> reached(points)
    Reached(train_seconds=5.0, val_loss=0.6, val_accuracy=0.9, best_val_loss=0.5, best_val_accuracy=0.9)
    """
    if not points:
        return Reached()
    last = points[-1]
    seconds = sum(point.seconds for point in points) * last.epoch / len(points)
    losses = _numbers(point.val_loss for point in points)
    accuracies = _numbers(point.val_accuracy for point in points)
    return Reached(
        seconds, _number(last.val_loss), _number(last.val_accuracy), min(losses, default=None),
        max(accuracies, default=None),
    )  # fmt: skip


def _numbers(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if _number(value) is not None and value is not None]


def _number(value: float | None) -> float | None:
    """The value, if it can be compared: a loss that is no number any more is none."""
    return value if value is not None and math.isfinite(value) else None
