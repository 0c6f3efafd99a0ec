"""What the explorer shows: an input, an output, and how each output number comes from the input."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lib.concepts.activations import ACTIVATION_FUNCTIONS
from lib.concepts.convolution import conv2d
from lib.concepts.flattening import flatten
from lib.concepts.pooling import PoolType, pool2d
from lib.concepts.unit_sums import UnitSums
from lib.concepts.windows import Padding, pad_widths
from lib.figures.base.colours import DIVERGING

Values = NDArray[np.float32]
Operation = Literal["sum", "max", "min", "average", "flatten", "weighted", "normalise", "copy"]

COMPUTED = ("sum", "weighted", "normalise")
"""Operations whose output numbers are none of the input's."""
VECTOR_COLUMNS = 32
"""Numbers in one line of a flattened vector; the last line may be shorter."""


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """What a normalization does to each number: `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.

    Attributes:
        mean, variance, gamma, beta: one for each cell of the output, `(rows, columns)`.
        epsilon: keeps the division away from 0.
    """

    mean: Values
    variance: Values
    gamma: Values
    beta: Values
    epsilon: float


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One operation on one image, ready for the explorer.

    Attributes:
        operation: how an output number comes about.
        input: `(height, width, channels)`; for "weighted" the vector in lines (see `in_lines`).
        output: `(rows, columns, filters)`; a vector in lines.
        window: taps down and across.
        stride: pixels from one position to the next.
        dilation_rate: pixels from one tap to the next.
        pads: pixels added `((top, bottom), (left, right))`.
        kernel: `(size, size, channels, filters)`, for "sum".
        bias: `(filters,)`, for "sum".
        sums: the output before the activation, for "sum".
        activation: Keras' name, for "sum".
        channel_names: what the input's channels are called.
        filter_names: what the output's maps are called.
        input_count: numbers in the vector that the input is; None for maps.
        count: numbers in the vector that the output is; None for maps.
        first: index of the first of them in the layer's whole vector.
        unit_names: what these numbers are called; empty where they have no names.
        units: how each of them adds up, for "weighted".
        input_names: what the numbers of the input vector are called, for "weighted"; empty where they have no names.
        maps_shape: of the maps that the input was before it was flattened, for "weighted".
        factors: for "normalise".
        among: numbers that a softmax shares its 1 between; None where the output has them all.
        softmax: of the sums of a vector: the largest, and the sum of all exponentials after it is taken off.
        start: number of the vector where to begin; None for the strongest.
        steps: of a sequence, whose steps lie in one row: what stands at each step of the input; None for an image.
    """

    operation: Operation
    input: Values
    output: Values
    window: tuple[int, int] = (1, 1)
    stride: int = 1
    dilation_rate: int = 1
    pads: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    kernel: Values | None = None
    bias: Values | None = None
    sums: Values | None = None
    activation: str = "linear"
    channel_names: tuple[str, ...] = ()
    filter_names: tuple[str, ...] = ()
    input_count: int | None = None
    count: int | None = None
    first: int = 0
    unit_names: tuple[str, ...] = ()
    units: UnitSums | None = None
    input_names: tuple[str, ...] = ()
    maps_shape: tuple[int, int, int] | None = None
    factors: Factors | None = None
    among: int | None = None
    softmax: tuple[float, float] | None = None
    start: int | None = None
    steps: tuple[str, ...] | None = None

    def data(self) -> dict[str, Any]:
        """What the component is fed: plain JSON, arrays as base64 of little-endian float32 with their shape."""
        input_range = _range(self.input, signed=bool(np.nanmin(self.input) < 0))
        own_ranges = [_range(self.output[:, :, place], signed=True) for place in range(self.output.shape[2])]
        linear = self.activation == "linear"
        return {
            "operation": self.operation,
            "input": _packed(self.input),
            "output": _packed(self.output),
            "kernel": _packed(self.kernel),
            "bias": _packed(self.bias),
            "sums": None if linear else _packed(self.sums),
            "activation": self.activation,
            "window": list(self.window),
            "stride": self.stride,
            "dilation": self.dilation_rate,
            "pads": [list(ends) for ends in self.pads],
            "inputRange": input_range,
            # A number that was only chosen or moved keeps its colour.
            "outputRanges": own_ranges if self.operation in COMPUTED else [input_range] * self.output.shape[2],
            "channelNames": list(self.channel_names),
            "filterNames": list(self.filter_names),
            "diverging": [colour for _, colour in DIVERGING],
            "inputCount": self.input_count,
            "count": self.count,
            "first": self.first,
            "unitNames": list(self.unit_names),
            "units": None if self.units is None else _units(self.units),
            "inputNames": list(self.input_names),
            "mapsShape": None if self.maps_shape is None else list(self.maps_shape),
            "factors": None if self.factors is None else _factors(self.factors),
            "among": self.among or self.output.shape[2],
            "softmax": None if self.softmax is None else list(self.softmax),
            "start": self.start,
            "steps": None if self.steps is None else list(self.steps),
        }


def convolution_scene(
    image: Values,
    kernel: Values,
    bias: Values,
    *,
    stride: int,
    padding: Padding,
    dilation_rate: int,
    activation: str = "linear",
    filter_names: Sequence[str] = (),
) -> Scene:
    """A convolution, as `conv2d` computes it.

    Args:
        image: `(height, width, channels)`.
        kernel: `(size, size, channels, filters)`.
        bias: `(filters,)`.
        stride: pixels from one position to the next.
        padding: 'valid', 'same', or a number of zeros at each end.
        dilation_rate: pixels from one tap to the next.
        activation: Keras' name.
        filter_names: what the filters are called; "filter 0" and so on when left out.

    Raises:
        ValueError: the channels differ, or the kernel does not fit into the image.
    """
    sums = conv2d(image, kernel, stride, padding, dilation_rate) + bias
    size = kernel.shape[0]
    return Scene(
        "sum",
        image,
        ACTIVATION_FUNCTIONS[activation](sums),
        window=(size, size),
        stride=stride,
        dilation_rate=dilation_rate,
        pads=_pads(image, size, stride, padding, dilation_rate),
        kernel=kernel,
        bias=bias,
        sums=sums,
        activation=activation,
        channel_names=channel_names(image.shape[2]),
        filter_names=tuple(filter_names) or tuple(f"filter {place}" for place in range(kernel.shape[3])),
    )


def pooling_scene(image: Values, *, pool_size: int, stride: int, padding: str, pool_type: PoolType) -> Scene:
    """A pooling, each channel by itself.

    Args:
        image: `(height, width, channels)`.
        pool_size: side of the window, in pixels; a global pooling takes the whole map instead.
        stride: pixels from one window to the next.
        padding: 'valid' or 'same'.
        pool_type: which number of each window is kept. "min" is the trick `-max(-x)`: Keras has no such layer.

    Raises:
        ValueError: the window does not fit into the image.
    """
    output = pool2d(image, pool_type, pool_size, stride, padding)
    names = channel_names(image.shape[2])
    if pool_type == "global_max" or pool_type == "global_average":
        return Scene(
            "max" if pool_type == "global_max" else "average",
            image,
            output,
            window=(image.shape[0], image.shape[1]),
            channel_names=names,
            filter_names=names,
        )
    return Scene(
        pool_type,
        image,
        output,
        window=(pool_size, pool_size),
        stride=stride,
        pads=_pads(image, pool_size, stride, padding),
        channel_names=names,
        filter_names=names,
    )


def flattening_scene(maps: Values) -> Scene:
    """Maps and the vector that Flatten makes of them, in Keras' order, drawn in lines of `VECTOR_COLUMNS`.

    Args:
        maps: `(height, width, channels)`.
    """
    vector = flatten(maps)
    return Scene(
        "flatten",
        maps,
        in_lines(vector),
        channel_names=channel_names(maps.shape[2]),
        filter_names=("vector",),
        count=vector.size,
    )


def in_lines(vector: Values) -> Values:
    """A vector in lines of `VECTOR_COLUMNS`, as maps are drawn.

    Args:
        vector: `(numbers,)`.

    Returns:
        `(rows, columns, 1)`, NaN after its end.
    """
    columns = min(VECTOR_COLUMNS, vector.size)
    lines = np.full((-(-vector.size // columns), columns, 1), np.nan, np.float32)
    lines.reshape(-1)[: vector.size] = vector
    return lines


def channel_names(channels: int) -> tuple[str, ...]:
    """What channels are called: colours when there are three, numbers otherwise.

    >>> channel_names(1)
    ('channel 0',)
    """
    if channels == 3:
        return "red", "green", "blue"
    return tuple(f"channel {place}" for place in range(channels))


def _pads(
    image: Values, window: int, stride: int, padding: Padding, dilation_rate: int = 1
) -> tuple[tuple[int, int], tuple[int, int]]:
    height, width = image.shape[:2]
    return (
        pad_widths(height, window, stride, padding, dilation_rate),
        pad_widths(width, window, stride, padding, dilation_rate),
    )


def _range(values: Values, *, signed: bool) -> list[float]:
    """The values at both ends of the colours: 0 to the largest (1 for pixels), or, signed, as far below 0 as above."""
    largest = float(np.nanmax(np.abs(values))) or 1.0
    if not signed and 0.5 < largest <= 1:
        largest = 1.0
    return [-largest if signed else 0.0, largest]


def _units(units: UnitSums) -> dict[str, Any]:
    return {
        "places": units.places.tolist(),
        **{name: _packed(getattr(units, name)) for name in ("values", "weights", "products", "rest", "bias", "totals")},
        "others": units.others,
    }


def _factors(factors: Factors) -> dict[str, Any]:
    names = ("mean", "variance", "gamma", "beta")
    return {**{name: _packed(getattr(factors, name)) for name in names}, "epsilon": factors.epsilon}


def _packed(values: Values | None) -> dict[str, Any] | None:
    if values is None:
        return None
    little_endian = np.ascontiguousarray(values, dtype="<f4")
    return {"shape": list(values.shape), "data": base64.b64encode(little_endian.tobytes()).decode()}
