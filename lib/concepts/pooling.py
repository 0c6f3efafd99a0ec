"""Pooling: keep one number of each window, and forget where exactly it was."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lib.concepts.windows import windows_of

PoolType = Literal["max", "average", "min", "global_max", "global_average"]


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


def min_pool2d(image: NDArray[np.float32], pool_size: int, stride: int, padding: str = "valid") -> NDArray[np.float32]:
    """The smallest value of each window, for each channel by itself.

    Keras has no layer for it. It needs none: turn the signs round, take the largest, and turn them back.

    `min(a, b, ...) = -max(-a, -b, ...)`

    Args:
        image: `(height, width, channels)`.
        pool_size: side of the window, in pixels.
        stride: pixels from one window to the next.
        padding: 'valid' or 'same'.

    Returns:
        `(rows, columns, channels)`.

    Raises:
        ValueError: the window does not fit into the image.

    >>> min_pool2d(np.arange(16, dtype=np.float32).reshape(4, 4, 1), pool_size=2, stride=2)[:, :, 0].tolist()
    [[0.0, 2.0], [8.0, 10.0]]
    """
    return -max_pool2d(-image, pool_size, stride, padding)


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


def global_max_pool2d(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest value of each whole map: whether a pattern is there at all, wherever it is.

    `out[c] = max over i, j of image[i, j, c]`

    Args:
        image: `(height, width, channels)`.

    Returns:
        `(channels,)`.

    >>> global_max_pool2d(np.arange(8, dtype=np.float32).reshape(2, 2, 2))
    array([6., 7.], dtype=float32)
    """
    largest: NDArray[np.float32] = image.max(axis=(0, 1))
    return largest


def pool2d(
    image: NDArray[np.float32], pool_type: PoolType, pool_size: int, stride: int, padding: str = "valid"
) -> NDArray[np.float32]:
    """Pool an image in the way that has this name.

    Args:
        image: `(height, width, channels)`.
        pool_type: "max", "average", "min", "global_max" or "global_average".
        pool_size: side of the window, in pixels; a global one has none.
        stride: pixels from one window to the next.
        padding: 'valid' or 'same'.

    Returns:
        `(rows, columns, channels)`; one row and one column where the window is the whole map.

    Raises:
        ValueError: the window does not fit into the image, or no pooling has this name.

    >>> pool2d(np.arange(16, dtype=np.float32).reshape(4, 4, 1), "global_max", pool_size=2, stride=2)
    array([[[15.]]], dtype=float32)
    """
    match pool_type:
        case "max":
            return max_pool2d(image, pool_size, stride, padding)
        case "average":
            return average_pool2d(image, pool_size, stride, padding)
        case "min":
            return min_pool2d(image, pool_size, stride, padding)
        case "global_max":
            return global_max_pool2d(image)[None, None]
        case "global_average":
            return global_average_pool2d(image)[None, None]
    raise ValueError(f"there is no pooling {pool_type!r}; choose max, average, min, global_max or global_average")


def shifted(image: NDArray[np.float32], right: int, down: int) -> NDArray[np.float32]:
    """The same picture, moved; what leaves at one side comes in at the other, so that no value is lost.

    Args:
        image: `(height, width, channels)`.
        right, down: pixels to move it by.

    Returns:
        The same shape.

    >>> shifted(np.array([[1, 2, 3]], np.float32)[:, :, None], right=1, down=0)[:, :, 0]
    array([[3., 1., 2.]], dtype=float32)
    """
    return np.roll(image, (down, right), axis=(0, 1))


def share_changed(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """How much of a map has changed.

    `1 - sum of min(before, after) / larger of (sum of before, sum of after)`: at each place the smaller value is what
    has stayed. It is 0 where nothing has changed, and 1 where nothing lies where it lay: not of a dot that moves away,
    and not of a bright map that has become black.

    Args:
        before, after: of the same shape, 0 or more.

    Returns:
        The share, 0 to 1. Of two empty maps nothing has changed.

    >>> share_changed(np.array([1, 0], np.float32), np.array([0, 1], np.float32))
    1.0
    """
    stayed, *sums = (float(values.sum(dtype=np.float64)) for values in (np.minimum(before, after), before, after))
    return 1 - stayed / max(sums) if max(sums) else 0.0
