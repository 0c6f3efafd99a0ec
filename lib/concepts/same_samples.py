"""Two trained networks on the same test samples, and how far a test of so many samples can be trusted at all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lib.concepts.calibration import NORMAL_95


def margin(accuracy: float, samples: int) -> float:
    """How far an accuracy measured on so many samples may be from the one on endlessly many like them, 95%.

    `1.96 * sqrt(p * (1 - p) / n)`: the normal distribution in the place of the binomial one. For shares near 0 or 1, or
    for few samples, `lib.concepts.calibration.wilson_interval` is the better one; at 0 and 1 this margin is 0, which
    promises too much.

    Args:
        accuracy: share of right answers, 0 to 1.
        samples: at least 1.

    Raises:
        ValueError: the accuracy is no share, or there is no sample.

    >>> round(margin(0.97, 2_000), 4)
    0.0075
    """
    if not 0 <= accuracy <= 1 or samples < 1:
        raise ValueError(f"margin needs an accuracy from 0 to 1 and samples, not {accuracy} and {samples}")
    return NORMAL_95 * math.sqrt(accuracy * (1 - accuracy) / samples)


@dataclass(frozen=True, slots=True)
class BothAnswered:
    """How many of the same test samples each of two networks answers rightly.

    Attributes:
        both_right: both networks do.
        only_a: A does, B doesn't.
        only_b: B does, A doesn't.
        both_wrong: neither does.
    """

    both_right: int
    only_a: int
    only_b: int
    both_wrong: int

    @property
    def samples(self) -> int:
        """All of them."""
        return self.both_right + self.only_a + self.only_b + self.both_wrong

    @property
    def differing(self) -> int:
        """Samples that one network gets right and the other wrong: only these tell the two apart."""
        return self.only_a + self.only_b

    @property
    def difference(self) -> float:
        """B's accuracy minus A's."""
        return (self.only_b - self.only_a) / self.samples

    @property
    def margin(self) -> float:
        """How far `difference` may be from that on endlessly many samples like these, 95%.

        `1.96 * sqrt(only_a + only_b - (only_b - only_a)² / n) / n` (Agresti 2002, "Categorical Data Analysis", section
        10.1). It is mostly smaller than the margins of the two accuracies: what both find hard, both get wrong.
        """
        spread = self.differing - (self.only_b - self.only_a) ** 2 / self.samples
        return NORMAL_95 * math.sqrt(max(spread, 0.0)) / self.samples

    @property
    def p(self) -> float:
        """McNemar's test, exact: how often fair coins would fall at least as unevenly as the samples that differ.

        Were both networks equally good on samples like these, each one that they answer differently would be A's or
        B's with equal chances. The share of `differing` coins at most `min(only_a, only_b)` of which show one side,
        times 2 for both sides (McNemar 1947, Psychometrika 12, 153-157, with the binomial distribution itself in the
        place of chi-squared). 1 where nothing differs.
        """
        term, tail = 1, 0
        for place in range(min(self.only_a, self.only_b) + 1):
            tail += term
            term = term * (self.differing - place) // (place + 1)  # the next binomial coefficient
        return min(1.0, 2 * tail / (1 << self.differing))


def both_answered(right_a: ArrayLike, right_b: ArrayLike) -> BothAnswered:
    """McNemar's table.

    Args:
        right_a: whether A answers each sample rightly, `(samples,)`, at least one.
        right_b: whether B does, in the same order.

    Raises:
        ValueError: there is no sample, or the lengths differ.

    >>> found = both_answered([True, True, False, False], [True, False, True, False])
    >>> found.both_right, found.only_a, found.only_b, found.both_wrong, found.p
    (1, 1, 1, 1, 1.0)
    """
    a, b = np.asarray(right_a, np.bool_), np.asarray(right_b, np.bool_)
    if a.shape != b.shape or a.ndim != 1 or not a.size:
        raise ValueError(f"right_a and right_b must be two lists of one length, not {a.shape} and {b.shape}")
    counts = np.bincount(2 * a + b, minlength=4).tolist()
    return BothAnswered(both_wrong=counts[0], only_b=counts[1], only_a=counts[2], both_right=counts[3])
