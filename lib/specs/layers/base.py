"""What all layers share: options held to their rules, shapes and parameter counts as plain arithmetic.

Shapes leave out the samples axis: `(height, width, channels)`, `(steps, features)` or `(features,)`. Formulas are those
of Keras' `compute_output_shape` and of the weights each layer creates (https://keras.io/api/layers/).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lib.specs.fields import SpecError, check_fields, default_of, rules

ACTIVATIONS = (
    "linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "tanh", "softplus", "softmax",
)  # fmt: skip
Shape = tuple[int, ...]


class AxesError(SpecError):
    """A layer gets something else than what it slides along. What to do depends on the layers before it.

    Attributes:
        rank: 1 where it needs sequences of (steps, features), 2 where it needs maps of (height, width, channels).
    """

    def __init__(self, text: str, rank: int) -> None:
        super().__init__(text)
        self.rank = rank


class Family(StrEnum):
    """The groups in which Keras documents its layers; each has a colour of its own in pictures."""

    CORE = "core"
    CONVOLUTION = "convolution"
    POOLING = "pooling"
    EMBEDDING = "embedding"
    RECURRENT = "recurrent"
    ATTENTION = "attention"
    NORMALIZATION = "normalization"
    REGULARIZATION = "regularization"
    RESHAPING = "reshaping"
    AUGMENTATION = "augmentation"


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
        family: the group it belongs to.
        icon: name of its Material symbol.
        summary: what it is for, in a few words.
        only_first: whether it can only be a model's first layer.
        only_in_front: whether only layers that make variants can stand before it.
        only_training: whether it does nothing but in training: the answers of a trained model do not need it.
        makes_variants: whether it makes other random variants of the samples in each training step.
        passes_mask: whether it tells the layer behind it which steps are padding, if it was told.
        uses_mask: whether padding makes a difference to it, if it was told of it.
        has_kernel: whether it weighs what comes in, by an array that Keras calls `kernel`.
        functional: whether Keras needs its functional API for it, because numbers go past some of its parts.
        by_position: options that everybody's code gives Keras without their names.
        keras_defaults: Keras' own defaults where LayerLab begins with another value.
    """

    family: ClassVar[Family]
    icon: ClassVar[str]
    summary: ClassVar[str] = ""
    only_first: ClassVar[bool] = False
    only_in_front: ClassVar[bool] = False
    only_training: ClassVar[bool] = False
    makes_variants: ClassVar[bool] = False
    passes_mask: ClassVar[bool] = False
    uses_mask: ClassVar[bool] = False
    has_kernel: ClassVar[bool] = False
    functional: ClassVar[bool] = False
    by_position: ClassVar[tuple[str, ...]] = ()
    keras_defaults: ClassVar[Mapping[str, object]] = {}

    def __post_init__(self) -> None:
        check_fields(self, self.kind)

    @property
    def kind(self) -> str:
        """Keras' class name."""
        return type(self).__name__

    @property
    def keras_kinds(self) -> tuple[str, ...]:
        """Classes of the Keras layers made for it, inner ones first; the last one names the layer."""
        return (self.kind,)

    @property
    def brief(self) -> str:
        """The few options that tell one layer of a kind from another."""
        return ""

    def keras_default(self, name: str) -> object:
        """What Keras takes for an option that is not given."""
        return self.keras_defaults.get(name, default_of(type(self), name))

    def keras_value(self, name: str) -> object:
        """What Keras is given for an option."""
        return getattr(self, name)

    def keras_options(self) -> dict[str, object]:
        """Options that Keras has to be told: those with another value than its default."""
        values = {name: self.keras_value(name) for name in rules(self)}
        return {name: value for name, value in values.items() if value != self.keras_default(name)}

    def draws(self) -> dict[str, str]:
        """What Keras draws at random for it: option and Keras' initializer, or "" where the option is a plain seed."""
        return {}

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

    def values(self, shape: Shape) -> int:
        """Numbers that one sample makes here, which a training step remembers for the way back."""
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
