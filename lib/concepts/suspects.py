"""Suspicious labels: samples of which a network that has not learned from them says something else, and says it surely.

Confident learning (Northcutt, Jiang, Chuang 2021, arXiv 1911.00068, section 3.1): how sure a network must be of a class
before its word counts is not one number for all classes, but how sure it is on average of that class's own samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Suspects:
    """Samples whose labels may be wrong, the most suspicious first.

    Attributes:
        numbers: positions of the samples, `(suspects,)`.
        said: class that each is taken for, `(suspects,)`.
        margins: that class's probability minus the label's, `(suspects,)`.
        thresholds: of each class, from which probability on it counts, `(classes,)`; infinite for a class without
            samples.
    """

    numbers: NDArray[np.intp]
    said: NDArray[np.intp]
    margins: NDArray[np.float64]
    thresholds: NDArray[np.float64]


def self_confidence(probabilities: ArrayLike, labels: ArrayLike) -> NDArray[np.float64]:
    """The mean probability of each class among the samples that are labelled so.

    Args:
        probabilities: `(samples, classes)`.
        labels: class of each sample, `(samples,)`.

    Returns:
        `(classes,)`; infinite for a class without samples, which no probability reaches.

    >>> self_confidence([[0.75, 0.25], [0.25, 0.75], [0.5, 0.5]], [0, 0, 1]).tolist()
    [0.5, 0.5]
    """
    shares, classes = np.asarray(probabilities, np.float64), np.asarray(labels, np.intp)
    own = shares[np.arange(len(classes)), classes]
    counts = np.bincount(classes, minlength=shares.shape[1])
    sums = np.bincount(classes, own, minlength=shares.shape[1])
    means: NDArray[np.float64] = np.divide(sums, counts, out=np.full(len(counts), np.inf), where=counts > 0)
    return means


def suspects(probabilities: ArrayLike, labels: ArrayLike) -> Suspects:
    """Find the samples whose likeliest class, among those at or above their class's self-confidence, is not the label.

    Args:
        probabilities: `(samples, classes)`, each row of a network that has not learned from this sample.
        labels: class of each sample, `(samples,)`, as it was given.

    Returns:
        The suspects, by margin: how much likelier the other class is than the label.

    Raises:
        ValueError: the shapes do not fit together, or a number is no probability.

    The third sample is labelled 0, and class 1 has 0.9 there, where samples labelled 1 have 0.8 on average:

    >>> found = suspects([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8]], [0, 0, 0, 1])
    >>> found.numbers.tolist(), found.said.tolist(), found.margins.round(2).tolist(), found.thresholds.round(2).tolist()
    ([2], [1], [0.8], [0.6, 0.8])
    """
    shares, classes = np.asarray(probabilities, np.float64), np.asarray(labels, np.intp)
    if shares.ndim != 2 or classes.shape != shares.shape[:1]:
        raise ValueError(
            f"probabilities of shape {shares.shape} and labels of shape {classes.shape} do not fit together"
        )
    if not ((shares >= 0) & (shares <= 1 + 1e-5)).all():
        raise ValueError("probabilities must lie between 0 and 1")
    thresholds = self_confidence(shares, classes)
    counted = np.where(shares >= thresholds, shares, -1.0)
    said, every = counted.argmax(axis=1), np.arange(len(classes))
    margins = shares[every, said] - shares[every, classes]
    found = np.flatnonzero((counted[every, said] >= 0) & (said != classes) & (margins > 0))
    ranked = found[np.argsort(-margins[found], kind="stable")]
    return Suspects(ranked, said[ranked], margins[ranked], thresholds)
