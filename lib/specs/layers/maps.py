"""Layers for maps of (height, width, channels)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from lib.specs.fields import Choice, Number, SpecError, Switch, check_fields, ruled
from lib.specs.layers.base import (
    ACTIVATIONS,
    Layer,
    Parameters,
    Shape,
    check_dilation,
    check_window,
    window_positions,
    window_sum,
)


def _need_image(layer: Layer, shape: Shape) -> None:
    if len(shape) == 2:
        raise SpecError(
            f"{layer.kind} needs maps of (height, width, channels), but gets a sequence of {shape}: use a layer for"
            " sequences, such as Conv1D"
        )
    if len(shape) != 3:
        raise SpecError(
            f"{layer.kind} needs maps of (height, width, channels), but gets {shape}: move it before the Flatten"
            " or pooling layer that makes a vector"
        )


def _check_window(layer: Layer, shape: Shape, window: int, padding: str, dilation_rate: int = 1) -> None:
    _need_image(layer, shape)
    check_window(layer.kind, shape[:2], "pixels", window, padding, dilation_rate)


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
        check_dilation(self.kind, self.strides, self.dilation_rate)

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

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """One kernel for each filter, and one bias a filter."""
        kernel = {"kernel": (self.kernel_size, self.kernel_size, shape[-1], self.filters)}
        return kernel | ({"bias": (self.filters,)} if self.use_bias else {})

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
