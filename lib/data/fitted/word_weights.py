"""Weights of networks that read sentences, and the words they know, in one file without a pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.text import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class WordWeights:
    """What a file holds; read only.

    Attributes:
        vocabulary: the words of the training sentences that the networks know.
        weights: by name, float32.
        about: how they were made, and what they reached.
    """

    vocabulary: Vocabulary
    weights: Mapping[str, NDArray[np.float32]]
    about: Mapping[str, Any]


def read(path: Path) -> WordWeights:
    """Open a file that `write` has made."""
    with np.load(path, allow_pickle=False) as file:
        words = file["words"].tobytes().decode().split("\n")
        about = json.loads(file["about"].tobytes())
        weights = {name: file[name].astype(np.float32) for name in file if "/" in name}
    for values in weights.values():
        values.setflags(write=False)
    return WordWeights(Vocabulary(tuple(words)), weights, about)


def write(path: Path, vocabulary: Vocabulary, weights: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    """Make a file that `read` opens.

    Args:
        path: the file.
        vocabulary: the words that all its networks know.
        weights: arrays by name, each with a slash in it; stored as float16.
        about: as in `WordWeights`.
    """
    texts = {"words": "\n".join(vocabulary.words), "about": json.dumps(about)}
    packed: dict[str, Any] = {name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()}
    np.savez_compressed(path, **packed, **{name: values.astype(np.float16) for name, values in weights.items()})
