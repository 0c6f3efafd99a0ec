"""Normalization: values centred and brought to scale, channel by channel or sample by sample."""

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
    normalized: NDArray[np.float32] = np.divide(gamma * (values - moving_mean), deviation) + beta
    return normalized


def layer_normalization(
    values: NDArray[np.float32], gamma: NDArray[np.float32], beta: NDArray[np.float32], epsilon: float = 0.001
) -> NDArray[np.float32]:
    """Center and scale each row of channels by its own mean and variance (Ba, Kiros, Hinton 2016, equation 4).

    `out = gamma * (values - mean) / sqrt(variance + epsilon) + beta`

    It looks at one sample only: the same while training and afterwards, and nothing is remembered.

    Args:
        values: `(..., channels)`.
        gamma, beta: learned scale and offset, `(channels,)`.
        epsilon: keeps the division away from 0.

    Returns:
        The shape of `values`.

    >>> ones = np.ones(2, np.float32)
    >>> layer_normalization(np.array([[1, 3], [10, 30]], np.float32), ones, 0 * ones, epsilon=0.0)
    array([[-1.,  1.],
           [-1.,  1.]], dtype=float32)
    """
    mean = values.mean(axis=-1, keepdims=True)
    scale: NDArray[np.float32] = np.divide(gamma, np.sqrt(values.var(axis=-1, keepdims=True) + np.float32(epsilon)))
    # Multiplied out as Keras does it: where a row hardly varies, another order would round to other digits.
    normalized: NDArray[np.float32] = values * scale + (beta - mean * scale)
    return normalized
