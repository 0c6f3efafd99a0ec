"""Mean and spread of a few figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """What a few figures have in common, and how far they lie apart.

    Attributes:
        count: how many there are.
        deviation: their standard deviation, with count - 1 below the sum; None of a single one.
    """

    count: int
    mean: float
    deviation: float | None
    lowest: float
    highest: float


def spread(values: Sequence[float]) -> Spread:
    """Mean, standard deviation and ends of some figures.

    Args:
        values: at least one.

    Raises:
        ValueError: there is none.

    >>> spread([1.0, 2.0, 3.0])
    Spread(count=3, mean=2.0, deviation=1.0, lowest=1.0, highest=3.0)
    """
    if not values:
        raise ValueError("a spread needs at least one figure")
    mean, count = math.fsum(values) / len(values), len(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    deviation = math.sqrt(squares / (count - 1)) if count > 1 else None
    return Spread(count, mean, deviation, min(values), max(values))
