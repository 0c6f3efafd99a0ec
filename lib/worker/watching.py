"""What a training does by itself when an epoch is no better than those before: as Keras' callbacks do it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.specs.training import TrainSpec

LEAST_GAIN = 1e-4
"""Keras' `min_delta` of `ReduceLROnPlateau`: a smaller gain is none."""


def better(monitor: str, value: float, best: float, least_gain: float = 0.0) -> bool:
    """Whether an epoch is an improvement; the first one always is. Compared in float32, as Keras does.

    Args:
        monitor: a name in Keras' history; of an accuracy more is better, of a loss less.
        value: of this epoch.
        best: the best one so far; NaN where there is none.
        least_gain: how much better it must be, at least.

    >>> better("val_loss", 0.5, math.nan), better("val_accuracy", 0.5, 0.6), better("loss", 0.59995, 0.6, 1e-4)
    (True, False, False)
    """
    if math.isnan(best):
        return True
    if monitor.endswith("accuracy"):
        return bool(np.float32(value - least_gain) > np.float32(best))
    return bool(np.float32(value + least_gain) < np.float32(best))


class Plateau:
    """Lowers the learning rate after some epochs without a better value: `keras.callbacks.ReduceLROnPlateau`.

    Attributes:
        factor: what the learning rate is multiplied by now.
    """

    def __init__(self, training: TrainSpec) -> None:
        self._training = training
        self._best, self._waited, self.factor = math.nan, 0, 1.0

    def seen(self, value: float) -> None:
        """Take what the monitor says of an epoch."""
        training = self._training
        if better(training.monitor, value, self._best, LEAST_GAIN):
            self._best, self._waited = value, 0
            return
        self._waited += 1
        if self._waited >= training.plateau_patience:
            self._waited, self.factor = 0, self.factor * training.plateau_factor

    def state(self) -> NDArray[np.float64]:
        """What must be known to go on."""
        return np.array([self._best, self._waited, self.factor])

    def go_on(self, state: NDArray[Any]) -> None:
        """Take `state` back."""
        self._best, self._waited, self.factor = float(state[0]), int(state[1]), float(state[2])
