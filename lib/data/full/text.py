"""The full-size text: IMDB's reviews as `keras.datasets.imdb` has them, cut into words once, after the download.

25,000 reviews to train on and 25,000 to test have 12 million words. The process that fetches them (`lib.worker.fetch`)
does the cutting; the app and its workers map what it wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.corpus import Corpus, Strings, tokenised
from lib.data.full.file import full_path, map_arrays, write_arrays
from lib.errors import DataError
from lib.specs.datasets import Dataset

PRAISE = 4.0
"""The rating that a review counts with, or against: the ends of the scale of the bundled sentences."""
_ARRAYS: dict[str, type[np.generic]] = {
    "texts": np.uint8, "text_ends": np.int64, "ratings": np.float32, "lexicon": np.uint8, "word_ends": np.int64,
    "ids": np.int32, "ends": np.int64,
}  # fmt: skip


def write_reviews(path: Path, dataset: Dataset, parts: dict[str, tuple[list[str], list[int]]]) -> None:
    """Cut the reviews into words, and write the file in one step: whoever looks sees none or all of it.

    Args:
        path: the file.
        dataset: what the reviews are of.
        parts: texts and labels (0 or 1) of "train" and "test".

    Raises:
        DataError: there are not as many reviews as were published, or other labels.
    """
    for name, wanted in (("train", dataset.full_train), ("test", dataset.full_test)):
        texts, labels = parts[name]
        if len(texts) != wanted or len(labels) != wanted or not set(labels) <= {0, 1}:
            raise DataError(f"the {name} part has {len(texts):,} reviews with labels {sorted(set(labels))[:5]}")
    both = [parts[name] for name in ("train", "test")]
    ratings = [PRAISE if label else -PRAISE for _, labels in both for label in labels]
    texts = [" ".join(text.split()) for part, _ in both for text in part]
    corpus = tokenised(texts, ratings, dataset.full_train)
    write_arrays(path, {
        "texts": corpus.texts.content, "text_ends": corpus.texts.ends, "ratings": corpus.ratings,
        "lexicon": corpus.lexicon.content, "word_ends": corpus.lexicon.ends, "ids": corpus.ids, "ends": corpus.ends,
    })  # fmt: skip


@cache
def load_reviews(dataset: Dataset) -> Corpus:
    """Map the downloaded reviews, once for each process.

    Raises:
        DataError: they were not downloaded yet; or the file is damaged, and then it is removed.
    """
    found = map_arrays(full_path(dataset.name), dataset, _ARRAYS, _check)
    texts, lexicon = (Strings(found[a], found[b]) for a, b in (("texts", "text_ends"), ("lexicon", "word_ends")))
    return Corpus(texts, found["ratings"], dataset.full_train, lexicon, found["ids"], found["ends"])


def _check(arrays: Mapping[str, NDArray[Any]], dataset: Dataset) -> None:
    reviews = dataset.full_train + dataset.full_test
    for name in ("text_ends", "ratings", "ends"):
        if arrays[name].shape != (reviews,):
            raise DataError(f"{name} is of shape {arrays[name].shape}, not of {reviews:,} reviews")
    for ends, content in (("text_ends", "texts"), ("word_ends", "lexicon"), ("ends", "ids")):
        if not len(arrays[ends]) or arrays[ends][-1] != len(arrays[content]):
            raise DataError(f"{content} ends in another place than {ends} says")
