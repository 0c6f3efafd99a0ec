"""Metrics: how good a classifier is, beyond one number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class PerClass:
    """One value a class, each `(classes,)`.

    Attributes:
        precision: of those called this class, the share that was.
        recall: of those that were this class, the share that was found.
        f1: harmonic mean of both.
        support: samples that were this class.
    """

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]
    support: NDArray[np.int64]


def confusion_matrix(true: ArrayLike, predicted: ArrayLike, classes: int) -> NDArray[np.int64]:
    """Count how often each class was taken for each.

    Args:
        true: labels, whole numbers from 0 to classes - 1, `(samples,)`.
        predicted: what the model said, `(samples,)`.
        classes: number of classes.

    Returns:
        `(classes, classes)`: row = the true class, column = the predicted one; right answers on the diagonal.

    Raises:
        ValueError: the lengths differ, or a label is no class.

    >>> confusion_matrix([0, 0, 1], [0, 1, 1], classes=2)
    array([[1, 1],
           [0, 1]])
    """
    true, predicted = np.asarray(true, np.int64), np.asarray(predicted, np.int64)
    if true.shape != predicted.shape or true.ndim != 1:
        raise ValueError(f"true and predicted must be two lists of one length, not {true.shape} and {predicted.shape}")
    for labels in (true, predicted):
        if labels.size and not 0 <= labels.min() <= labels.max() < classes:
            raise ValueError(f"labels must be from 0 to {classes - 1}, not {labels.min()} to {labels.max()}")
    # Each pair of classes gets a number of its own; counting those numbers counts the pairs.
    return np.bincount(true * classes + predicted, minlength=classes**2).reshape(classes, classes)


def per_class(counts: ArrayLike) -> PerClass:
    """Precision, recall, F1 and support of each class; 0 where nothing was to be divided by.

    `precision = hits / called so`, `recall = hits / really so`, `f1 = 2 * hits / (called so + really so)`

    Args:
        counts: a confusion matrix, rows = true classes.

    >>> per_class([[1, 1], [0, 1]]).precision
    array([1. , 0.5])
    """
    counts = np.asarray(counts, np.int64)
    hits, called_so, really_so = counts.diagonal(), counts.sum(axis=0), counts.sum(axis=1)
    return PerClass(
        precision=_divide(hits, called_so),
        recall=_divide(hits, really_so),
        f1=_divide(2 * hits, called_so + really_so),
        support=really_so,
    )


def _divide(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
