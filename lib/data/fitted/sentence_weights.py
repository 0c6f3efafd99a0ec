"""The small recurrent networks of the page "Sequences": one for each cell, trained on the bundled sentences.

`tools/fit_sentence_weights.py` made the file; `assets/data/PROVENANCE.md` says with which result.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    with np.load(PATH, allow_pickle=False) as file:
        words = file["words"].tobytes().decode().split("\n")
        about = json.loads(file["about"].tobytes())
        weights = {cell: _of_cell(cell, file) for cell in CELLS}
    return SentenceWeights(Vocabulary(tuple(words)), weights, about["accuracy"], about["test_sentences"], about)


def _of_cell(cell: str, file: Mapping[str, NDArray[np.float16]]) -> dict[str, NDArray[np.float32]]:
    names = [name for name in file if name.startswith(f"{cell}/")]
    own = {name.removeprefix(f"{cell}/"): file[name].astype(np.float32) for name in names}
    for values in own.values():
        values.setflags(write=False)
    return own


def write(path: Path, vocabulary: Vocabulary, weights: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    """Make the file that `sentence_weights` opens.

    Args:
        path: the file.
        vocabulary: words of all three networks.
        weights: arrays by "cell/name"; stored as float16.
        about: as in `SentenceWeights`.
    """
    texts = {"words": "\n".join(vocabulary.words), "about": json.dumps(about)}
    packed: dict[str, Any] = {name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()}
    np.savez_compressed(path, **packed, **{name: values.astype(np.float16) for name, values in weights.items()})
