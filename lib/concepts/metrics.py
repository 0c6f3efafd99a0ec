"""Metrics: how good a classifier is, beyond one number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


def class_shares(outputs: NDArray[np.float32], binary: bool) -> NDArray[np.float32]:
    """A number for each class, also where one unit answers for the second of two.

    Args:
        outputs: of the last layer, `(..., units)`.
        binary: whether it is one unit for two classes.

    Returns:
        `(..., classes)`; the outputs themselves unless `binary`.

    >>> class_shares(np.array([[0.25]]), True).tolist()
    [[0.75, 0.25]]
    """
    return np.concatenate([1 - outputs, outputs], axis=-1) if binary else outputs


@dataclass(frozen=True, slots=True)
class PerClass:
    """One value a class, each `(classes,)`.

    Attributes:
        precision: of the samples called this class, the share that was this class.
        recall: of the samples of this class, the share that was called so.
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
    """Precision, recall, F1 and support of each class; 0 where the divisor is 0.

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


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What becomes of a two-class test when the threshold sinks from above all scores to the lowest one.

    Each array has one place for the start, where nothing is called positive, and one for each different score.

    Attributes:
        scores: the lowest score still called positive, falling; the first is infinite.
        true_positives: positives found so far.
        false_positives: negatives called positive so far.
    """

    scores: NDArray[np.float64]
    true_positives: NDArray[np.int64]
    false_positives: NDArray[np.int64]

    @property
    def recall(self) -> NDArray[np.float64]:
        """True positive rate: share of the positives that are found; NaN without positives."""
        return self.true_positives / (self.true_positives[-1] or np.nan)

    @property
    def false_positive_rate(self) -> NDArray[np.float64]:
        """Share of the negatives that are called positive; NaN without negatives."""
        return self.false_positives / (self.false_positives[-1] or np.nan)

    @property
    def precision(self) -> NDArray[np.float64]:
        """Share of the samples called positive that are positive; 1 where none is called positive."""
        called_so = self.true_positives + self.false_positives
        return np.where(called_so > 0, self.true_positives / np.maximum(called_so, 1), 1.0)


def sweep_thresholds(true: ArrayLike, scores: ArrayLike) -> Thresholds:
    """Try every threshold that makes a difference.

    Args:
        true: 1 (positive) or 0, `(samples,)`.
        scores: what the model says, higher for positives, `(samples,)`.

    Raises:
        ValueError: the lengths differ, a label is neither 0 nor 1, or a score is not a number.

    >>> found = sweep_thresholds([1, 0, 1], [0.9, 0.6, 0.2])
    >>> found.recall.tolist(), found.false_positive_rate.tolist()
    ([0.0, 0.5, 0.5, 1.0], [0.0, 0.0, 1.0, 1.0])
    """
    true, scores = np.asarray(true, np.int64), np.asarray(scores, np.float64)
    if true.shape != scores.shape or true.ndim != 1:
        raise ValueError(f"true and scores must be two lists of one length, not {true.shape} and {scores.shape}")
    if not np.isin(true, (0, 1)).all():
        raise ValueError("each label must be 0 or 1")
    if np.isnan(scores).any():
        raise ValueError("a score is not a number")
    order = np.argsort(-scores, kind="stable")
    true, scores = true[order], scores[order]
    # Samples of one score pass any threshold together: only the last of them ends a step.
    ends = np.flatnonzero(np.append(np.diff(scores) < 0, len(scores) > 0))
    found = np.cumsum(true)[ends]
    return Thresholds(
        scores=np.append(np.inf, scores[ends]),
        true_positives=np.append(0, found),
        false_positives=np.append(0, ends + 1 - found),
    )


def roc_area(thresholds: Thresholds) -> float:
    """Area under the ROC curve: the chance that a positive gets a higher score than a negative (ties count half).

    The curve is recall over false positive rate; the area under it is a sum of trapezoids. NaN where one of the classes
    has no sample.

    >>> roc_area(sweep_thresholds([1, 0, 1], [0.9, 0.6, 0.2]))
    0.5
    """
    return float(np.trapezoid(thresholds.recall, thresholds.false_positive_rate))


def average_precision(thresholds: Thresholds) -> float:
    """Area under the precision-recall curve, as steps: `sum((recall[i] - recall[i - 1]) * precision[i])`.

    Straight lines between the points would promise what no threshold reaches; NaN where there are no positives.

    >>> round(average_precision(sweep_thresholds([1, 0, 1], [0.9, 0.6, 0.2])), 4)
    0.8333
    """
    return float(np.sum(np.diff(thresholds.recall) * thresholds.precision[1:]))


def mean_absolute_error(true: ArrayLike, predicted: ArrayLike) -> float:
    """How far predicted numbers are off, on average, in the unit of the target: `mean(|predicted - true|)`.

    Args:
        true, predicted: numbers, `(samples,)`, at least one.

    Raises:
        ValueError: the lengths differ, or there is no sample.

    >>> mean_absolute_error([1, 2], [2, 0])
    1.5
    """
    true, predicted = np.asarray(true, np.float64), np.asarray(predicted, np.float64)
    if true.shape != predicted.shape or not true.size:
        raise ValueError(f"true and predicted must be as long as each other, not {true.shape} and {predicted.shape}")
    return float(np.abs(predicted - true).mean())
