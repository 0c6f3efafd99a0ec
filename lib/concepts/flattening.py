"""Flattening: the same numbers, written in one row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def flatten(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Write all values one after the other: row by row, in a row pixel by pixel, at a pixel channel by channel.

    `out[(i*width + j)*channels + c] = values[i, j, c]`

    Args:
        values: any shape; `(height, width, channels)` for maps.

    Returns:
        `(height * width * channels,)`.

    >>> flatten(np.array([[[1, 2], [3, 4]]], np.float32))
    array([1., 2., 3., 4.], dtype=float32)
    """
    return values.reshape(-1)


def place_of(index: int, shape: tuple[int, int, int]) -> tuple[int, int, int]:
    """Where a number of the flat row stood in the maps: the way back.

    Args:
        index: place in the flat row, from 0.
        shape: `(height, width, channels)` of the maps.

    Returns:
        `(row, column, channel)`.

    Raises:
        ValueError: the row is shorter.

    >>> place_of(3, (1, 2, 2))
    (0, 1, 1)
    """
    row, column, channel = np.unravel_index(index, shape)
    return int(row), int(column), int(channel)
