"""A trained network changed by hand: units switched off, small weights pruned, all weights rounded, one weight set.

Each function takes weights by name and gives new ones; what goes in stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lib.concepts.forward import weight_shapes
from lib.specs.changes import Changes
from lib.specs.layers.branches import WAYS
from lib.specs.layers.known import Conv1D, Conv2D, Dense, ParallelConv2D
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]
Weights = Mapping[str, Values]


def kernels(model: ModelSpec) -> tuple[str, ...]:
    """Names of the arrays that inputs are multiplied with: kernels of all kinds, no biases and no tables of words.

    >>> kernels(ModelSpec((4,), (Dense(units=3), Dense(units=2))))
    ('dense/kernel', 'dense_1/kernel')
    """
    return tuple(name for name in weight_shapes(model) if name.endswith("kernel"))


def units_of(model: ModelSpec) -> dict[str, int]:
    """Layers whose filters or units can be switched off, and how many each has.

    >>> units_of(ModelSpec((28, 28, 1), (Conv2D(filters=4), Dense(units=2))))
    {'conv2d': 4, 'dense': 2}
    """
    return {
        row.name: row.output_shape[-1]
        for row in model.trace
        if isinstance(row.layer, Conv1D | Conv2D | Dense | ParallelConv2D) and row.output_shape is not None
    }


def pruned(weights: Weights, names: tuple[str, ...], percent: float) -> dict[str, Values]:
    """Weights whose smallest are 0: magnitude pruning over all kernels together (Han, Pool, Tran, Dally 2015).

    Of all N weights in these arrays the `k = floor(N * percent / 100)` with the smallest `|w|` become 0. So a layer
    whose weights are small loses more of them than another.

    Args:
        weights: arrays by name.
        names: of the arrays that are pruned.
        percent: 0 to 100.

    >>> pruned({"a": np.array([3, -1], np.float32), "b": np.array([2, -4], np.float32)}, ("a", "b"), 50)
    {'a': array([3., 0.], dtype=float32), 'b': array([ 0., -4.], dtype=float32)}
    """
    sizes = [weights[name].size for name in names]
    count = int(sum(sizes) * percent / 100)
    if not count:
        return dict(weights)
    every = np.concatenate([weights[name].ravel() for name in names])
    every[np.argpartition(np.abs(every), count - 1)[:count]] = 0
    parts = np.split(every, np.cumsum(sizes)[:-1])
    return {**weights, **{name: part.reshape(weights[name].shape) for name, part in zip(names, parts, strict=True)}}


def rounded(weights: Weights, names: tuple[str, ...], bits: int) -> dict[str, Values]:
    """Weights of so many bits each: uniform symmetric quantisation, with one step for each array.

    `step = max|w| / (2**(bits - 1) - 1)`, and `w` becomes `step * round(w / step)`: one of `2**bits - 1` levels, of
    which 0 is one and of which there are as many below it as above.

    Args:
        weights: arrays by name.
        names: of the arrays that are rounded.
        bits: at least 2.

    >>> rounded({"a": np.array([-1.0, 0.4, 0.6, 0.0], np.float32)}, ("a",), 2)
    {'a': array([-1.,  0.,  1.,  0.], dtype=float32)}
    """
    levels = np.float32(2 ** (bits - 1) - 1)
    result = dict(weights)
    for name in names:
        step = np.abs(weights[name]).max() / levels
        if step:
            result[name] = np.rint(weights[name] / step) * step
    return result


def switched_off(model: ModelSpec, weights: Weights, layer: str, unit: int) -> dict[str, Values]:
    """Weights with which a filter or unit looks at nothing: those that lead into it, and its bias, are 0.

    It gives `activation(0)` then, whatever goes in: 0 with ReLU, tanh and their kind, 0.5 with sigmoid, and softmax
    reads a logit of 0.

    Args:
        model: the stack.
        weights: arrays by name.
        layer: name of a layer that `units_of` has.
        unit: from 0.
    """
    stem, place = f"{layer}/", unit
    if isinstance(model.layers[model.layer_names().index(layer)], ParallelConv2D):
        first = weights[f"{layer}/{WAYS[0]}_kernel"].shape[-1]
        stem, place = (f"{layer}/{WAYS[0]}_", unit) if unit < first else (f"{layer}/{WAYS[1]}_", unit - first)
    result = dict(weights)
    for name in (f"{stem}kernel", f"{stem}bias"):
        if name in weights:
            result[name] = weights[name].copy()
            result[name][..., place] = 0
    return result


def with_weight(weights: Weights, name: str, place: tuple[int, ...], value: float) -> dict[str, Values]:
    """Weights of which one has another value.

    >>> with_weight({"a": np.zeros((2, 2), np.float32)}, "a", (1, 0), 3)["a"].tolist()
    [[0.0, 0.0], [3.0, 0.0]]
    """
    array = weights[name].copy()
    array[place] = value
    return {**weights, name: array}


def strongest(output: Values, without: tuple[int, ...] = ()) -> int | None:
    """The filter or unit of a layer whose output is largest on average, by magnitude; None where none is left.

    Args:
        output: of the layer for one sample, units on the last axis.
        without: units that do not count.

    >>> strongest(np.array([[1, -5, 2], [1, -1, 2]], np.float32)), strongest(np.array([1, 3, 2], np.float32), (1,))
    (1, 2)
    """
    strengths = np.abs(output).reshape(-1, output.shape[-1]).mean(axis=0)
    strengths[list(without)] = -1
    unit = int(strengths.argmax())
    return unit if strengths[unit] >= 0 else None


def problem(model: ModelSpec, changes: Changes) -> str:
    """Why changes cannot be made in this network, in a sentence that says what there is, or ""."""
    units, shapes = units_of(model), weight_shapes(model)
    for layer, unit in changes.off:
        if unit >= units.get(layer, 0):
            return f"there is no unit {unit} of a layer {layer} that could be switched off"
    for name, place, _ in changes.weights:
        shape = shapes.get(name)
        if shape is None or len(shape) != len(place) or any(n >= axis for n, axis in zip(place, shape, strict=True)):
            return f"there is no weight {name}[{', '.join(map(str, place))}]"
    return ""


def changed(model: ModelSpec, weights: Weights, changes: Changes) -> dict[str, Values]:
    """A copy of a network's weights with all changes made: first pruned, then rounded, then single weights, then units.

    Args:
        model: the stack.
        weights: arrays by name.
        changes: such that `problem` finds none.
    """
    result, names = dict(weights), kernels(model)
    if changes.prune:
        result = pruned(result, names, changes.prune)
    if changes.bits:
        result = rounded(result, names, changes.bits)
    for name, place, value in changes.weights:
        result = with_weight(result, name, place, value)
    for layer, unit in changes.off:
        result = switched_off(model, result, layer, unit)
    return result
