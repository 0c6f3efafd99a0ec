"""A window that slides over an image: what convolution and pooling have in common."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray


def same_padding(size: int, window: int, stride: int = 1, dilation_rate: int = 1) -> tuple[int, int]:
    """Pixels that padding 'same' adds before and after one axis.

    'same' asks for `ceil(size / stride)` positions and adds just enough for them. An odd pixel goes to the end, as in
    TensorFlow (https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2).

    Args:
        size: input length, in pixels.
        window: window length, in taps.
        stride: pixels from one position to the next.
        dilation_rate: pixels from one tap to the next.

    Returns:
        `(before, after)`, in pixels.

    >>> same_padding(28, window=3)
    (1, 1)
    >>> same_padding(28, window=3, stride=2)
    (0, 1)
    """
    positions = -(-size // stride)
    reach = dilation_rate * (window - 1) + 1
    missing = max((positions - 1) * stride + reach - size, 0)
    return missing // 2, missing - missing // 2


def windows_of(
    image: NDArray[np.float32], window: int, stride: int, padding: str, dilation_rate: int = 1, fill: float = 0.0
) -> NDArray[np.float32]:
    """Every window of an image, without copying a pixel.

    Args:
        image: `(height, width, channels)`.
        window: side of the square window, in taps.
        stride: pixels from one window to the next, along both axes.
        padding: 'valid' keeps the window inside; 'same' adds pixels around (see `same_padding`).
        dilation_rate: pixels from one tap to the next.
        fill: value of the pixels that 'same' adds.

    Returns:
        `(rows, columns, channels, window, window)`: entry `[i, j]` is what the window sees at position `(i, j)`.

    Raises:
        ValueError: the window is larger than the image, or the padding has another name.

    >>> windows_of(np.zeros((28, 28, 1), np.float32), window=3, stride=1, padding="valid").shape
    (26, 26, 1, 3, 3)
    """
    if padding not in ("valid", "same"):
        raise ValueError(f"padding must be 'valid' or 'same', not {padding!r}")
    if padding == "same":
        around = [same_padding(size, window, stride, dilation_rate) for size in image.shape[:2]]
        image = np.pad(image, [*around, (0, 0)], constant_values=fill)
    reach = dilation_rate * (window - 1) + 1
    if reach > min(image.shape[:2]):
        height, width = image.shape[:2]
        raise ValueError(f"a window of {reach} pixels does not fit into {height}x{width}; use padding 'same'")
    everywhere = sliding_window_view(image, (reach, reach), axis=(0, 1))
    return everywhere[::stride, ::stride, :, ::dilation_rate, ::dilation_rate]
