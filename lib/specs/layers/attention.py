"""Attention: a block in which every step of a sequence looks at every other one, and the table that numbers the steps.

A model stays one flat list of layers; a block in that list stands for nine Keras layers, which `TransformerBlock.parts`
has as layers of their own. Two sums go past others (the residual connections), so Keras' functional API writes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from lib.specs.fields import Number, ruled
from lib.specs.layers.base import Family, Layer, Parameters, Shape
from lib.specs.layers.core import Dense, Dropout, LayerNormalization
from lib.specs.layers.sequences import Embedding
from lib.specs.layers.sliding import need_axes

PROJECTIONS = ("query", "key", "value")
TABLE = "table"
"""The part of a PositionEmbedding that learns, by the end of its name in Keras."""
PARTS = ("attention", "attention_dropout", "attention_normalization", "inner", "outer", "outer_dropout", "")
"""Those of a TransformerBlock, by the ends of their names in Keras. The last one, a normalisation, has the block's."""


@dataclass(frozen=True, slots=True)
class PositionEmbedding(Layer):
    """Adds a learned row to each step: one for the first word, one for the second, and so on.

    Where padding is masked, words are counted without it, as in RoBERTa (Liu and others, 2019; fairseq's
    `LearnedPositionalEmbedding`): the first word of every sentence has the first row. Without a mask all steps count.
    """

    family: ClassVar[Family] = Family.EMBEDDING
    icon: ClassVar[str] = "format_list_numbered"
    summary: ClassVar[str] = "tells each word's place by a learned vector"
    passes_mask: ClassVar[bool] = True
    uses_mask: ClassVar[bool] = True
    functional: ClassVar[bool] = True

    @property
    def keras_kinds(self) -> tuple[str, ...]:
        """The table and the sum; Keras itself has no layer of this name."""
        return ("Embedding", "Add", self.kind)

    def table(self, shape: Shape) -> Embedding:
        """The Keras layer that learns, for what goes into this one."""
        return Embedding(input_dim=shape[0], output_dim=shape[1])

    def output_shape(self, shape: Shape) -> Shape:
        """The input shape."""
        need_axes(self, 1, shape)
        return shape

    def shape_sum(self, shape: Shape) -> str:
        """A row for each position."""
        return f"a row of {shape[-1]} numbers is added to each of {shape[0]} steps"

    def parameters(self, shape: Shape) -> Parameters:
        """A row for each position."""
        return self.table(shape).parameters(shape)

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """The table."""
        return {f"{TABLE}_embeddings": shape}


@dataclass(frozen=True, slots=True)
class MultiHeadAttention(Layer):
    """Self-attention (Vaswani and others, 2017, section 3.2): each step takes a weighted mean of all steps' values.

    It is no listed layer: it stands inside a TransformerBlock. With a `key_dim` of 1, Keras 3.15 on TensorFlow adds the
    biases along the wrong axis where there are as many steps as heads, so 2 is the least here.
    """

    family: ClassVar[Family] = Family.ATTENTION
    icon: ClassVar[str] = "device_hub"
    summary: ClassVar[str] = "lets each word look at all others"
    passes_mask: ClassVar[bool] = True
    has_kernel: ClassVar[bool] = True
    by_position: ClassVar[tuple[str, ...]] = ("num_heads", "key_dim")
    num_heads: int = ruled(2, Number(1, 8))
    key_dim: int = ruled(16, Number(2, 64))

    @property
    def brief(self) -> str:
        """Heads and their size."""
        return f"{self.num_heads} head{'s' * (self.num_heads > 1)} of {self.key_dim}"

    def draws(self) -> dict[str, str]:
        """A kernel that is thrown away: each projection draws one of its own when it is built."""
        return {"kernel_initializer": "GlorotUniform"}

    def output_shape(self, shape: Shape) -> Shape:
        """The input shape."""
        need_axes(self, 1, shape)
        return shape

    def parameters(self, shape: Shape) -> Parameters:
        """Query, key and value from the features, and the way back; each with its biases."""
        features, inner = shape[-1], self.num_heads * self.key_dim
        total = 4 * features * inner + 3 * inner + features
        heads = f"{self.num_heads}*{self.key_dim}"
        return Parameters(total, 0, f"3*({features} + 1)*{heads} + ({heads} + 1)*{features} = {total:,}")

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Kernel and bias of each projection, those of the output last."""
        features, heads = shape[-1], (self.num_heads, self.key_dim)
        inner: dict[str, Shape] = {
            f"{name}_{word}": axes
            for name in PROJECTIONS
            for word, axes in (("kernel", (features, *heads)), ("bias", heads))
        }
        return inner | {"output_kernel": (*heads, features), "output_bias": (features,)}

    def multiply_adds(self, shape: Shape) -> int:
        """Four projections of each step, and for each pair of steps a product of query and key and one with a value."""
        steps, features = shape
        return (4 * steps * features + 2 * steps * steps) * self.num_heads * self.key_dim

    def values(self, shape: Shape) -> int:
        """The projections, a head's scores before and after softmax, and the output."""
        steps, features = shape
        return 4 * steps * self.num_heads * self.key_dim + 2 * self.num_heads * steps * steps + steps * features


@dataclass(frozen=True, slots=True)
class TransformerBlock(Layer):
    """Attention, then two Dense layers for each step; what went in is added after each, and normalised.

    The order is that of Vaswani and others (2017), with Dropout before each sum, as in Keras' code example 'Text
    classification with Transformer'.
    """

    family: ClassVar[Family] = Family.ATTENTION
    icon: ClassVar[str] = "device_hub"
    summary: ClassVar[str] = "lets each word look at all others, then weighs it"
    passes_mask: ClassVar[bool] = True
    uses_mask: ClassVar[bool] = True
    functional: ClassVar[bool] = True
    num_heads: int = ruled(2, Number(1, 8))
    key_dim: int = ruled(16, Number(2, 64))
    intermediate_dim: int = ruled(32, Number(1, 512))
    dropout: float = ruled(0.1, Number(0.0, 0.95, 0.05))

    @property
    def brief(self) -> str:
        """Heads and their size."""
        return f"{self.num_heads} head{'s' * (self.num_heads > 1)} of {self.key_dim}"

    def parts(self, features: int) -> dict[str, Layer]:
        """The layers inside, by `PARTS`; two sums stand before the normalisations.

        Args:
            features: numbers of a step, which the last Dense layer must give again.
        """
        attention = MultiHeadAttention(num_heads=self.num_heads, key_dim=self.key_dim)
        inner, outer = Dense(units=self.intermediate_dim), Dense(units=features, activation="linear")
        drop, normalise = Dropout(rate=self.dropout), LayerNormalization()
        return dict(zip(PARTS, (attention, drop, normalise, inner, outer, drop, normalise), strict=True))

    @property
    def keras_kinds(self) -> tuple[str, ...]:
        """All Keras layers inside, in order; Keras itself has no layer of this name."""
        first = ("MultiHeadAttention", "Dropout", "Add", "LayerNormalization")
        return (*first, "Dense", "Dense", "Dropout", "Add", "LayerNormalization", self.kind)

    def output_shape(self, shape: Shape) -> Shape:
        """The input shape."""
        need_axes(self, 1, shape)
        return shape

    def shape_sum(self, shape: Shape) -> str:
        """What each head looks at."""
        return f"shape unchanged; each of {self.num_heads} heads weighs {shape[0]}*{shape[0]} pairs of steps"

    def parameters(self, shape: Shape) -> Parameters:
        """Those of all parts."""
        inputs = self._inputs(shape)
        each = [(part.kind, part.parameters(before).total) for part, before in inputs]
        total = sum(count for _, count in each)
        words = " + ".join(f"{kind} {count:,}" for kind, count in each if count)
        return Parameters(total, 0, f"{words} = {total:,}")

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Weights of each part, with its name before theirs."""
        return {
            f"{name}_{word}".lstrip("_"): axes
            for name, (part, before) in zip(self.parts(shape[-1]), self._inputs(shape), strict=True)
            for word, axes in part.weight_shapes(before).items()
        }

    def multiply_adds(self, shape: Shape) -> int:
        """Those of all parts, and one for each number of the two sums."""
        return sum(part.multiply_adds(before) for part, before in self._inputs(shape)) + 2 * math.prod(shape)

    def values(self, shape: Shape) -> int:
        """Those of all parts and of the two sums."""
        return sum(part.values(before) for part, before in self._inputs(shape)) + 2 * math.prod(shape)

    def _inputs(self, shape: Shape) -> list[tuple[Layer, Shape]]:
        """Each part with the shape that goes into it."""
        parts = self.parts(shape[-1])
        return [(part, (shape[0], self.intermediate_dim) if name == "outer" else shape) for name, part in parts.items()]
