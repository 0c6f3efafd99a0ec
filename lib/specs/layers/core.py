"""Layers for any shape: those that weigh, drop, normalise and lay out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from lib.specs.fields import Choice, Number, Switch, ruled
from lib.specs.layers.base import ACTIVATIONS, Family, Layer, Parameters, Shape


@dataclass(frozen=True, slots=True)
class Flatten(Layer):
    """Writes all values one after the other: rows, then columns, then channels."""

    family: ClassVar[Family] = Family.RESHAPING
    icon: ClassVar[str] = "view_stream"
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

    family: ClassVar[Family] = Family.CORE
    icon: ClassVar[str] = "hub"
    summary: ClassVar[str] = "weighs every input for every unit"
    passes_mask: ClassVar[bool] = True
    has_kernel: ClassVar[bool] = True
    by_position: ClassVar[tuple[str, ...]] = ("units",)
    keras_defaults: ClassVar[dict[str, object]] = {"activation": "linear"}
    units: int = ruled(128, Number(1, 2048))
    activation: str = ruled("relu", Choice(ACTIVATIONS))
    use_bias: bool = ruled(True, Switch())

    @property
    def brief(self) -> str:
        """The activation."""
        return self.activation

    def draws(self) -> dict[str, str]:
        """The kernel."""
        return {"kernel_initializer": "GlorotUniform"}

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

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """One column a unit, and one bias a unit."""
        kernel: dict[str, Shape] = {"kernel": (shape[-1], self.units)}
        return kernel | ({"bias": (self.units,)} if self.use_bias else {})

    def multiply_adds(self, shape: Shape) -> int:
        """One product a weight, for every position."""
        return math.prod(shape) * self.units


@dataclass(frozen=True, slots=True)
class Dropout(Layer):
    """Sets a share `rate` of the inputs to 0 while training, and scales the rest by `1 / (1 - rate)`."""

    family: ClassVar[Family] = Family.REGULARIZATION
    icon: ClassVar[str] = "blur_on"
    summary: ClassVar[str] = "switches off a random share while training"
    only_training: ClassVar[bool] = True
    passes_mask: ClassVar[bool] = True
    by_position: ClassVar[tuple[str, ...]] = ("rate",)
    rate: float = ruled(0.5, Number(0.0, 0.95, 0.05))

    @property
    def brief(self) -> str:
        """The share."""
        return f"{self.rate:.0%}"

    def draws(self) -> dict[str, str]:
        """Which inputs are switched off, if any are."""
        return {"seed": ""} if self.rate else {}


@dataclass(frozen=True, slots=True)
class BatchNormalization(Layer):
    """Centres and scales each channel by the batch's statistics, then by two learned numbers."""

    family: ClassVar[Family] = Family.NORMALIZATION
    icon: ClassVar[str] = "tune"
    summary: ClassVar[str] = "keeps each channel's values centred and in scale"
    passes_mask: ClassVar[bool] = True
    uses_mask: ClassVar[bool] = True
    momentum: float = ruled(0.99, Number(0.0, 0.999, 0.01))
    epsilon: float = ruled(0.001, Number(1e-6, 0.1, 0.001))

    def parameters(self, shape: Shape) -> Parameters:
        """Scale and offset are trained, moving mean and variance are kept: four a channel."""
        channels = shape[-1]
        return Parameters(2 * channels, 2 * channels, f"4*{channels} = {4 * channels:,}")

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Four numbers a channel."""
        return dict.fromkeys(("gamma", "beta", "moving_mean", "moving_variance"), (shape[-1],))


@dataclass(frozen=True, slots=True)
class LayerNormalization(Layer):
    """Centres and scales the last axis of each sample by itself, then by two learned numbers a channel."""

    family: ClassVar[Family] = Family.NORMALIZATION
    icon: ClassVar[str] = "tune"
    summary: ClassVar[str] = "centres each sample's channels, whatever the batch"
    passes_mask: ClassVar[bool] = True
    epsilon: float = ruled(0.001, Number(1e-6, 0.1, 0.001))

    def parameters(self, shape: Shape) -> Parameters:
        """Scale and offset: two a channel."""
        return Parameters(2 * shape[-1], 0, f"2*{shape[-1]} = {2 * shape[-1]:,}")

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Two numbers a channel."""
        return dict.fromkeys(("gamma", "beta"), (shape[-1],))
