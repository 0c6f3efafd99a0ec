"""What a network with attention makes of one row of token ids, as it was trained or with something done otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.concepts.attention import AS_TRAINED, BlockSteps, Variant, block
from lib.concepts.forward import Mask, apply_layer, mask_after, own_weights
from lib.specs.layers.known import (
    BatchNormalization,
    Dense,
    Dropout,
    Embedding,
    LayerNormalization,
    PositionEmbedding,
    TransformerBlock,
)
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]

_WORD_BY_WORD = (
    Embedding, PositionEmbedding, TransformerBlock, LayerNormalization, BatchNormalization, Dropout, Dense,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class AttentionWalk:
    """How a row went through a network.

    Attributes:
        mask: `(steps,)`, False for padding; None where the network knows of none.
        blocks: what each TransformerBlock did, by its name.
        outputs: of each layer in order; the last is the answer.
    """

    mask: Mask | None
    blocks: Mapping[str, BlockSteps]
    outputs: tuple[Values, ...]


def has_attention(model: ModelSpec) -> bool:
    """Whether words look at each other in a network that works.

    >>> words = Embedding(input_dim=9)
    >>> has_attention(ModelSpec((5,), (words, TransformerBlock()))), has_attention(ModelSpec((5,), (words,)))
    (True, False)
    """
    kinds = {layer.kind for layer in model.layers}
    return not model.problem and {"Embedding", "TransformerBlock"} <= kinds


def readable(model: ModelSpec) -> bool:
    """Whether each step of what goes into its blocks is still one word: nothing has mixed or counted the words before.

    >>> layers = Embedding(input_dim=9), Dense(units=4), TransformerBlock()
    >>> readable(ModelSpec((5,), layers)), readable(ModelSpec((5,), layers[:2]))
    (True, False)
    """
    if not has_attention(model):
        return False
    last = max(place for place, layer in enumerate(model.layers) if isinstance(layer, TransformerBlock))
    return all(isinstance(layer, _WORD_BY_WORD) for layer in model.layers[:last])


def walk(
    model: ModelSpec,
    weights: Mapping[str, Values],
    row: NDArray[np.generic],
    variant: Variant = AS_TRAINED,
    positions: bool = True,
) -> AttentionWalk:
    """Send a row through a network.

    Args:
        model: one that works.
        weights: arrays by name.
        row: token ids, `(steps,)`.
        variant: what all its blocks do otherwise than as trained.
        positions: whether words are told their places; without, each PositionEmbedding gives what it gets.

    Returns:
        What each block did, and each layer's output. As trained, these are those of `lib.concepts.forward.forward`.

    Raises:
        SpecError: the stack breaks.
        ValueError: a weight is missing or has another shape.
    """
    arrays = own_weights(model, weights)
    values, mask, first = np.asarray(row, np.float32), None, None
    blocks, outputs = {}, []
    for name, layer, own in zip(model.layer_names(), model.layers, arrays, strict=True):
        inputs = values
        if isinstance(layer, TransformerBlock):
            blocks[name] = block(inputs, own, mask, variant)
            values = blocks[name].output
        elif positions or not isinstance(layer, PositionEmbedding):
            values = apply_layer(layer, own, inputs, mask)
        mask = mask_after(layer, inputs, mask)
        first = mask if isinstance(layer, Embedding) else first
        outputs.append(values)
    return AttentionWalk(first, blocks, tuple(outputs))
