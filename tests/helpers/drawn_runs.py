"""Runs whose curves are written down, for rules that judge curves."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from lib.engine.runs.inside import InsidePoint, LayerInside
from lib.engine.runs.snapshot import BatchCurve, EpochPoint, RunSnapshot
from lib.specs.run import RunSpec


def drawn(
    spec: RunSpec,
    loss: Sequence[float],
    accuracy: Sequence[float] | None = None,
    val_loss: Sequence[float] | None = None,
    val_accuracy: Sequence[float] | None = None,
    *,
    first: float | None = None,
    epochs: int | None = None,
    rates: Sequence[float] | None = None,
) -> RunSnapshot:
    """A run that has these curves, with one value for each epoch.

    Args:
        first: loss of the first batch; the first epoch's if None.
        epochs: that the run is to have; as many as there are if None.
        rates: learning rate of each epoch; the spec's if None.
    """

    def column(values: Sequence[float] | None) -> Sequence[float | None]:
        return [None] * len(loss) if values is None else values

    rate = rates or [spec.training.learning_rate] * len(loss)
    columns = zip(loss, column(accuracy), column(val_loss), column(val_accuracy), rate, strict=True)
    points = tuple(
        EpochPoint(number, now, right, val, val_right, 1.0, each)
        for number, (now, right, val, val_right, each) in enumerate(columns, 1)
    )
    start = first if first is not None else loss[0] if loss else 0.0
    curve = BatchCurve((0.1, *range(1, len(loss) + 1)), (start, *loss), (0.0,) * (len(loss) + 1))
    return RunSnapshot(
        "a" * 16, "ann", "title", spec, "running", epoch=len(loss), epochs=epochs or max(len(loss), 1),
        batch_curve=curve, epoch_points=points,
    )  # fmt: skip


def with_inside(run: RunSnapshot, every: int = 1, samples: int = 128, **of_layers: Sequence[Any]) -> RunSnapshot:
    """The run with its inside watched, each layer of it always alike.

    Args:
        run: drawn.
        every: so many epochs.
        samples: looked at, of the validation part.
        of_layers: fields of `LayerInside` with a value for each layer that learns; `gradient=(1, 1, 0.5)`.
    """
    usual = {"gradient": 1.0, "update": 1e-3, "dead": 0, "units": 10, "weights": None, "outputs": None}
    layers = tuple(
        LayerInside(**{**usual, "name": name, **{field: values[place] for field, values in of_layers.items()}})
        for place, name in enumerate(run.spec.model.learners)
    )
    epochs = range(every, len(run.epoch_points) + 1, every)
    points = tuple(InsidePoint(epoch, 0.5, samples, "validation", 0.05, layers) for epoch in epochs)
    return dataclasses.replace(run, inside=points)
