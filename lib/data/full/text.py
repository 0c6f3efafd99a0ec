"""The full-size text: IMDB's reviews as `keras.datasets.imdb` has them, in the format of the bundled sentences.

Written once after the download (`lib.worker.fetch`): 25,000 reviews to train on, 25,000 to test.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path

from lib.data.bundled import sentences
from lib.data.bundled.sentences import Sentences
from lib.data.full.file import full_path, unfinished_path
from lib.errors import DataError
from lib.specs.datasets import Dataset


def write_reviews(path: Path, dataset: Dataset, parts: dict[str, tuple[list[str], list[int]]]) -> None:
    """Write the file in one step: whoever looks sees none or all of it.

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
    rows = [
        (name, number, "4" if label else "-4", " ".join(text.split()))
        for name, (texts, labels) in parts.items()
        for number, (text, label) in enumerate(zip(texts, labels, strict=True))
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = unfinished_path(path, os.getpid())
    try:
        unfinished.write_bytes(sentences.encode(rows))
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


@cache
def load_reviews(dataset: Dataset) -> Sentences:
    """Open the downloaded reviews, once for each process.

    Raises:
        DataError: they were not downloaded yet; or the file is damaged, and then it is removed.
    """
    path = full_path(dataset.name)
    if not path.is_file():
        raise DataError(
            f"The full {dataset.title} were not downloaded yet. "
            "Download them on the Build page, or choose the bundled part."
        )
    try:
        found = sentences.decode(path.read_bytes())
    except (OSError, EOFError, ValueError, zlib.error) as error:
        with suppress(OSError):
            path.unlink()
        raise DataError(
            f"The downloaded file {path.name} is damaged and was removed ({error}). "
            "Download the full size again, or go on with the bundled part."
        ) from error
    if (len(found.train), len(found.test)) != (dataset.full_train, dataset.full_test):
        raise DataError(f"The downloaded file {path.name} has {len(found.train):,} reviews. Download it again.")
    return found
