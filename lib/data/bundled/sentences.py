"""The bundled movie sentences: what critics wrote, and how strongly people felt it as praise or blame.

The file is gzipped text, one sentence a line: part, id, rating and text, with tabs between. Anyone can unzip and read
it.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.data.bundled.bundle import DATA_FOLDER, read_checked
from lib.data.parts import Bytes, Indices
from lib.specs.datasets import MOVIES


@dataclass(frozen=True, slots=True, eq=False)
class SentencePart:
    """Sentences and what people thought of them, read only.

    Attributes:
        ids: number of each sentence in the published file, int32, `(samples,)`.
        texts: as published.
        ratings: mean of the human ratings, float32, `(samples,)`, -4 (extremely negative) to 4 (extremely positive).

    Raises:
        ValueError: not as many ids or ratings as texts.
    """

    ids: NDArray[np.int32]
    texts: tuple[str, ...]
    ratings: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.ids.shape != (len(self.texts),) or self.ratings.shape != (len(self.texts),):
            raise ValueError(f"{len(self.texts)} texts, ids {self.ids.shape} and ratings {self.ratings.shape}")
        for name in ("ids", "ratings"):
            view = getattr(self, name).view()
            view.setflags(write=False)
            object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True, eq=False)
class Sentences:
    """The training and the test part; no text is in both."""

    train: SentencePart
    test: SentencePart


@cache
def load_sentences(path: Path = DATA_FOLDER / MOVIES.file) -> Sentences:
    """Open the bundled sentences, once for each process.

    Raises:
        DataError: the file is missing or damaged.
    """
    return decode(read_checked(path, MOVIES.title, MOVIES.sha256))


def labels(ratings: NDArray[np.float32], threshold: float = 0.0) -> tuple[Indices, Bytes]:
    """Turn ratings into two classes: the sign is the label.

    Args:
        ratings: `(samples,)`.
        threshold: ratings closer to 0 than this are dropped, because even people hardly agree there. A rating of
            exactly 0 has no sign and is always dropped.

    Returns:
        Positions of the ratings that are kept, and their labels: uint8, 0 negative, 1 positive.

    >>> places, y = labels(np.array([-2.0, 0.3, 0.0, 0.5], np.float32), threshold=0.5)
    >>> places.tolist(), y.tolist()
    ([0, 3], [0, 1])
    """
    places = np.flatnonzero((np.abs(ratings) >= threshold) & (ratings != 0))
    return places, (ratings[places] > 0).astype(np.uint8)


def encode(rows: list[tuple[str, int, str, str]]) -> bytes:
    """Pack sentences into the bundled format.

    Args:
        rows: part ("train", "test"), id, rating (in the publisher's digits) and text of each sentence.

    Returns:
        The file; the same rows give the same bytes (with the same zlib).

    Raises:
        ValueError: a text holds a tab or a line break.
    """
    for part, number, _, text in rows:
        if len(text.split("\t")) > 1 or len(text.splitlines()) > 1:
            raise ValueError(f"sentence {number} of {part} holds a tab or a line break")
    lines = "".join(f"{part}\t{number}\t{rating}\t{text}\n" for part, number, rating, text in rows)
    return gzip.compress(lines.encode(), mtime=0)


def decode(content: bytes) -> Sentences:
    """Unpack the bundled format, the inverse of `encode`."""
    rows = [line.split("\t") for line in gzip.decompress(content).decode().splitlines()]
    return Sentences(_part(rows, "train"), _part(rows, "test"))


def _part(rows: list[list[str]], name: str) -> SentencePart:
    chosen = [row for row in rows if row[0] == name]
    return SentencePart(
        np.array([int(number) for _, number, _, _ in chosen], np.int32),
        tuple(text for _, _, _, text in chosen),
        np.array([float(rating) for _, _, rating, _ in chosen], np.float32),
    )
