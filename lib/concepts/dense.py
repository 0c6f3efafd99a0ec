"""A Dense layer: every unit weighs every input."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def dense(values: NDArray[np.float32], kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """One weighted sum of the inputs for each unit.

    `out[u] = sum over i of values[i] * kernel[i, u]`

    The layer adds a bias to each sum and passes it through its activation. Maps are weighed pixel by pixel: the sum
    goes over the last axis.

    Args:
        values: `(..., inputs)`.
        kernel: `(inputs, units)`.

    Returns:
        `(..., units)`.

    Raises:
        ValueError: the numbers of inputs differ.

    >>> dense(np.array([1, 2], np.float32), np.array([[1, 0, 3], [0, 1, 4]], np.float32))
    array([ 1.,  2., 11.], dtype=float32)
    """
    if values.shape[-1] != kernel.shape[0]:
        raise ValueError(f"there are {values.shape[-1]} inputs, but the weights were made for {kernel.shape[0]}")
    sums: NDArray[np.float32] = np.matmul(values, kernel)
    return sums


def terms_at(values: NDArray[np.float32], kernel: NDArray[np.float32], unit: int) -> NDArray[np.float32]:
    """The products that one unit adds up: how its number came about.

    `terms[i] = values[i] * kernel[i, unit]`

    Args:
        values: `(inputs,)`.
        kernel: `(inputs, units)`.
        unit: which one, from 0.

    Returns:
        `(inputs,)`; their sum and the bias are the unit's number before its activation.

    >>> terms_at(np.array([1, 2], np.float32), np.array([[1, 0, 3], [0, 1, 4]], np.float32), unit=2)
    array([3., 8.], dtype=float32)
    """
    return values * kernel[:, unit]


def largest_terms(terms: NDArray[np.float32], count: int) -> list[int]:
    """Places of the largest terms, positive or negative, the largest first; terms of 0 are left out.

    >>> largest_terms(np.array([0.5, -2, 0, 1], np.float32), count=2)
    [1, 3]
    """
    order = np.argsort(-np.abs(terms), kind="stable")[:count]
    return [int(place) for place in order if terms[place]]
