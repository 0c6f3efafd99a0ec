"""What convolution and pooling share in one and in two dimensions: a window that slides along `rank` axes.

As in Keras' `base_conv.py` and `base_pooling.py`, one class serves every rank: sequences have one axis to slide along,
maps have two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from lib.specs.fields import Choice, Number, SpecError, Switch, check_fields, ruled
from lib.specs.layers.base import (
    ACTIVATIONS,
    AxesError,
    Family,
    Layer,
    Parameters,
    Shape,
    window_positions,
    window_sum,
)

_UNITS = {1: "steps", 2: "pixels"}
_CHANNELS = {1: "feature", 2: "map"}


def need_axes(layer: Layer, rank: int, shape: Shape) -> None:
    """Make sure that a layer gets what it slides along.

    Args:
        layer: named in the message.
        rank: 1 for sequences of (steps, features), 2 for maps of (height, width, channels).
        shape: what it gets.

    Raises:
        AxesError: it gets something else.
    """
    if len(shape) == rank + 1:
        return
    wanted = "maps of (height, width, channels)" if rank == 2 else "a sequence of (steps, features)"
    what = {1: "the vector", 2: "a sequence of", 3: "maps of"}.get(len(shape), "")
    raise AxesError(f"{layer.kind} needs {wanted}, but gets {what} {shape}", rank)


@dataclass(frozen=True, slots=True)
class _Sliding(Layer):
    """A layer whose window slides along the first `rank` axes."""

    rank: ClassVar[int]

    @property
    def _window(self) -> tuple[int, int, str, int]:
        """Window, strides, padding and dilation."""
        raise NotImplementedError

    def positions(self, shape: Shape) -> Shape:
        """Positions of the window along each axis; see `window_positions`.

        Raises:
            SpecError: the layer gets other axes, or its window does not fit along one.
        """
        need_axes(self, self.rank, shape)
        window, _, padding, dilation_rate = self._window
        reach, axes = dilation_rate * (window - 1) + 1, shape[: self.rank]
        if padding == "valid" and reach > min(axes):
            unit = _UNITS[self.rank]
            size = "x".join(map(str, axes)) if self.rank > 1 else f"{axes[0]} {unit}"
            raise SpecError(
                f"{self.kind} would shrink {size} below 1: its window reaches over {reach} {unit}."
                " Remove it, make its window smaller, or use padding 'same'"
            )
        return tuple(window_positions(size, *self._window) for size in axes)

    def shape_sum(self, shape: Shape) -> str:
        """The window formula along each axis."""
        sums = [window_sum(size, *self._window) for size in shape[: self.rank]]
        return sums[0] if len(set(sums)) == 1 else f"height {sums[0]}; width {sums[1]}"


@dataclass(frozen=True, slots=True)
class Conv(_Sliding):
    """Slides `filters` kernels along the axes; each gives one channel."""

    family: ClassVar[Family] = Family.CONVOLUTION
    icon: ClassVar[str] = "grid_on"
    has_kernel: ClassVar[bool] = True
    by_position: ClassVar[tuple[str, ...]] = ("filters", "kernel_size")
    keras_defaults: ClassVar[dict[str, object]] = {"activation": "linear"}
    filters: int = ruled(32, Number(1, 512))
    kernel_size: int = ruled(3, Number(1, 11))
    strides: int = ruled(1, Number(1, 4))
    padding: str = ruled("valid", Choice(("valid", "same")))
    dilation_rate: int = ruled(1, Number(1, 4))
    activation: str = ruled("relu", Choice(ACTIVATIONS))
    use_bias: bool = ruled(True, Switch())

    def __post_init__(self) -> None:
        check_fields(self, self.kind)
        if self.strides > 1 and self.dilation_rate > 1:
            raise SpecError(
                f"{self.kind}.dilation_rate must be 1 when strides is above 1 (Keras' rule), not {self.dilation_rate}"
                f" with strides {self.strides}"
            )

    @property
    def _window(self) -> tuple[int, int, str, int]:
        """'causal' pads as much as 'same', but all of it in front."""
        padding = "same" if self.padding == "causal" else self.padding
        return self.kernel_size, self.strides, padding, self.dilation_rate

    def draws(self) -> dict[str, str]:
        """The kernels."""
        return {"kernel_initializer": "GlorotUniform"}

    def output_shape(self, shape: Shape) -> Shape:
        """`(*positions, filters)`."""
        return (*self.positions(shape), self.filters)

    def parameters(self, shape: Shape) -> Parameters:
        """`kernel_size ** rank * channels * filters`, and one bias a filter."""
        factors = (*(self.kernel_size,) * self.rank, shape[-1], self.filters)
        total = math.prod(factors) + self.filters * self.use_bias
        bias = f" + {self.filters}" if self.use_bias else ""
        return Parameters(total, 0, f"{'*'.join(map(str, factors))}{bias} = {total:,}")

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """One kernel for each filter, and one bias a filter."""
        kernel: dict[str, Shape] = {"kernel": (*(self.kernel_size,) * self.rank, shape[-1], self.filters)}
        return kernel | ({"bias": (self.filters,)} if self.use_bias else {})

    def multiply_adds(self, shape: Shape) -> int:
        """A window's products for each output number."""
        return math.prod((*self.output_shape(shape), *(self.kernel_size,) * self.rank, shape[-1]))


@dataclass(frozen=True, slots=True)
class Pooling(_Sliding):
    """Makes one number of each window, channel by channel."""

    family: ClassVar[Family] = Family.POOLING
    icon: ClassVar[str] = "compress"
    by_position: ClassVar[tuple[str, ...]] = ("pool_size",)
    pool_size: int = ruled(2, Number(1, 8))
    strides: int = ruled(2, Number(1, 8))
    padding: str = ruled("valid", Choice(("valid", "same")))

    @property
    def _window(self) -> tuple[int, int, str, int]:
        return self.pool_size, self.strides, self.padding, 1

    def keras_default(self, name: str) -> object:
        """Without strides, Keras moves by the whole window."""
        return self.pool_size if name == "strides" else Layer.keras_default(self, name)

    def output_shape(self, shape: Shape) -> Shape:
        """`(*positions, channels)`."""
        return (*self.positions(shape), shape[-1])

    def multiply_adds(self, shape: Shape) -> int:
        """A look at each value of a window for each output number."""
        return math.prod((*self.output_shape(shape), *(self.pool_size,) * self.rank))


@dataclass(frozen=True, slots=True)
class GlobalPooling(Layer):
    """Makes one number of each channel."""

    rank: ClassVar[int]
    family: ClassVar[Family] = Family.POOLING
    icon: ClassVar[str] = "compress"

    def output_shape(self, shape: Shape) -> Shape:
        """`(channels,)`."""
        need_axes(self, self.rank, shape)
        return (shape[-1],)

    def shape_sum(self, shape: Shape) -> str:
        """One number a channel."""
        return f"one number a {_CHANNELS[self.rank]} = {shape[-1]}"

    def multiply_adds(self, shape: Shape) -> int:
        """Each value is looked at once."""
        return math.prod(shape)
