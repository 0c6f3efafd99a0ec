"""Whether two lists of numbers put the same things first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def kendall_tau(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """How far two lists agree about the order: 1 the same order, 0 none in common, -1 the reverse.

    `tau = (agreeing pairs - disagreeing pairs) / sqrt(pairs apart in the first * pairs apart in the second)`, Kendall's
    tau-b (Kendall 1945), by which Jain and Wallace (2019) compare attention with other measures of importance.

    Args:
        first, second: a number for each thing, `(things,)`.

    Returns:
        -1 to 1; nan where all numbers of a list are equal.

    >>> kendall_tau(np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0]))
    0.3333333333333333
    """
    left, right = np.triu_indices(len(first), 1)
    one, other = np.sign(first[left] - first[right]), np.sign(second[left] - second[right])
    apart = np.sqrt(float((one != 0).sum()) * float((other != 0).sum()))
    return float((one * other).sum() / apart) if apart else float("nan")
