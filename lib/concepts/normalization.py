"""Batch normalization: each channel centred and brought to scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def batch_normalization(
    values: NDArray[np.float32],
    gamma: NDArray[np.float32],
    beta: NDArray[np.float32],
    moving_mean: NDArray[np.float32],
    moving_variance: NDArray[np.float32],
    epsilon: float = 0.001,
) -> NDArray[np.float32]:
    """What the layer does once it is trained (Ioffe, Szegedy 2015, algorithm 2).

    `out = gamma * (values - moving_mean) / sqrt(moving_variance + epsilon) + beta`

    While training it takes the mean and variance of the batch at hand instead, and remembers them in the moving ones.

    Args:
        values: `(..., channels)`.
        gamma, beta: learned scale and offset, `(channels,)`.
        moving_mean, moving_variance: remembered from training, `(channels,)`.
        epsilon: keeps the division away from 0.

    Returns:
        The shape of `values`.

    >>> one = np.ones(1, np.float32)
    >>> batch_normalization(np.array([[1], [3]], np.float32), one, 0 * one, one, 4 * one, epsilon=0.0)
    array([[0.],
           [1.]], dtype=float32)
    """
    deviation = np.sqrt(moving_variance + np.float32(epsilon))
    normalized: NDArray[np.float32] = gamma * (values - moving_mean) / deviation + beta
    return normalized
