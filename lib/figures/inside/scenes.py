"""One map or one vector of a trained network, ready for the explorer: each number with what it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.convolution import conv2d
from lib.concepts.convolution1d import conv1d
from lib.concepts.dense import dense
from lib.concepts.pooling import average_pool2d, max_pool2d
from lib.concepts.unit_sums import unit_sums
from lib.concepts.windows import pad_widths
from lib.figures.learn.scenes import (
    VECTOR_COLUMNS,
    Factors,
    Operation,
    Scene,
    channel_names,
    flattening_scene,
    in_lines,
)
from lib.specs.layers.branches import WAYS
from lib.specs.layers.known import (
    AveragePooling2D,
    BatchNormalization,
    Conv1D,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    Layer,
    LayerNormalization,
    MaxPooling1D,
    MaxPooling2D,
    ParallelConv2D,
    PositionEmbedding,
    Recurrent,
    TransformerBlock,
)
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]

MOST_PRODUCTS = 400_000
"""Of a large Dense layer only so many products are looked through at once: those of the lines around a unit."""


def layer_scene(
    layer: Layer,
    weights: Weights,
    inputs: Values,
    output: Values,
    unit: int,
    *,
    flattened: tuple[int, ...] = (),
    unit_names: Sequence[str] = (),
    input_names: Sequence[str] = (),
    mask: NDArray[np.bool_] | None = None,
    steps: Sequence[str] = (),
) -> Scene:
    """Where the numbers of one map, or those of a vector, come from; of a sequence those of all features.

    Args:
        layer: which layer, with its options.
        weights: its own arrays, named as in `Layer.weight_shapes`.
        inputs: what goes into it, `(height, width, channels)`, `(steps, features)` or `(numbers,)`.
        output: what comes out, as `forward` gives it.
        unit: the map, or the number of the vector, from 0; of a sequence's step it does not matter.
        flattened: shape of the maps that the input was before it was flattened; empty where it was not.
        unit_names: what the numbers of the vector are called, such as classes.
        input_names: what the numbers that go into a Dense layer are called, such as a table's columns.
        mask: of the input's steps, False for padding; None where the layer knows of none.
        steps: what stands at each step of the input, such as words.

    Raises:
        NotImplementedError: there is no picture of this kind of layer; of Embedding and cells there are others.
    """
    match layer:
        case Conv2D():
            return _convolution(layer, weights, inputs, output, unit)
        case ParallelConv2D():
            way = unit // layer.filters
            own = {word.removeprefix(f"{WAYS[way]}_"): array for word, array in weights.items()}
            maps = output[..., way * layer.filters : (way + 1) * layer.filters]
            return _convolution(layer.branches[way], own, inputs, maps, unit % layer.filters, unit)
        case MaxPooling2D() | AveragePooling2D():
            return _pooling(layer, inputs, unit)
        case GlobalAveragePooling2D():
            return Scene(
                "average", inputs[..., unit : unit + 1], output[unit].reshape(1, 1, 1), window=inputs.shape[:2],
                channel_names=(f"map {unit}",), filter_names=(f"map {unit}",),
            )  # fmt: skip
        case GlobalAveragePooling1D() | GlobalMaxPooling1D():
            return _over_all_steps(layer, inputs, output, unit, mask)
        case Flatten() if inputs.ndim == 2:
            return replace(flattening_scene(inputs[..., None]), start=unit)
        case Flatten() if inputs.ndim == 3:
            return replace(flattening_scene(inputs), start=unit)
        case _ if inputs.ndim == 2:
            return _at_steps(layer, weights, inputs, output, tuple(steps))
        case Dense() if inputs.ndim == 3:
            return _at_each_pixel(layer, weights, inputs, output, unit)
        case Dense():
            scene = _weighted(layer, weights, inputs, output, unit, unit_names)
            maps_shape = (flattened[0], flattened[1], flattened[2]) if len(flattened) == 3 else None
            return replace(scene, maps_shape=maps_shape, input_names=tuple(input_names))
        case BatchNormalization() | LayerNormalization():
            return _normalised(layer, weights, inputs, output, unit)
        case _ if layer.only_training or isinstance(layer, Flatten):
            return _cell_by_cell(inputs, output, unit, None)
    raise NotImplementedError(f"{layer.kind} has no picture of its arithmetic yet")


def flattened_shape(model: ModelSpec, place: int) -> tuple[int, ...]:
    """Shape of the maps whose numbers come in one row into a layer.

    Args:
        model: a stack that works.
        place: the layer's, from 0.

    Returns:
        `(height, width, channels)`, of a sequence `(steps, numbers, 1)`; empty where the numbers that come in do not
        each stand for a place of a map.

    >>> from lib.specs.layers.known import Dropout
    >>> model = ModelSpec((5, 5, 64), (Flatten(), Dropout(), Dense(units=16), Dense(units=10)))
    >>> [flattened_shape(model, place) for place in range(4)]
    [(), (5, 5, 64), (5, 5, 64), ()]
    """
    shapes = (model.input_shape, *model.shapes())
    for before in range(place - 1, -1, -1):
        layer = model.layers[before]
        if isinstance(layer, Flatten) and len(shapes[before]) > 1:
            return (*shapes[before], 1)[:3]
        if not (layer.only_training or isinstance(layer, BatchNormalization | LayerNormalization)):
            break
    return ()


def names_before(model: ModelSpec, place: int, names: Sequence[str]) -> tuple[str, ...]:
    """The names of the numbers that go into a layer, where each still stands for one number of the model's input.

    Args:
        model: a stack that works.
        place: the layer's, from 0.
        names: of the input's numbers.

    Returns:
        Empty where the layer's input is something else, such as another layer's units.

    >>> from lib.specs.layers.known import Dropout
    >>> model = ModelSpec((2,), (Dropout(), Dense(units=4), Dense(units=1)))
    >>> [names_before(model, place, ("x", "y")) for place in range(3)]
    [('x', 'y'), ('x', 'y'), ()]
    """
    keep = (Flatten, BatchNormalization, LayerNormalization)
    return tuple(names) if _all_before(model, place, keep) else ()


def steps_before(model: ModelSpec, place: int, words: Sequence[str]) -> tuple[str, ...]:
    """The words that stand at the steps of what goes into a layer, where each step still is one of the row's.

    Args:
        model: a stack that works.
        place: the layer's, from 0.
        words: one for each step of the row.

    Returns:
        Empty where the steps are something else, such as the places of a window.

    >>> model = ModelSpec((3,), (Embedding(input_dim=9), Conv1D(kernel_size=2), MaxPooling1D()))
    >>> [steps_before(model, place, ("a", "good", "film")) for place in (1, 2)]
    [('a', 'good', 'film'), ()]
    """
    keep = (
        Embedding, PositionEmbedding, TransformerBlock, BatchNormalization, LayerNormalization, Dense, Recurrent,
    )  # fmt: skip
    return tuple(words) if _all_before(model, place, keep) else ()


def _all_before(model: ModelSpec, place: int, kinds: tuple[type[Layer], ...]) -> bool:
    """Whether all layers before a place are of these kinds, or work in training only."""
    return all(layer.only_training or isinstance(layer, kinds) for layer in model.layers[:place])


def _maps(count: int) -> tuple[str, ...]:
    return tuple(f"map {place}" for place in range(count))


def _inputs(count: int) -> tuple[str, ...]:
    """Colours where there are three, as in a picture; maps otherwise."""
    return channel_names(count) if count == 3 else _maps(count)


def _convolution(
    layer: Conv2D, weights: Weights, inputs: Values, output: Values, filter: int, unit: int | None = None
) -> Scene:
    kernel = weights["kernel"][..., filter : filter + 1]
    bias = weights["bias"][filter : filter + 1] if layer.use_bias else np.zeros(1, np.float32)
    sums = conv2d(inputs, kernel, layer.strides, layer.padding, layer.dilation_rate) + bias
    size = layer.kernel_size
    return Scene(
        "sum",
        inputs,
        output[..., filter : filter + 1],
        window=(size, size),
        stride=layer.strides,
        dilation_rate=layer.dilation_rate,
        pads=_pads(inputs, size, layer.strides, layer.padding, layer.dilation_rate),
        kernel=kernel,
        bias=bias,
        sums=sums,
        activation=layer.activation,
        channel_names=_inputs(inputs.shape[2]),
        filter_names=(f"map {filter if unit is None else unit}",),
        among=layer.filters,
    )


def _at_each_pixel(layer: Dense, weights: Weights, inputs: Values, output: Values, unit: int) -> Scene:
    """A Dense layer on maps weighs the channels of each pixel: a convolution with a window of one pixel."""
    kernel = weights["kernel"][None, None, :, unit : unit + 1]
    bias = weights["bias"][unit : unit + 1] if layer.use_bias else np.zeros(1, np.float32)
    return Scene(
        "sum", inputs, output[..., unit : unit + 1], kernel=kernel, bias=bias, sums=conv2d(inputs, kernel) + bias,
        activation=layer.activation, channel_names=_inputs(inputs.shape[2]), filter_names=(f"map {unit}",),
        among=layer.units,
    )  # fmt: skip


def _pooling(layer: MaxPooling2D | AveragePooling2D, inputs: Values, unit: int) -> Scene:
    """The one channel that becomes this map."""
    largest = isinstance(layer, MaxPooling2D)
    channel = inputs[..., unit : unit + 1]
    pool = max_pool2d if largest else average_pool2d
    size = layer.pool_size
    return Scene(
        "max" if largest else "average",
        channel,
        pool(channel, size, layer.strides, layer.padding),
        window=(size, size),
        stride=layer.strides,
        pads=_pads(channel, size, layer.strides, layer.padding),
        channel_names=(f"map {unit}",),
        filter_names=(f"map {unit}",),
    )


def _at_steps(layer: Layer, weights: Weights, inputs: Values, output: Values, steps: tuple[str, ...]) -> Scene:
    """A layer that makes a sequence of a sequence.

    Where a window slides along the steps they are an image of one row, with a channel for each feature. Where each
    number comes from the one at its own place they are an image of one channel, with a row for each step.
    """
    if isinstance(layer, BatchNormalization | LayerNormalization):
        return replace(_normalised(layer, weights, inputs, output, 0), steps=steps)
    if layer.only_training:
        return replace(_cell_by_cell(inputs, output, 0, None), steps=steps)
    row, after = inputs[None], output[None]
    names = {
        "channel_names": _features(inputs.shape[1]), "filter_names": _features(output.shape[1]), "steps": steps,
        "among": output.shape[1],
    }  # fmt: skip
    if isinstance(layer, Conv1D | Dense):
        kernel = weights["kernel"] if isinstance(layer, Conv1D) else weights["kernel"][None]
        bias = weights["bias"] if layer.use_bias else np.zeros(output.shape[1], np.float32)
        size, stride, padding, dilation_rate = (
            (layer.kernel_size, layer.strides, layer.padding, layer.dilation_rate) if isinstance(layer, Conv1D)
            else (1, 1, "valid", 1)
        )  # fmt: skip
        return Scene(
            "sum", row, after, window=(1, size), stride=stride, dilation_rate=dilation_rate,
            pads=((0, 0), pad_widths(len(inputs), size, stride, padding, dilation_rate)), kernel=kernel[None],
            bias=bias, sums=(conv1d(inputs, kernel, stride, padding, dilation_rate) + bias)[None],
            activation=layer.activation, **names,
        )  # fmt: skip
    if isinstance(layer, MaxPooling1D):
        pads = pad_widths(len(inputs), layer.pool_size, layer.strides, layer.padding)
        return Scene(
            "max", row, after, window=(1, layer.pool_size), stride=layer.strides, pads=((0, 0), pads), **names
        )  # fmt: skip
    raise NotImplementedError(f"{layer.kind} has no picture of its arithmetic yet")


def _features(count: int) -> tuple[str, ...]:
    return tuple(f"feature {place}" for place in range(count))


def _over_all_steps(
    layer: GlobalAveragePooling1D | GlobalMaxPooling1D,
    inputs: Values,
    output: Values,
    unit: int,
    mask: NDArray[np.bool_] | None,
) -> Scene:
    """One number of all steps' vectors. As in Keras, the average leaves padding out; the largest may stand there."""
    average = isinstance(layer, GlobalAveragePooling1D)
    steps = (inputs if mask is None or not average else inputs[mask])[None, :, unit, None]
    return Scene(
        "average" if average else "max", steps, output[unit].reshape(1, 1, 1),
        window=steps.shape[:2], channel_names=(f"number {unit}",), filter_names=(f"number {unit}",),
    )  # fmt: skip


def _pads(
    image: Values, window: int, stride: int, padding: str, dilation_rate: int = 1
) -> tuple[tuple[int, int], tuple[int, int]]:
    down, across = (pad_widths(side, window, stride, padding, dilation_rate) for side in image.shape[:2])
    return down, across


def _weighted(
    layer: Dense,
    weights: Weights,
    inputs: Values,
    output: Values,
    unit: int,
    unit_names: Sequence[str],
) -> Scene:
    kernel, bias = weights["kernel"], weights["bias"] if layer.use_bias else None
    first, last = shown_units(len(inputs), len(output), unit)
    softmax = None
    if layer.activation == "softmax":
        totals = dense(inputs, kernel) + (0 if bias is None else bias)
        softmax = float(totals.max()), float(np.exp(totals - totals.max()).sum())
    return Scene(
        "weighted",
        in_lines(inputs),
        in_lines(output[first:last]),
        activation=layer.activation,
        channel_names=("inputs",),
        filter_names=("units",),
        input_count=len(inputs),
        count=last - first,
        first=first,
        unit_names=tuple(unit_names[first:last]),
        units=unit_sums(inputs, kernel[:, first:last], None if bias is None else bias[first:last]),
        among=len(output),
        softmax=softmax,
        start=unit - first,
    )


def shown_units(inputs: int, units: int, unit: int) -> tuple[int, int]:
    """The units whose products are looked through together with a unit's: all, or of a large layer whole lines of them.

    Returns:
        The first one, and the one behind the last.

    >>> shown_units(1_600, 10, 3), shown_units(12_544, 128, 70)
    ((0, 10), (64, 96))
    """
    most = max(MOST_PRODUCTS // inputs // VECTOR_COLUMNS, 1) * VECTOR_COLUMNS
    if units <= most:
        return 0, units
    first = unit // most * most
    return first, min(first + most, units)


def _normalised(
    layer: BatchNormalization | LayerNormalization, weights: Weights, inputs: Values, output: Values, unit: int
) -> Scene:
    if isinstance(layer, BatchNormalization):
        mean, variance = weights["moving_mean"], weights["moving_variance"]
    else:
        mean, variance = inputs.mean(axis=-1, keepdims=True), inputs.var(axis=-1, keepdims=True)
    each = (mean, variance, weights["gamma"], weights["beta"])
    wide = [np.broadcast_to(values, inputs.shape).astype(np.float32) for values in each]
    picked: dict[int, Callable[[Values], Values]] = {
        1: lambda values: in_lines(values)[..., 0], 2: lambda values: values, 3: lambda values: values[..., unit],
    }  # fmt: skip
    cells = [picked[inputs.ndim](values) for values in wide]
    return _cell_by_cell(inputs, output, unit, Factors(cells[0], cells[1], cells[2], cells[3], layer.epsilon))


def _cell_by_cell(inputs: Values, output: Values, unit: int, factors: Factors | None) -> Scene:
    """A layer whose every number comes from the one at the same place."""
    operation: Operation = "copy" if factors is None else "normalise"
    if inputs.ndim == 1:
        return Scene(
            operation, in_lines(inputs), in_lines(output), channel_names=("inputs",), filter_names=("vector",),
            input_count=len(inputs), count=len(output), factors=factors, start=unit,
        )  # fmt: skip
    if inputs.ndim == 2:
        inputs, output = inputs[..., None], output[..., None]
    return Scene(
        operation, inputs[..., unit : unit + 1], output[..., unit : unit + 1], channel_names=(f"map {unit}",),
        filter_names=(f"map {unit}",), factors=factors,
    )  # fmt: skip
