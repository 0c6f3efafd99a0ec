"""A network that reads points in the plane, as pictures: the points, its answer and each unit's at every place.

The browser only paints. A picture is plain data: grids as base64 of one byte a cell, so that several of them a second
can be sent.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.plane import HIGH, LOW, SIDE, LayerOutputs, Scores, Values, Weights, outputs_of_layers, places
from lib.data.bundled.points import features
from lib.data.preparing import prepare
from lib.figures.base.colours import IN_THE_PLANE
from lib.specs.data import DataSpec
from lib.specs.layers.known import Dense
from lib.specs.run import RunSpec

THUMB = 24
"""Cells of a unit's own picture along one axis: half as many as the plane has."""
MOST_UNITS = 8
"""Units of a layer that are drawn; a wider layer shows its first ones."""
MOST_COLUMNS = 6
"""Layers that are drawn, a column each; of a deeper network the last ones, which say most."""


@lru_cache(maxsize=32)
def inputs_at_places(names: str) -> Values:
    """What the network reads at each place, `(SIDE * SIDE, features)`; `names` as in `DataSpec.features`."""
    return features(places(), names.split("-"))


def points_picture(data: DataSpec) -> dict[str, Any]:
    """The points alone, as they are chosen; a fold's points stand among the training points."""
    parts = prepare(data.without_folds, 0.0)
    assert parts.train_points is not None
    assert parts.test_points is not None
    return {
        "colours": IN_THE_PLANE,
        "classes": list(data.class_names),
        "range": [LOW, HIGH],
        "train": _packed_points(parts.train_points, parts.train.y, data),
        "test": _packed_points(parts.test_points, parts.test.y, data),
        "summary": describe_points(data),
    }


def network_picture(run: RunSpec, weights: Weights) -> dict[str, Any]:
    """The points, the network's answer over the plane, and each drawn unit's, with the weights between these units."""
    seen = outputs_of_layers(run.model, weights, inputs_at_places(run.data.features))
    shown = seen[-MOST_COLUMNS:]
    before = seen[-MOST_COLUMNS - 1] if len(seen) > MOST_COLUMNS else None
    output = seen[-1].outputs
    grids = [_bytes(output, unit, 0.0, 1.0) for unit in range(output.shape[1])]
    if run.regression:
        grids = [_bytes(output, 0, -1.0, 1.0)]
    return points_picture(run.data) | {
        "side": SIDE,
        "thumb": THUMB,
        "output": [_text(grid) for grid in grids],
        "inputs": _input_units(run.data, before),
        "layers": [_layer_data(column, weights) for column in shown],
    }


def describe_points(data: DataSpec) -> str:
    """The points in a sentence."""
    parts = prepare(data.without_folds, 0.0)
    names = ", ".join(data.class_names) or "a number from -1 to 1"
    return (
        f"{len(parts.train.y):,} training and {len(parts.test.y):,} test points, {data.points_kind.replace('_', ' ')};"
        f" the network answers for each: {names}."
    )


def describe_scores(at: float, now: Scores) -> str:
    """Place in the training, losses and accuracies in a sentence.

    >>> describe_scores(12.5, Scores(0.1, 0.2, 0.95, 0.9))
    'After 12.50 epochs: loss 0.1000 on training and 0.2000 on test points, accuracy 95.0% and 90.0%.'
    """
    text = f"After {at:.2f} epochs: loss {now.train_loss:.4f} on training and {now.test_loss:.4f} on test points"
    if now.train_accuracy is None or now.test_accuracy is None:
        return f"{text}."
    return f"{text}, accuracy {100 * now.train_accuracy:.1f}% and {100 * now.test_accuracy:.1f}%."


def _packed_points(xy: Values, y: NDArray[Any], data: DataSpec) -> dict[str, str]:
    """Places as 16-bit steps from end to end; class, or target from -1 to 1 as 0 to 255, one byte each."""
    steps = np.clip((xy - LOW) / (HIGH - LOW), 0, 1) * 65_535
    labels = y if data.class_names else np.clip(np.rint(127.5 * (y + 1)), 0, 255)
    return {"places": _text(np.rint(steps).astype("<u2")), "labels": _text(labels.astype(np.uint8))}


def _input_units(data: DataSpec, before: LayerOutputs | None) -> list[dict[str, Any]]:
    """The first column: the features. In a network too deep to draw it is the layer before the first drawn one."""
    if before is not None:
        return [_unit(f"{before.name}[{unit}]", before.outputs, unit, 0.0) for unit in range(_drawn(before.outputs))]
    values = inputs_at_places(data.features)
    return [_unit(name, values, place, 0.0) for place, name in enumerate(data.number_names)]


def _layer_data(column: LayerOutputs, weights: Weights) -> dict[str, Any]:
    activation = column.layer.activation if isinstance(column.layer, Dense) else ""
    centre = 0.5 if activation in ("sigmoid", "softmax") else 0.0
    units = [
        _unit(f"{column.name}[{unit}]", column.outputs, unit, centre) | _incoming(column.name, unit, weights)
        for unit in range(_drawn(column.outputs))
    ]
    return {"name": column.name, "activation": activation, "count": column.outputs.shape[1], "units": units}


def _drawn(outputs: Values) -> int:
    return min(outputs.shape[1], MOST_UNITS)


def _incoming(name: str, unit: int, weights: Weights) -> dict[str, Any]:
    """A Dense unit's weights and bias; nothing for a layer without a kernel."""
    kernel, bias = weights.get(f"{name}/kernel"), weights.get(f"{name}/bias")
    if kernel is None:
        return {}
    shown = [_short(value) for value in kernel[:MOST_UNITS, unit]]
    return {
        "weights": shown,
        "more": max(0, len(kernel) - MOST_UNITS),
        "bias": None if bias is None else _short(bias[unit]),
    }


def _unit(name: str, outputs: Values, unit: int, centre: float) -> dict[str, Any]:
    """A unit's own picture: its values around `centre`, scaled by the largest distance from it."""
    values = outputs[:, unit]
    low, high = float(values.min()), float(values.max())
    most = max(high - centre, centre - low) or 1.0
    halves = values.reshape(THUMB, 2, THUMB, 2).mean(axis=(1, 3))
    grid = _bytes(halves.reshape(-1, 1), 0, centre - most, centre + most)
    return {"name": name, "grid": _text(grid), "range": [_short(low), _short(high)]}


def _bytes(outputs: Values, unit: int, low: float, high: float) -> NDArray[np.uint8]:
    """One unit's values from `low` to `high` as 0 to 255."""
    shares = np.clip((outputs[:, unit] - low) / (high - low), 0.0, 1.0)
    return np.asarray(np.rint(255 * shares), np.uint8)


def _short(value: float) -> float:
    """A number with four digits: more are never shown."""
    return float(f"{float(value):.4g}")


def _text(values: NDArray[Any]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
