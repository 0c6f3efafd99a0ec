"""A whole network on one screen: each layer's real outputs for one sample as small pictures."""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.text import UNKNOWN_ID
from lib.figures.base.colours import DIVERGING
from lib.figures.learn.sequences import Row
from lib.specs.layers.branches import WAYS
from lib.specs.layers.known import Conv2D, Dense, Layer, ParallelConv2D
from lib.specs.model import INPUT, ModelSpec

Values = NDArray[np.float32]

SHOWN = 8
"""Maps of a layer that are shown before a person asks for all."""
MOST_SENT = 64
"""So many of a layer's maps go to the browser at most, the strongest."""
MOST_PAIRS = 4_096
"""Ties between two layers are told where there are not more of them."""
_NOTHING: dict[str, Any] = {
    "vector": False, "size": [0, 0], "count": 0, "order": [], "low": [], "high": [], "steps": "", "numbers": [],
}  # fmt: skip
"""A column without maps."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A map of a layer, or a number of its vector.

    Attributes:
        layer: its name.
        unit: from 0.
    """

    layer: str
    unit: int


def network(
    model: ModelSpec,
    weights: dict[str, NDArray[Any]],
    sample: Values,
    outputs: Sequence[Values],
    *,
    class_names: Sequence[str],
    shared: bool,
    chosen: Chosen | None,
    input_names: Sequence[str] = (),
    row: Row | None = None,
    frozen: Collection[str] = (),
) -> dict[str, Any]:
    """What the component of the network is fed: plain JSON, values as base64 of one byte each.

    Args:
        model: the stack.
        weights: arrays by name.
        sample: what goes into the first layer, scaled.
        outputs: of each layer, as `forward` gives them.
        class_names: what the last layer's numbers are called; empty where they have no names.
        shared: whether the maps of a layer share one range of colours; otherwise each has its own.
        chosen: what the explorer shows.
        input_names: what the numbers of the input are called, such as a table's columns; empty where they have no
            names.
        row: the sentence that goes in, or None.
        frozen: names of layers that did not learn.
    """
    columns = [{"name": INPUT, "brief": "", "ties": None, "names": list(input_names), **_input(sample, row)}]
    for name, layer, values in zip(model.layer_names(), model.layers, outputs, strict=True):
        brief = f"{layer.brief} frozen".strip() if name in frozen else layer.brief
        columns.append({"name": name, "brief": brief, "ties": _ties(layer, name, weights), **_values(values, row)})
    columns[-1]["names"] = list(class_names) if len(class_names) == outputs[-1].size else []
    return {
        "layers": columns,
        "shared": shared,
        "chosen": None if chosen is None else [chosen.layer, chosen.unit],
        "shown": SHOWN,
        "said": describe_network(model, chosen),
        "diverging": [colour for _, colour in DIVERGING],
    }


def _input(sample: Values, row: Row | None) -> dict[str, Any]:
    """An image or a vector as any layer's output; of a sentence its words with their ids, and how much padding."""
    if row is None:
        return _values(sample, None)
    words = [
        {"word": word, "id": int(number), "known": bool(number != UNKNOWN_ID)}
        for word, number, place in zip(row.words, row.ids, row.places, strict=True) if place
    ]  # fmt: skip
    return {**_NOTHING, "shape": f"{len(sample):,}", "tokens": words, "padding": len(sample) - len(words)}


def _steps_of_words(values: Values, row: Row | None) -> dict[str, Any]:
    """A vector for each step as one picture, a line for each step. Where the steps are words, padding is left out."""
    words = len(values) == len(row.places) if row is not None else False
    real = [step for step, place in enumerate(row.places) if place] if words and row is not None else slice(None)
    shown = np.ascontiguousarray(values[real])
    low, high = _ranges(shown.reshape(1, -1))
    return {
        **_NOTHING, "shape": " × ".join(f"{axis:,}" for axis in values.shape), "matrix": True,
        "size": list(shown.shape), "count": 1, "order": [0], "low": low.tolist(), "high": high.tolist(),
        "steps": _steps(shown.reshape(1, -1), low, high),
        "words": [word for word, place in zip(row.words, row.places, strict=True) if place] if words and row else [],
    }  # fmt: skip


def _values(values: Values, row: Row | None) -> dict[str, Any]:
    """Maps, the strongest first, or a vector; each number as one of 256 steps of its own map's range."""
    if values.ndim == 2:
        return _steps_of_words(values, row)
    shape = " × ".join(f"{axis:,}" for axis in values.shape)
    if values.ndim == 1:
        low, high = _ranges(values[None])
        numbers = values.tolist() if len(values) <= MOST_SENT else []
        steps = _steps(values[None], low, high)
        return {"shape": shape, "vector": True, "size": [1, len(values)], "count": 1, "order": [0],
                "low": low.tolist(), "high": high.tolist(), "steps": steps, "numbers": numbers}  # fmt: skip
    maps = np.ascontiguousarray(np.moveaxis(values, -1, 0)).reshape(values.shape[-1], -1)
    order = np.argsort(-np.abs(maps).mean(axis=1), kind="stable")[:MOST_SENT]
    # A picture's own channels stay in their order.
    order = np.sort(order) if len(maps) <= 3 else order
    low, high = _ranges(maps[order])
    return {"shape": shape, "vector": False, "size": list(values.shape[:2]), "count": len(maps),
            "order": order.tolist(), "low": low.tolist(), "high": high.tolist(),
            "steps": _steps(maps[order], low, high), "numbers": []}  # fmt: skip


def _ranges(maps: Values) -> tuple[Values, Values]:
    """The value of the first colour and of the last one, for each map: from 0 on, or as far below 0 as above."""
    high = np.abs(maps).max(axis=1)
    high[high == 0] = 1
    return (-high if maps.min() < 0 else np.zeros_like(high)), high


def _steps(maps: Values, low: Values, high: Values) -> str:
    scaled = (maps - low[:, None]) * (255 / (high - low))[:, None]
    return base64.b64encode(np.rint(scaled).astype(np.uint8).tobytes()).decode()


def _ties(layer: Layer, name: str, weights: dict[str, NDArray[Any]]) -> list[list[float]] | None:
    """How strongly each map of a layer hangs on each map before it: the sum of the absolute weights between them.

    Returns:
        A row for each map of the layer, with a share of 1 for each map before it; None where each map hangs on the one
        in its own place, or where there are too many.
    """
    if isinstance(layer, Conv2D):
        kernel = weights[f"{name}/kernel"]
        strengths = np.abs(kernel).sum(axis=(0, 1)).T
    elif isinstance(layer, ParallelConv2D):
        kernels = [weights[f"{name}/{way}_kernel"] for way in WAYS]
        strengths = np.concatenate([np.abs(kernel).sum(axis=(0, 1)).T for kernel in kernels])
    elif isinstance(layer, Dense):
        strengths = np.abs(weights[f"{name}/kernel"]).T
    else:
        return None
    if strengths.size > MOST_PAIRS:
        return None
    shares = strengths / np.maximum(strengths.max(axis=1, keepdims=True), 1e-12)
    rounded: list[list[float]] = np.round(shares, 2).tolist()
    return rounded


def describe_network(model: ModelSpec, chosen: Chosen | None) -> str:
    """The network in words.

    >>> from lib.specs.layers.known import Flatten
    >>> describe_network(ModelSpec((28, 28, 1), (Conv2D(filters=4), Flatten())), Chosen("conv2d", 2))
    'input 28×28×1, conv2d 26×26×4, flatten 2704; shown below: conv2d 2'
    """
    names, shapes = (INPUT, *model.layer_names()), (model.input_shape, *model.shapes())
    layers = [f"{name} {'×'.join(map(str, shape))}" for name, shape in zip(names, shapes, strict=True)]
    return ", ".join(layers) + (f"; shown below: {chosen.layer} {chosen.unit}" if chosen else "")


def units_of(model: ModelSpec, layer: str) -> int:
    """How many maps or numbers a layer gives, 1 where it gives a vector a step; 0 where the model has no such layer."""
    names = model.layer_names()
    shape = model.shapes()[names.index(layer)] if layer in names else (0,)
    return 1 if len(shape) == 2 else shape[-1]
