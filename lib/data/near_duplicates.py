"""Samples of a person's own that stand nearly alike in two parts: a network that is tested on what it has trained on
looks better than it is.

Exactly equal samples are told for all data, nearly equal ones for images: the same picture saved once more, brighter,
or in another size. A picture that is turned, or cut otherwise, is not found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.own.dataset import OwnData
from lib.data.parts import stratified
from lib.data.preparing import SPLIT_SEED

GRID = 14
"""Squares along a side of the small copies that are compared, or a few more."""
ALIKE = 0.993
"""Correlation of two small copies from which on they count as the same picture."""
_AT_ONCE = 200
PAIRS = (("test", "train"), ("validation", "train"), ("test", "validation"))
"""Which parts are compared: samples of the first are looked for in the second."""

Places = NDArray[np.intp]
Pairs = NDArray[np.intp]
"""Positions of pairs, `(pairs, 2)`, in the data's test part, or in its training part before validation is cut off."""


def fingerprints(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A small copy of each image as a vector of length 1, without its mean: brightness and contrast play no part.

    The product of two of them is the correlation of the two copies. Torralba, Fergus and Freeman compare tiny images
    in this way ("80 million tiny images", IEEE PAMI 2008, section 4.1: normalised to zero mean and unit norm, 2 - 2
    times the product is the sum of squared differences). A difference hash of 64 or 128 bits (Krawetz 2013) was tried
    first, and cannot tell a copy from another drawing of the same digit (docs/DECISIONS.md).

    Args:
        images: `(samples, height, width, channels)`, square, of 14 pixels a side or more.

    Returns:
        `(samples, numbers)`; zeros for an image of one colour, which has nothing to compare.
    """
    block = images.shape[1] // GRID
    side = images.shape[1] // block
    copies = np.empty((len(images), side * side * images.shape[3]), np.float32)
    for start in range(0, len(images), _AT_ONCE):
        some = images[start : start + _AT_ONCE, : side * block, : side * block]
        sums = np.zeros((len(some), side, side, images.shape[3]), np.uint32)
        for row in range(block):
            for column in range(block):
                sums += some[:, row::block, column::block]
        copies[start : start + _AT_ONCE] = sums.reshape(len(some), -1)
    copies -= copies.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(copies, axis=1, keepdims=True)
    copies /= np.maximum(lengths, 1e-6)
    return copies


def twins(some: NDArray[Any], others: NDArray[Any]) -> NDArray[np.intp]:
    """Where each sample has its like among others.

    Args:
        some, others: images uint8 `(samples, height, width, channels)`, or rows of numbers.

    Returns:
        A position in `others` for each of `some`, -1 where there is none, `(len(some),)`.

    >>> twins(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [3.0, 4.0]])).tolist()
    [-1, 1]
    """
    first = {sample.tobytes(): place for place, sample in reversed(list(enumerate(others)))}
    found = np.array([first.get(sample.tobytes(), -1) for sample in some], np.intp)
    if some.ndim == 4 and len(some) and len(others):
        prints, known = fingerprints(some), fingerprints(others)
        for start in range(0, len(some), _AT_ONCE):
            alike = prints[start : start + _AT_ONCE] @ known.T
            near = np.where(alike.max(axis=1) >= ALIKE, alike.argmax(axis=1), -1)
            part = found[start : start + _AT_ONCE]
            part[part < 0] = near[part < 0]
    return found


def parts_of(data: OwnData, samples: int, validation_split: float) -> dict[str, Places]:
    """The positions of the samples that each part of a run has, in `data.test` and `data.train`.

    Args:
        data: a person's own.
        samples: how many the run uses, validation included; 0 for all.
        validation_split: share of them that is held back.
    """
    y = data.train.y
    used = stratified(y, min(samples, len(y)), SPLIT_SEED) if samples else np.arange(len(y))
    held_back = used[stratified(y[used], round(len(used) * validation_split), SPLIT_SEED)]
    return {"test": np.arange(len(data.test)), "train": np.setdiff1d(used, held_back), "validation": held_back}


def near_duplicates(data: OwnData, samples: int, validation_split: float) -> dict[str, Pairs]:
    """Pairs of samples that stand nearly alike in two parts of a run; arguments as for `parts_of`.

    Returns:
        For each of `PAIRS`, by its names with a "-" between: at most one pair for each sample of the first part.
    """
    places = parts_of(data, samples, validation_split)
    return {f"{one}-{other}": _pairs(data, places, one, other) for one, other in PAIRS}


def _pairs(data: OwnData, places: Mapping[str, Places], one: str, other: str) -> Pairs:
    some, others = places[one], places[other]
    found = twins(_samples(data, one)[some], _samples(data, other)[others])
    return np.stack([some[found >= 0], others[found[found >= 0]]], axis=1)


def _samples(data: OwnData, part: str) -> Any:
    return (data.test if part == "test" else data.train).x
