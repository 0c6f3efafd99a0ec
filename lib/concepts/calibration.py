"""How far a classifier's confidence can be trusted: its worst mistakes, its calibration, and when it should be silent.

Confidence is the probability of the class that the network says. All arrays here are one value a sample.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Positions = NDArray[np.intp]
NORMAL_95 = 1.959964
"""Standard deviations to either side of its mean that hold 95% of a normal distribution."""


def confident_mistakes(confidence: ArrayLike, right: ArrayLike) -> Positions:
    """Where the mistakes are, the most confident first; equal ones stay in their order.

    Args:
        confidence: probability of the class that was said, `(samples,)`.
        right: whether it was the true one, `(samples,)`.

    Raises:
        ValueError: the lengths differ.

    >>> confident_mistakes([0.9, 0.6, 0.8, 0.9], [True, False, False, False]).tolist()
    [3, 2, 1]
    """
    sure, hits = _checked(confidence, right)
    mistakes = np.flatnonzero(~hits)
    return mistakes[np.argsort(-sure[mistakes], kind="stable")]


def least_sure_hits(confidence: ArrayLike, right: ArrayLike) -> Positions:
    """Where the right answers are, the least confident first; equal ones stay in their order.

    Args and errors as for `confident_mistakes`.

    >>> least_sure_hits([0.9, 0.6, 0.8, 0.5], [True, True, True, False]).tolist()
    [1, 2, 0]
    """
    sure, hits = _checked(confidence, right)
    found = np.flatnonzero(hits)
    return found[np.argsort(sure[found], kind="stable")]


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Samples of like confidence put together; each array is `(bins,)`, the least confident bin first.

    Attributes:
        confidence: mean confidence in the bin.
        accuracy: share of right answers in it.
        count: samples in it.
        spread: standard deviation of `accuracy` if each answer were right with the probability of its confidence.
    """

    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    count: NDArray[np.int64]
    spread: NDArray[np.float64]

    @property
    def error(self) -> float:
        """Expected calibration error: `sum(count / samples * |accuracy - confidence|)`.

        Naeini, Cooper, Hauskrecht 2015; Guo et al. 2017, arXiv 1706.04599, section 2. Bins of equal mass instead of
        equal width: Nguyen, O'Connor 2015, arXiv 1508.05154.
        """
        return float(np.sum(self.count * np.abs(self.accuracy - self.confidence)) / self.count.sum())

    @property
    def error_by_chance(self) -> float:
        """About what `error` would be if all confidences were exactly right.

        A share that is hit by chance is off by `sqrt(2 / pi)` of its standard deviation on average (the mean of a
        half-normal distribution). Roelofs et al. 2022, arXiv 2012.08668, show how large this bias is.
        """
        return float(np.sum(self.count * self.spread) / self.count.sum() * math.sqrt(2 / math.pi))


def reliability(confidence: ArrayLike, right: ArrayLike, bins: int = 10) -> Reliability:
    """Put samples of like confidence into bins of as many samples each as can be.

    Samples of one confidence stay together, whatever their order: then bins are larger, and there may be fewer of them.

    Args:
        confidence: probability of the class that was said, `(samples,)`, at least one.
        right: whether it was the true one, `(samples,)`.
        bins: how many at most.

    Raises:
        ValueError: there is no sample or no bin, the lengths differ, or a confidence is not from 0 to 1.

    >>> found = reliability([0.5, 0.6, 0.9, 1.0], [False, True, True, True], bins=2)
    >>> found.confidence.tolist(), found.accuracy.tolist(), round(found.error, 4)
    ([0.55, 0.95], [0.5, 1.0], 0.05)
    """
    sure, hits = _checked(confidence, right)
    if not len(sure) or bins < 1:
        raise ValueError(f"reliability needs samples and bins, not {len(sure)} and {bins}")
    if not ((sure >= 0) & (sure <= 1)).all():
        raise ValueError("each confidence must be from 0 to 1")
    order = np.argsort(sure, kind="stable")
    sure, hits = sure[order], hits[order]
    wanted = np.arange(bins) * len(sure) // bins
    # A bin begins with the first sample of its confidence.
    first = np.unique(np.searchsorted(sure, sure[wanted], side="left"))
    count = np.diff(np.append(first, len(sure)))
    return Reliability(
        confidence=np.add.reduceat(sure, first) / count,
        accuracy=np.add.reduceat(hits.astype(np.float64), first) / count,
        count=count,
        spread=np.sqrt(np.add.reduceat(sure * (1 - sure), first)) / count,
    )


def wilson_interval(share: ArrayLike, count: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Between what a share may lie that was measured on so many samples, with 95% confidence.

    `(p + z²/2n ± z * sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)` with z = 1.96 (Wilson 1927). It stays within 0 and 1, and
    works for shares of 0 and of 1, too.

    Args:
        share: right answers by samples, 0 to 1.
        count: samples, at least 1.

    Returns:
        Lower and upper ends, of the arguments' shape.

    >>> [round(float(end), 3) for end in wilson_interval(0.9, 10)]
    [0.596, 0.982]
    """
    p, n, z = np.asarray(share, np.float64), np.asarray(count, np.float64), NORMAL_95
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return middle - half, middle + half


@dataclass(frozen=True, slots=True, eq=False)
class Abstention:
    """What becomes of the answers when those below a confidence are left out, for every confidence there is.

    This is the risk-coverage curve of El-Yaniv, Wiener 2010 (Journal of Machine Learning Research 11), with the share
    of right answers in the place of risk. Whoever may be silent at a price does best with such a threshold (Chow 1970).
    Each array has one place for each different confidence, falling, so that the first one answers least.

    Attributes:
        confidence: answers from here on are given.
        answered: how many are given.
        right: how many of these are right.
        samples: all there are.
    """

    confidence: NDArray[np.float64]
    answered: NDArray[np.int64]
    right: NDArray[np.int64]
    samples: int

    def at(self, threshold: float) -> tuple[int, int]:
        """How many samples are answered with at least this confidence, and how many of those rightly."""
        given = int(np.count_nonzero(self.confidence >= threshold))
        return (int(self.answered[given - 1]), int(self.right[given - 1])) if given else (0, 0)


def abstention(confidence: ArrayLike, right: ArrayLike) -> Abstention:
    """Leave out unsure answers, at every threshold that makes a difference.

    Args and errors as for `confident_mistakes`.

    >>> found = abstention([0.9, 0.6, 0.6, 0.5], [True, True, False, False])
    >>> found.answered.tolist(), found.right.tolist(), found.at(0.6), found.at(0.95)
    ([1, 3, 4], [1, 2, 2], (3, 2), (0, 0))
    """
    sure, hits = _checked(confidence, right)
    order = np.argsort(-sure, kind="stable")
    sure, hits = sure[order], hits[order]
    ends = np.flatnonzero(np.append(np.diff(sure) < 0, len(sure) > 0))
    return Abstention(sure[ends], ends + 1, np.cumsum(hits, dtype=np.int64)[ends], len(sure))


def _checked(confidence: ArrayLike, right: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    sure, hits = np.asarray(confidence, np.float64), np.asarray(right, np.bool_)
    if sure.shape != hits.shape or sure.ndim != 1:
        raise ValueError(f"confidence and right must be two lists of one length, not {sure.shape} and {hits.shape}")
    return sure, hits
