"""The layers LayerLab knows, each with its shapes and parameter counts as plain arithmetic.

Shapes leave out the samples axis: `(height, width, channels)` or `(features,)`. Formulas are those of
Keras' `compute_output_shape` and of the weights each layer creates (https://keras.io/api/layers/).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from lib.specs.fields import Choice, Number, SpecError, Switch, check_fields, ruled

ACTIVATIONS = (
    "linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "tanh", "softplus", "softmax",
)  # fmt: skip
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Weights of one layer, with the sum written out.

    Attributes:
        trainable: weights that training changes.
        non_trainable: weights kept beside them (BatchNormalization's moving statistics).
        sum: how `total` comes about, such as `3*3*1*32 + 32 = 320`.
    """

    trainable: int = 0
    non_trainable: int = 0
    sum: str = "no weights"

    @property
    def total(self) -> int:
        """All weights, as `model.summary()` counts them."""
        return self.trainable + self.non_trainable


@dataclass(frozen=True, slots=True)
class Layer:
    """What all layers share. Each kind overrides what is different for it."""

    summary: ClassVar[str] = ""

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def kind(self) -> str:
        """Keras' class name."""
        return type(self).__name__

    def output_shape(self, shape: Shape) -> Shape:
        """Shape that comes out for the shape that goes in.

        Raises:
            SpecError: the layer cannot take this shape.
        """
        return shape

    def shape_sum(self, shape: Shape) -> str:
        """How the output shape comes about, with the numbers filled in."""
        return "shape unchanged"

    def parameters(self, shape: Shape) -> Parameters:
        """Weights for this input shape."""
        return Parameters()

    def multiply_adds(self, shape: Shape) -> int:
        """Multiplications with an addition for one sample, forward."""
        return math.prod(self.output_shape(shape))


def window_positions(size: int, window: int, strides: int, padding: str, dilation_rate: int = 1) -> int:
    """Number of positions of a window along one axis: Keras' rule.

    >>> window_positions(28, 3, 1, "valid")
    26
    >>> window_positions(28, 3, 2, "same")
    14
    """
    if padding == "same":
        return -(-size // strides)
    return (size - (dilation_rate * (window - 1) + 1)) // strides + 1


def window_sum(size: int, window: int, strides: int, padding: str, dilation_rate: int = 1) -> str:
    """`window_positions` written out.

    >>> window_sum(28, 3, 1, "valid")
    'floor((28 + 2*0 - 3)/1) + 1 = 26'
    """
    result = window_positions(size, window, strides, padding, dilation_rate)
    if padding == "same":
        return f"ceil({size}/{strides}) = {result}"
    reach = dilation_rate * (window - 1) + 1
    return f"floor(({size} + 2*0 - {reach})/{strides}) + 1 = {result}"


def _need_image(layer: Layer, shape: Shape) -> None:
    if len(shape) != 3:
        raise SpecError(
            f"{layer.kind} needs maps of (height, width, channels), but gets {shape}: move it before the Flatten"
            " or pooling layer that makes a vector"
        )


def _check_window(layer: Layer, shape: Shape, window: int, padding: str, dilation_rate: int = 1) -> None:
    _need_image(layer, shape)
    reach = dilation_rate * (window - 1) + 1
    height, width = shape[:2]
    if padding == "valid" and reach > min(height, width):
        raise SpecError(
            f"{layer.kind} would shrink {height}x{width} below 1: its window reaches over {reach} pixels."
            " Remove it, make its window smaller, or use padding 'same'"
        )


def _both_axes(shape: Shape, window: int, strides: int, padding: str, dilation_rate: int = 1) -> str:
    sums = [window_sum(size, window, strides, padding, dilation_rate) for size in shape[:2]]
    return sums[0] if sums[0] == sums[1] else f"height {sums[0]}; width {sums[1]}"


@dataclass(frozen=True, slots=True)
class Conv2D(Layer):
    """Slides `filters` kernels over the maps; each gives one map."""

    summary: ClassVar[str] = "finds small patterns wherever they are"
    filters: int = ruled(32, Number(1, 512))
    kernel_size: int = ruled(3, Number(1, 11))
    strides: int = ruled(1, Number(1, 4))
    padding: str = ruled("valid", Choice(("valid", "same")))
    dilation_rate: int = ruled(1, Number(1, 4))
    activation: str = ruled("relu", Choice(ACTIVATIONS))
    use_bias: bool = ruled(True, Switch())

    def __post_init__(self) -> None:
        check_fields(self)
        if self.strides > 1 and self.dilation_rate > 1:
            raise SpecError(
                f"Conv2D.dilation_rate must be 1 when strides is above 1 (Keras' rule), not {self.dilation_rate}"
                f" with strides {self.strides}"
            )

    def output_shape(self, shape: Shape) -> Shape:
        """`(height, width, filters)`; see `window_positions`."""
        _check_window(self, shape, self.kernel_size, self.padding, self.dilation_rate)
        sizes = (
            window_positions(size, self.kernel_size, self.strides, self.padding, self.dilation_rate)
            for size in shape[:2]
        )
        return (*sizes, self.filters)

    def shape_sum(self, shape: Shape) -> str:
        """The window formula along each axis."""
        return _both_axes(shape, self.kernel_size, self.strides, self.padding, self.dilation_rate)

    def parameters(self, shape: Shape) -> Parameters:
        """`kernel_size * kernel_size * channels * filters`, and one bias a filter."""
        size, channels = self.kernel_size, shape[-1]
        total = size * size * channels * self.filters + self.filters * self.use_bias
        bias = f" + {self.filters}" if self.use_bias else ""
        return Parameters(total, 0, f"{size}*{size}*{channels}*{self.filters}{bias} = {total:,}")

    def multiply_adds(self, shape: Shape) -> int:
        """A window's products for each output number."""
        return math.prod(self.output_shape(shape)) * self.kernel_size**2 * shape[-1]


@dataclass(frozen=True, slots=True)
class _Pooling2D(Layer):
    pool_size: int = ruled(2, Number(1, 8))
    strides: int = ruled(2, Number(1, 8))
    padding: str = ruled("valid", Choice(("valid", "same")))

    def output_shape(self, shape: Shape) -> Shape:
        """`(height, width, channels)`; see `window_positions`."""
        _check_window(self, shape, self.pool_size, self.padding)
        sizes = (window_positions(size, self.pool_size, self.strides, self.padding) for size in shape[:2])
        return (*sizes, shape[2])

    def shape_sum(self, shape: Shape) -> str:
        """The window formula along each axis."""
        return _both_axes(shape, self.pool_size, self.strides, self.padding)

    def multiply_adds(self, shape: Shape) -> int:
        """A look at each value of a window for each output number."""
        return math.prod(self.output_shape(shape)) * self.pool_size**2


@dataclass(frozen=True, slots=True)
class MaxPooling2D(_Pooling2D):
    """Keeps the largest value of each window."""

    summary: ClassVar[str] = "keeps the strongest answer of each window"


@dataclass(frozen=True, slots=True)
class AveragePooling2D(_Pooling2D):
    """Keeps the mean of each window."""

    summary: ClassVar[str] = "keeps the mean of each window"


@dataclass(frozen=True, slots=True)
class GlobalAveragePooling2D(Layer):
    """One number a map: its mean."""

    summary: ClassVar[str] = "turns each map into its mean"

    def output_shape(self, shape: Shape) -> Shape:
        """`(channels,)`."""
        _need_image(self, shape)
        return (shape[2],)

    def shape_sum(self, shape: Shape) -> str:
        """One value a map."""
        return f"one mean a map = {shape[-1]}"

    def multiply_adds(self, shape: Shape) -> int:
        """Each value is added once."""
        return math.prod(shape)


@dataclass(frozen=True, slots=True)
class Flatten(Layer):
    """Writes all values one after the other: rows, then columns, then channels."""

    summary: ClassVar[str] = "lays the maps out as one long row"

    def output_shape(self, shape: Shape) -> Shape:
        """`(height * width * channels,)`."""
        return (math.prod(shape),)

    def shape_sum(self, shape: Shape) -> str:
        """The product of the axes."""
        return f"{'*'.join(map(str, shape))} = {math.prod(shape):,}"


@dataclass(frozen=True, slots=True)
class Dense(Layer):
    """`units` weighted sums of all inputs (of the last axis, when the input has several)."""

    summary: ClassVar[str] = "weighs every input for every unit"
    units: int = ruled(128, Number(1, 2048))
    activation: str = ruled("relu", Choice(ACTIVATIONS))
    use_bias: bool = ruled(True, Switch())

    def output_shape(self, shape: Shape) -> Shape:
        """The input shape with `units` as its last axis."""
        return (*shape[:-1], self.units)

    def shape_sum(self, shape: Shape) -> str:
        """One number a unit."""
        return f"one number a unit = {self.units}"

    def parameters(self, shape: Shape) -> Parameters:
        """`inputs * units`, and one bias a unit."""
        total = shape[-1] * self.units + self.units * self.use_bias
        bias = f" + {self.units}" if self.use_bias else ""
        return Parameters(total, 0, f"{shape[-1]}*{self.units}{bias} = {total:,}")

    def multiply_adds(self, shape: Shape) -> int:
        """One product a weight, for every position."""
        return math.prod(shape) * self.units


@dataclass(frozen=True, slots=True)
class Dropout(Layer):
    """Sets a share `rate` of the inputs to 0 while training, and scales the rest by `1 / (1 - rate)`."""

    summary: ClassVar[str] = "switches off a random share while training"
    rate: float = ruled(0.5, Number(0.0, 0.9, 0.05))


@dataclass(frozen=True, slots=True)
class BatchNormalization(Layer):
    """Centres and scales each channel by the batch's statistics, then by two learned numbers."""

    summary: ClassVar[str] = "keeps each channel's values centred and in scale"
    momentum: float = ruled(0.99, Number(0.0, 0.999, 0.01))
    epsilon: float = ruled(0.001, Number(1e-6, 0.1, 0.001))

    def parameters(self, shape: Shape) -> Parameters:
        """Scale and offset are trained, moving mean and variance are kept: four a channel."""
        channels = shape[-1]
        return Parameters(2 * channels, 2 * channels, f"4*{channels} = {4 * channels:,}")


LAYERS: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        Conv2D, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, Flatten, Dense, Dropout, BatchNormalization,
    )
}  # fmt: skip
