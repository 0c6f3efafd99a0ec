"""A part of a dataset (training, validation, test) in memory, and how smaller parts are cut from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.errors import DataError

Bytes = NDArray[np.uint8]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Samples and their labels, read only, so that all sessions of the app can share them.

    Attributes:
        x: images, uint8 `(samples, height, width, channels)`, 0 to 255; or token ids, int32 `(samples, length)`, an
            array or `lib.data.corpus.Rows`; or numbers, float32 `(samples, features)`.
        y: class of each sample, uint8 `(samples,)`; or, where a number is to be predicted, float32 `(samples,)`.

    Raises:
        ValueError: wrong type or shape, or not as many labels as samples.
    """

    x: Any
    y: Any

    def __post_init__(self) -> None:
        axes = {"uint8": 4, "int32": 2, "float32": 2}.get(str(self.x.dtype))
        if axes is None or self.y.dtype not in (np.uint8, np.float32):
            raise ValueError(f"there are no samples of {self.x.dtype} with labels of {self.y.dtype}")
        if self.x.ndim != axes or self.y.shape != self.x.shape[:1]:
            raise ValueError(f"samples of shape {self.x.shape} and labels of shape {self.y.shape} do not fit together")
        for name in ("x", "y"):
            array = getattr(self, name)
            if isinstance(array, np.ndarray):
                view = array.view()  # the caller's own array stays as it is
                view.setflags(write=False)
                object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.y)

    def at(self, indices: Indices) -> Part:
        """The samples at these positions, copied."""
        return Part(self.x[indices], self.y[indices])


def class_counts(part: Part, classes: int) -> NDArray[np.int64]:
    """How many samples each class has.

    Args:
        part: any part.
        classes: number of classes, also of those that have no sample here.

    Returns:
        int64, `(classes,)`.

    Raises:
        ValueError: a label is not below `classes`.
    """
    if len(part) and int(part.y.max()) >= classes:
        raise ValueError(f"label {part.y.max()} is not one of {classes} classes")
    return np.bincount(part.y, minlength=classes).astype(np.int64)


def balanced_weights(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """What a sample of each class weighs, so that all classes weigh the same together.

    Args:
        counts: samples of each class, `(classes,)`.

    Returns:
        float32, `(classes,)`: samples / (classes that have any * samples of the class), which is scikit-learn's
        `class_weight="balanced"`; 0 for a class without samples.

    >>> balanced_weights(np.array([4, 2, 0])).tolist()
    [0.75, 1.5, 0.0]
    """
    weights = counts.sum() / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return np.where(counts > 0, weights, 0.0).astype(np.float32)


def class_shares(counts: NDArray[np.int64], samples: int) -> NDArray[np.int64]:
    """Split `samples` over classes as their counts are split (largest remainders get what rounding leaves over).

    Args:
        counts: samples there are of each class, `(classes,)`.
        samples: how many are wanted in all, at most the sum of `counts`.

    Returns:
        int64, `(classes,)`, with the sum `samples` and no value above its count.

    >>> class_shares(np.array([5, 3, 2]), 5).tolist()
    [3, 1, 1]
    """
    total = max(1, int(counts.sum()))
    shares = counts * samples // total
    remainders = counts * samples % total
    left_over = samples - int(shares.sum())
    shares[np.argsort(-remainders, kind="stable")[:left_over]] += 1
    return shares


def stratified(y: Any, samples: int, seed: int) -> Indices:
    """Choose samples at random, with each class in the share that it has in `y`.

    Args:
        y: labels, uint8 `(n,)`, or numbers, float32 `(n,)`.
        samples: how many to choose, at most n.
        seed: the same seed chooses the same samples.

    Returns:
        Positions in `y`, ascending, `(samples,)`.
    """
    random = np.random.default_rng(seed)
    if y.dtype != np.uint8:  # numbers have no classes to keep in balance
        return np.sort(random.permutation(len(y))[:samples])
    counts = np.bincount(y).astype(np.int64)
    chosen = [
        random.permutation(np.flatnonzero(y == label))[:share]
        for label, share in enumerate(class_shares(counts, samples))
    ]
    return np.sort(np.concatenate(chosen)) if chosen else np.empty(0, np.intp)


def take(part: Part, samples: int, seed: int) -> Part:
    """A smaller part with the same class balance.

    Args:
        part: what to choose from.
        samples: how many to keep; 0 keeps all.
        seed: the same seed keeps the same samples.

    Raises:
        DataError: more samples are wanted than there are, or fewer than none.
    """
    if not 0 <= samples <= len(part):
        raise DataError(
            f"{samples:,} samples were asked for, but there are {len(part):,}. Choose 0 (all) to {len(part):,}."
        )
    return part.at(stratified(part.y, samples, seed)) if samples else part


def fold_numbers(y: Any, folds: int, seed: int) -> NDArray[np.intp]:
    """Deal samples to folds, so that each is in exactly one, and each fold has each class in the share it has in `y`.

    The folds are scikit-learn's own, sample for sample: of `StratifiedKFold(folds, shuffle=True, random_state=seed)`,
    and of `KFold` for numbers. They are dealt here, because the page that shows a fold's samples has no scikit-learn.

    Args:
        y: labels, uint8 `(n,)`, or numbers, float32 `(n,)`.
        folds: how many, at least 2.
        seed: the same seed deals the same way.

    Returns:
        Of each sample the number of its fold, from 0, `(n,)`. Folds differ by one sample at most, and so do their
        samples of any class.

    Raises:
        DataError: there are more folds than samples, or than samples of a class.
    """
    _check_folds(y, folds)
    random, dealt = np.random.RandomState(seed), np.empty(len(y), np.intp)  # scikit-learn's generator
    if y.dtype != np.uint8:
        dealt[random.permutation(len(y))] = np.sort(np.arange(len(y)) % folds)
        return dealt
    labels, first = np.unique(y, return_index=True)
    start = 0
    for label in labels[np.argsort(first)]:  # in the order in which they appear, as scikit-learn takes them
        here = np.flatnonzero(y == label)
        numbers = np.sort(np.arange(start, start + len(here)) % folds)
        random.shuffle(numbers)
        dealt[here] = numbers
        start += len(here)
    return dealt


def _check_folds(y: Any, folds: int) -> None:
    classes = y.dtype == np.uint8
    fewest = int(np.unique(y, return_counts=True)[1].min(initial=len(y))) if classes else len(y)
    if folds > fewest:
        what = "samples of each class" if classes else "samples"
        there = f"the rarest class has {fewest:,}" if classes else f"there are {fewest:,}"
        cure = f"choose at most {fewest} folds, or" if fewest > 1 else "choose no folds, or"
        raise DataError(f"{folds} folds need {folds} {what}, one for each fold, but {there}: {cure} use more samples.")


def split_fold(part: Part, folds: int, fold: int, seed: int) -> tuple[Part, Part]:
    """Set one of several folds aside for validation.

    Args:
        part: the training part.
        folds: how many, at least 2.
        fold: which one, from 1.
        seed: the same seed deals the samples to the folds in the same way.

    Returns:
        All other folds, and this one; both in the order that the samples have in `part`.

    Raises:
        DataError: there are more folds than samples, or than samples of a class.
    """
    here = fold_numbers(part.y, folds, seed) == fold - 1
    return part.at(np.flatnonzero(~here)), part.at(np.flatnonzero(here))


def split_validation(part: Part, fraction: float, seed: int) -> tuple[Part, Part]:
    """Set samples aside for validation, with the same class balance in both parts.

    Args:
        part: the training part, n samples.
        fraction: share to set aside, 0 to below 1; 0 leaves the validation part empty.
        seed: the same seed sets the same samples aside.

    Returns:
        Training and validation part; the second has `round(n * fraction)` samples.

    Raises:
        DataError: the fraction is outside its range, or leaves nothing to train with.
    """
    if not 0 <= fraction < 1:
        raise DataError(f"The validation share must be at least 0 and below 1, but is {fraction}. 0.1 is usual.")
    held_out = round(len(part) * fraction)
    if part.x.size and held_out == len(part):
        raise DataError(f"A validation share of {fraction} leaves none of {len(part):,} samples to train with.")
    if not held_out:
        return part, Part(part.x[:0], part.y[:0])
    validation = stratified(part.y, held_out, seed)
    training = np.setdiff1d(np.arange(len(part)), validation, assume_unique=True)
    return part.at(training), part.at(validation)
