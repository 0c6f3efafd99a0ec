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
