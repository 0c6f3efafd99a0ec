"""The small network with attention of the page "Attention", trained on the bundled sentences.

`tools/fit_attention_weights.py` made the file; `assets/data/PROVENANCE.md` says with which result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.fitted.word_weights import read
from lib.data.text import Vocabulary
from lib.specs.layers.known import (
    Dense,
    Dropout,
    Embedding,
    GlobalAveragePooling1D,
    LayerNormalization,
    PositionEmbedding,
    TransformerBlock,
)
from lib.specs.model import ModelSpec

VOCABULARY, LENGTH, WIDTH, HEADS, KEY_DIM, INNER = 4_000, 32, 32, 2, 8, 32
DROPOUT, BLOCK_DROPOUT = 0.4, 0.2
PATH = Path(__file__).parents[3] / "assets" / "data" / "attention_weights.npz"


@dataclass(frozen=True, slots=True, eq=False)
class AttentionWeights:
    """What the network has learned; read only.

    Attributes:
        vocabulary: the words of the training sentences that it knows.
        weights: by name, float32; see `attention_model`.
        accuracy: on the test sentences, 0 to 1.
        uniform_accuracy: the same where every word looks evenly at all words.
        unordered_accuracy: the same where the words are not told their places.
        about: how it was made.
    """

    vocabulary: Vocabulary
    weights: Mapping[str, NDArray[np.float32]]
    accuracy: float
    uniform_accuracy: float
    unordered_accuracy: float
    about: Mapping[str, Any]


@cache
def attention_model() -> ModelSpec:
    """The recipe "Tiny Transformer" with fewer words and smaller heads.

    >>> attention_model().parameters
    133489
    """
    layers = (
        Embedding(input_dim=VOCABULARY, output_dim=WIDTH, mask_zero=True),
        PositionEmbedding(),
        LayerNormalization(),
        Dropout(rate=DROPOUT),
        TransformerBlock(num_heads=HEADS, key_dim=KEY_DIM, intermediate_dim=INNER, dropout=BLOCK_DROPOUT),
        GlobalAveragePooling1D(),
        Dropout(rate=DROPOUT),
        Dense(units=1, activation="sigmoid"),
    )
    return ModelSpec((LENGTH,), layers)


@cache
def attention_weights() -> AttentionWeights:
    """Open the file, once in a process."""
    file = read(PATH)
    about = file.about
    return AttentionWeights(
        file.vocabulary, file.weights, about["accuracy"], about["uniform_accuracy"], about["unordered_accuracy"], about
    )
