"""The small recurrent networks of the page "Sequences": one for each cell, trained on the bundled sentences.

`tools/fit_sentence_weights.py` made the file; `assets/data/PROVENANCE.md` says with which result.
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
from lib.specs.layers.known import GRU, LSTM, Dense, Dropout, Embedding, Recurrent, SimpleRNN
from lib.specs.model import ModelSpec

CELLS: dict[str, type[Recurrent]] = {"SimpleRNN": SimpleRNN, "GRU": GRU, "LSTM": LSTM}
VOCABULARY, NUMBERS, UNITS, DROPOUT = 2_000, 8, 8, 0.2
PATH = Path(__file__).parents[3] / "assets" / "data" / "sentence_weights.npz"


@dataclass(frozen=True, slots=True, eq=False)
class SentenceWeights:
    """What the three networks have learned; read only.

    Attributes:
        vocabulary: the words of the training sentences that all three know.
        weights: of each cell's network by name, float32; see `sentence_model`.
        accuracy: of each cell's network on the test sentences, 0 to 1.
        samples: how many test sentences that were.
        about: how they were made.
    """

    vocabulary: Vocabulary
    weights: Mapping[str, Mapping[str, NDArray[np.float32]]]
    accuracy: Mapping[str, float]
    samples: int
    about: Mapping[str, Any]


def sentence_model(cell: str, length: int) -> ModelSpec:
    """The network of one cell: Embedding, cell, one sigmoid unit. Its weights fit any length.

    Args:
        cell: a name in `CELLS`.
        length: ids in a row.

    >>> sentence_model("LSTM", 12).parameter_counts()
    (16000, 0, 544, 0, 9)
    """
    layers = (
        Embedding(input_dim=VOCABULARY, output_dim=NUMBERS, mask_zero=True),
        Dropout(rate=DROPOUT),
        CELLS[cell](units=UNITS),
        Dropout(rate=DROPOUT),
        Dense(units=1, activation="sigmoid"),
    )
    return ModelSpec((length,), layers)


@cache
def sentence_weights() -> SentenceWeights:
    """Open the file, once in a process."""
    file = read(PATH)
    weights = {cell: _of_cell(cell, file.weights) for cell in CELLS}
    return SentenceWeights(file.vocabulary, weights, file.about["accuracy"], file.about["test_sentences"], file.about)


def _of_cell(cell: str, weights: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    return {name.removeprefix(f"{cell}/"): each for name, each in weights.items() if name.startswith(f"{cell}/")}
