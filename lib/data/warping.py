"""Images moved, turned and zoomed; what lies beyond the edge repeats the edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def warp(
    image: NDArray[np.uint8], *, shift: tuple[float, float] = (0, 0), degrees: float = 0, zoom: float = 1
) -> NDArray[np.float64]:
    """An image zoomed and turned about its middle, then moved.

    Each pixel of the result comes from a place in the image. Its value is the mean of the four pixels around it,
    weighted by nearness (bilinear interpolation).

    Args:
        image: `(height, width, channels)`.
        shift: pixels down and to the right.
        degrees: anticlockwise.
        zoom: size of what is seen: 2 shows twice as much, each thing half as large.

    Returns:
        float64 of the same shape.
    """
    height, width, _ = image.shape
    middle = (height - 1) / 2, (width - 1) / 2
    row, column = np.mgrid[:height, :width]
    down, right = row - middle[0] - shift[0], column - middle[1] - shift[1]
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    source_row = middle[0] + zoom * (cosine * down + sine * right)
    source_column = middle[1] + zoom * (cosine * right - sine * down)
    return interpolate(image, source_row, source_column)


def interpolate(image: NDArray[np.uint8], row: NDArray[np.float64], column: NDArray[np.float64]) -> NDArray[np.float64]:
    """The image's values between its pixels; beyond its edges, those of the edge.

    Args:
        image: `(height, width, channels)`.
        row, column: places to look at, any shape.

    Returns:
        float64 of that shape, and channels.
    """
    height, width, _ = image.shape
    row, column = np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    lower, later = (row - top)[..., None], (column - left)[..., None]
    above = (1 - later) * image[top, left] + later * image[top, right]
    below = (1 - later) * image[bottom, left] + later * image[bottom, right]
    blended: NDArray[np.float64] = (1 - lower) * above + lower * below
    return blended
