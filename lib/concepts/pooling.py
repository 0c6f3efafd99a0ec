"""Pooling: keep one number of each window, and forget where exactly it was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.concepts.windows import windows_of


def max_pool2d(image: NDArray[np.float32], pool_size: int, stride: int, padding: str = "valid") -> NDArray[np.float32]:
    """The largest value of each window, for each channel by itself.

    `out[i, j, c] = max over a, b of image[i*stride + a, j*stride + b, c]`

    Padding 'same' adds pixels that never win (minus infinity), so that the border stays what it is.

    Args:
        image: `(height, width, channels)`.
        pool_size: side of the window, in pixels.
        stride: pixels from one window to the next.
        padding: 'valid' or 'same'.

    Returns:
        `(rows, columns, channels)`.

    Raises:
        ValueError: the window does not fit into the image.

    >>> max_pool2d(np.arange(16, dtype=np.float32).reshape(4, 4, 1), pool_size=2, stride=2)[:, :, 0]
    array([[ 5.,  7.],
           [13., 15.]], dtype=float32)
    """
    windows = windows_of(image, pool_size, stride, padding, fill=-np.inf)
    largest: NDArray[np.float32] = windows.max(axis=(3, 4))
    return largest


def average_pool2d(
    image: NDArray[np.float32], pool_size: int, stride: int, padding: str = "valid"
) -> NDArray[np.float32]:
    """The mean of each window, for each channel by itself.

    `out[i, j, c] = mean over a, b of image[i*stride + a, j*stride + b, c]`

    With padding 'same' the mean is taken over the real pixels only, as Keras does on TensorFlow: the added zeros count
    neither in the sum nor in the number of pixels.

    Args:
        image: `(height, width, channels)`.
        pool_size: side of the window, in pixels.
        stride: pixels from one window to the next.
        padding: 'valid' or 'same'.

    Returns:
        `(rows, columns, channels)`.

    Raises:
        ValueError: the window does not fit into the image.

    >>> average_pool2d(np.arange(16, dtype=np.float32).reshape(4, 4, 1), pool_size=2, stride=2)[:, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]], dtype=float32)
    """
    sums: NDArray[np.float32] = windows_of(image, pool_size, stride, padding).sum(axis=(3, 4))
    real = np.ones((*image.shape[:2], 1), np.float32)
    pixels: NDArray[np.float32] = windows_of(real, pool_size, stride, padding).sum(axis=(3, 4))
    return sums / pixels


def global_average_pool2d(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of each whole map: how much of a pattern there is, wherever it is (Lin, Chen, Yan 2014).

    `out[c] = mean over i, j of image[i, j, c]`

    Args:
        image: `(height, width, channels)`.

    Returns:
        `(channels,)`.

    >>> global_average_pool2d(np.arange(8, dtype=np.float32).reshape(2, 2, 2))
    array([3., 4.], dtype=float32)
    """
    means: NDArray[np.float32] = image.mean(axis=(0, 1))
    return means
