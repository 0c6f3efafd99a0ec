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


def index_of(row: int, column: int, channel: int, shape: tuple[int, int, int]) -> int:
    """Where a number of the maps stands in the flat row.

    `(row*width + column)*channels + channel`

    Args:
        row, column, channel: place in the maps, from 0.
        shape: `(height, width, channels)` of the maps.

    Returns:
        Its place in the flat row, from 0.

    Raises:
        ValueError: the maps have no such place.

    >>> index_of(3, 4, 2, (13, 13, 8))
    346
    """
    height, width, channels = shape
    if not (0 <= row < height and 0 <= column < width and 0 <= channel < channels):
        raise ValueError(f"maps of {height}x{width}x{channels} have no place ({row}, {column}, {channel})")
    return (row * width + column) * channels + channel


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
