"""A map of signed values as a small picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.figures.base.colours import DIVERGING, rgb


def signed_picture(values: NDArray[np.float32], limit: float | None = None) -> NDArray[np.uint8]:
    """One pixel a value: blue below 0, white at 0, red above, the strongest value in the strongest colour.

    Args:
        values: `(rows, columns)`.
        limit: the value of the strongest colour, where pictures share one range.

    Returns:
        `(rows, columns, 3)`.

    >>> signed_picture(np.array([[-2, 0, 1]], np.float32))[0].tolist()
    [[33, 102, 172], [247, 247, 247], [244, 165, 130]]
    """
    largest = limit or float(np.abs(values).max()) or 1.0
    places = [2 * place - 1 for place, _ in DIVERGING]
    colours = np.array([rgb(colour) for _, colour in DIVERGING])
    parts = [np.interp(values / largest, places, colours[:, part]) for part in range(3)]
    return np.stack(parts, axis=-1).round().astype(np.uint8)
