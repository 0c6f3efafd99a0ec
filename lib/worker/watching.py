"""What a training does by itself when an epoch is no better than those before: as Keras' callbacks do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from lib.arrays import Arrays
from lib.specs.schedules import factor
from lib.specs.training import TrainSpec

LEAST_GAIN = 1e-4
"""Keras' `min_delta` of `ReduceLROnPlateau`: a smaller gain is none."""
_BEST = "best/"
_WATCHING = "watching/"
"""Names in a checkpoint's `state` that belong to what was watched begin so."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What early stopping made of a training.

    Attributes:
        early: whether it ended the training before the last epoch.
        best_epoch: where the monitor was best.
        best: what it was there.
        restored: whether the model has the weights of that epoch.
    """

    early: bool
    best_epoch: int
    best: float
    restored: bool


def better(monitor: str, value: float, best: float | None, least_gain: float = 0.0) -> bool:
    """Whether an epoch is an improvement; the first one always is. Compared in float32, as Keras does.

    Args:
        monitor: a name in Keras' history; of an accuracy more is better, of a loss less.
        value: of this epoch.
        best: the best one so far, or None.
        least_gain: how much better it must be, at least.

    >>> better("val_loss", 0.5, None), better("val_accuracy", 0.5, 0.6), better("loss", 0.59995, 0.6, 1e-4)
    (True, False, False)
    """
    if best is None:
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
        self._best: float | None = None
        self._waited, self.factor = 0, 1.0

    def seen(self, value: float) -> None:
        """Take what the monitor says of an epoch."""
        training = self._training
        if better(training.monitor, value, self._best, LEAST_GAIN):
            self._best, self._waited = value, 0
            return
        self._waited += 1
        if self._waited >= training.plateau_patience:
            self._waited, self.factor = 0, self.factor * training.plateau_factor

    def state(self) -> Arrays:
        """What must be known to go on, as named arrays."""
        if self._best is None:
            return {}
        return {"plateau": np.array([self._best, self._waited, self.factor])}

    def go_on(self, state: Arrays) -> None:
        """Take `state` back, if it is among these arrays."""
        if "plateau" in state:
            best, waited, self.factor = map(float, state["plateau"])
            self._best, self._waited = best, int(waited)


class EarlyStopping:
    """Ends a training after some epochs without a better value: `keras.callbacks.EarlyStopping`.

    Attributes:
        best: the best value so far; None before the first epoch.
        best_epoch: where it was reached, from 1.
        best_weights: of that epoch, by name; nothing where they are not asked for.
    """

    def __init__(self, training: TrainSpec) -> None:
        self._training = training
        self.best: float | None = None
        self.best_epoch = self._waited = 0
        self.best_weights: Arrays = {}

    def seen(self, value: float, epoch: int, weights: Callable[[], Arrays]) -> bool:
        """Take what the monitor says of an epoch.

        Args:
            value: of the monitor.
            epoch: from 1.
            weights: gives those that the model has now.

        Returns:
            Whether the training ends here.
        """
        training = self._training
        if better(training.monitor, value, self.best):
            self.best, self.best_epoch, self._waited = value, epoch, 0
            if training.restore_best_weights:
                self.best_weights = weights()
            return False
        self._waited += 1
        return self._waited >= training.patience

    def state(self) -> Arrays:
        """What must be known to go on, as named arrays."""
        if self.best is None:
            return {}
        best = {f"{_BEST}{name}": values for name, values in self.best_weights.items()}
        return {"stopping": np.array([self.best, self.best_epoch, self._waited]), **best}

    def go_on(self, state: Arrays) -> None:
        """Take `state` back, if it is among these arrays."""
        if "stopping" in state:
            best, epoch, waited = map(float, state["stopping"])
            self.best, self.best_epoch, self._waited = best, int(epoch), int(waited)
            self.best_weights = {n.removeprefix(_BEST): each for n, each in state.items() if n.startswith(_BEST)}


class Watch:
    """What a training watches from epoch to epoch: the learning rate's plateau, its early end, both, or nothing.

    Args:
        training: says what.

    Attributes:
        ends: whether the training ends by itself after this epoch.
    """

    def __init__(self, training: TrainSpec) -> None:
        self._training = training
        self._plateau = Plateau(training) if training.schedule == "reduce_on_plateau" else None
        self._stopping = EarlyStopping(training) if training.early_stopping else None
        self.ends = False

    def factor(self, epoch: int) -> float:
        """What the learning rate is multiplied by in an epoch (from 1)."""
        return factor(self._training, epoch) if self._plateau is None else self._plateau.factor

    def seen(self, measured: Mapping[str, float], epoch: int, weights: Callable[[], Arrays]) -> None:
        """Take what an epoch reached, by names of Keras' history; `weights` gives those that the model has now."""
        if not self._training.watches:
            return
        value = measured[self._training.monitor]
        if self._plateau is not None:
            self._plateau.seen(value)
        if self._stopping is not None:
            self.ends = self._stopping.seen(value, epoch, weights)

    def end(self) -> tuple[Ending | None, Arrays]:
        """What early stopping made of the training, and the weights to take, if any.

        More epochs begin to watch anew, as another `fit` of Keras would.
        """
        seen = self._stopping
        if seen is None or seen.best is None:
            return None, {}
        self._stopping = EarlyStopping(self._training)
        return Ending(self.ends, seen.best_epoch, seen.best, bool(seen.best_weights)), seen.best_weights

    def state(self) -> Arrays:
        """What must be known to go on, as named arrays."""
        watched = {**(self._plateau.state() if self._plateau else {})}
        watched |= self._stopping.state() if self._stopping else {}
        return {f"{_WATCHING}{name}": values for name, values in watched.items()}

    def go_on(self, state: Arrays) -> Arrays:
        """Take `state` back from a checkpoint's. Returns: the arrays that are not of this watch."""
        watched = {name.removeprefix(_WATCHING): values for name, values in state.items() if _is_watched(name)}
        for part in (self._plateau, self._stopping):
            if part is not None:
                part.go_on(watched)
        return {name: values for name, values in state.items() if not _is_watched(name)}


def _is_watched(name: str) -> bool:
    return name.startswith(_WATCHING)
