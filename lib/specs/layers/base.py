"""What all layers share: options held to their rules, shapes and parameter counts as plain arithmetic.

Shapes leave out the samples axis: `(height, width, channels)`, `(steps, features)` or `(features,)`. Formulas are those
of Keras' `compute_output_shape` and of the weights each layer creates (https://keras.io/api/layers/).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from lib.specs.fields import SpecError, check_fields

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
    """What all layers share. Each kind overrides what is different for it.

    Attributes:
        summary: what it is for, in a few words.
        only_first: whether it can only be a model's first layer.
    """

    summary: ClassVar[str] = ""
    only_first: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def kind(self) -> str:
        """Keras' class name."""
        return type(self).__name__

    @property
    def keras_kinds(self) -> tuple[str, ...]:
        """Classes of the Keras layers made for it, inner ones first; the last one names the layer."""
        return (self.kind,)

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

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Name and shape of each array the layer learns or remembers, in Keras' order."""
        return {}

    def multiply_adds(self, shape: Shape) -> int:
        """Multiplications with an addition for one sample, forward."""
        return math.prod(self.output_shape(shape))


def check_window(kind: str, axes: Shape, unit: str, window: int, padding: str, dilation_rate: int = 1) -> None:
    """Make sure that a window fits along every axis it slides along.

    Args:
        kind: the layer's kind.
        axes: lengths of those axes.
        unit: what they count, in the plural.
        window: window length, in taps.
        padding: Keras' name; only 'valid' leaves a window no room.
        dilation_rate: from one tap to the next.

    Raises:
        SpecError: it does not fit.
    """
    reach = dilation_rate * (window - 1) + 1
    if padding == "valid" and reach > min(axes):
        size = "x".join(map(str, axes)) if len(axes) > 1 else f"{axes[0]} {unit}"
        raise SpecError(
            f"{kind} would shrink {size} below 1: its window reaches over {reach} {unit}."
            " Remove it, make its window smaller, or use padding 'same'"
        )


def check_dilation(kind: str, strides: int, dilation_rate: int) -> None:
    """Keras' rule for convolutions.

    Raises:
        SpecError: both are above 1.
    """
    if strides > 1 and dilation_rate > 1:
        raise SpecError(
            f"{kind}.dilation_rate must be 1 when strides is above 1 (Keras' rule), not {dilation_rate}"
            f" with strides {strides}"
        )


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
