"""The saved curves of the Overfitting page: real trainings, made by `tools/overfitting_curves.py`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).parents[3] / "assets" / "data" / "overfitting.json"


@dataclass(frozen=True, slots=True)
class SavedRun:
    """One training; the curves have one value for each epoch that was run.

    Attributes:
        units: of the one hidden layer.
        remedy: "plain", "dropout", "l2", "early_stopping" or "more_data".
        parameters: of the whole network.
        kept_epoch: from 1; the weights of this epoch are the result.
        loss, accuracy: of the training part, measured after each epoch with dropout off and the penalty left out.
        val_loss, val_accuracy: of the validation part.
        running_loss: of the training part, as Keras tells it: the mean over the epoch's batches, each with the weights
            of that moment and with dropout on; penalty left out. Empty where the file does not have it.
    """

    units: int
    remedy: str
    parameters: int
    kept_epoch: int
    loss: tuple[float, ...]
    val_loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    val_accuracy: tuple[float, ...]
    running_loss: tuple[float, ...] = ()

    def result(self, curve: str) -> float:
        """Value of a curve, such as "val_loss", with the weights of the result, those of `kept_epoch`."""
        return float(getattr(self, curve)[self.kept_epoch - 1])


@cache
def saved_runs() -> dict[tuple[str, int], SavedRun]:
    """All runs by remedy and units, in the order of the file."""
    runs = (SavedRun(**{key: _frozen(value) for key, value in run.items()}) for run in _content()["runs"])
    return {(run.remedy, run.units): run for run in runs}


@cache
def about() -> dict[str, Any]:
    """How they were made: data, settings, versions, and the command."""
    return dict(_content()["about"])


def _content() -> dict[str, Any]:
    return dict(json.loads(PATH.read_text(encoding="utf-8")))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
