"""A window that slides over an image or along a sequence: what convolution and pooling have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Padding = str | int
"""'valid' (the window stays inside), 'same' (see `same_padding`), 'causal' (along a sequence, all in front), or a
number of pixels added at each end."""


def output_size(size: int, window: int, stride: int = 1, pad: int = 0, dilation_rate: int = 1) -> int:
    """Number of positions that a window has along one axis.

    Args:
        size: input length, in pixels.
        window: window length, in taps.
        stride: pixels from one position to the next.
        pad: pixels added at each end.
        dilation_rate: pixels from one tap to the next.

    Returns:
        `floor((size + 2*pad - reach) / stride) + 1`. The floor leaves out pixels at the end that no window reaches.

    Raises:
        ValueError: the window is longer than the padded input.

    >>> output_size(28, window=3)
    26
    >>> output_size(28, window=3, stride=2)
    13
    """
    reach = window_reach(window, dilation_rate)
    if reach > size + 2 * pad:
        raise ValueError(
            f"a window of {reach} pixels does not fit into {size + 2 * pad}; use padding 'same' or a smaller window"
        )
    return (size + 2 * pad - reach) // stride + 1


def window_reach(window: int, dilation_rate: int = 1) -> int:
    """Pixels from a window's first tap to its last, both included: `dilation_rate * (window - 1) + 1`.

    >>> window_reach(3, dilation_rate=2)
    5
    """
    return dilation_rate * (window - 1) + 1


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
    missing = max((positions - 1) * stride + window_reach(window, dilation_rate) - size, 0)
    return missing // 2, missing - missing // 2


def pad_widths(
    size: int, window: int, stride: int = 1, padding: Padding = "valid", dilation_rate: int = 1
) -> tuple[int, int]:
    """Pixels added before and after one axis, for any kind of padding.

    Args:
        size: input length, in pixels.
        window: window length, in taps.
        stride: pixels from one position to the next.
        padding: 'valid', 'same', 'causal' (a window then ends where it stands, and sees nothing that comes later), or a
            number of pixels at each end.
        dilation_rate: pixels from one tap to the next.

    Returns:
        `(before, after)`, in pixels.

    Raises:
        ValueError: the padding has another name, or is below 0.

    >>> pad_widths(28, window=3, padding=2), pad_widths(28, window=3, padding="causal")
    ((2, 2), (2, 0))
    """
    if padding == "valid":
        return 0, 0
    if padding == "same":
        return same_padding(size, window, stride, dilation_rate)
    if padding == "causal":
        return window_reach(window, dilation_rate) - 1, 0
    if isinstance(padding, str) or padding < 0:
        raise ValueError(
            f"padding must be 'valid' or 'same' or a number from 0, or 'causal' along a sequence, not {padding!r}"
        )
    return padding, padding


def output_size_sum(size: int, window: int, stride: int, padding: Padding, dilation_rate: int = 1) -> str:
    """The number of positions along one axis, with the sum written out.

    Args:
        size: input length, in pixels.
        window: window length, in taps.
        stride: pixels from one position to the next.
        padding: 'valid', 'same', or a number of pixels at each end.
        dilation_rate: pixels from one tap to the next.

    Raises:
        ValueError: the window does not fit.

    >>> output_size_sum(28, window=3, stride=2, padding=1)
    'floor((28 + 2*1 - 3)/2) + 1 = 14'
    >>> output_size_sum(28, window=3, stride=2, padding="same")
    'ceil(28/2) = 14'
    """
    if padding == "same":
        return f"ceil({size}/{stride}) = {-(-size // stride)}"
    before, _ = pad_widths(size, window, stride, padding, dilation_rate)
    result = output_size(size, window, stride, before, dilation_rate)
    return f"floor(({size} + 2*{before} - {window_reach(window, dilation_rate)})/{stride}) + 1 = {result}"


def windows_of(
    values: NDArray[np.float32], window: int, stride: int, padding: Padding, dilation_rate: int = 1, fill: float = 0.0
) -> NDArray[np.float32]:
    """Every window of an image or of a sequence, without copying a number.

    Args:
        values: an image, `(height, width, channels)`, or a sequence, `(steps, channels)`.
        window: side of the square window or length of the one along a sequence, in taps.
        stride: pixels or steps from one window to the next.
        padding: 'valid' keeps the window inside; any other adds pixels or steps outside (see `pad_widths`).
        dilation_rate: pixels or steps from one tap to the next.
        fill: value of all that padding adds.

    Returns:
        Of an image `(rows, columns, channels, window, window)`: entry `[i, j]` is what the window sees at position
        `(i, j)`. Of a sequence `(positions, channels, window)`.

    Raises:
        ValueError: the window is larger than the padded input, or the padding has another name.

    >>> windows_of(np.zeros((28, 28, 1), np.float32), window=3, stride=1, padding="valid").shape
    (26, 26, 1, 3, 3)
    >>> windows_of(np.arange(4, dtype=np.float32)[:, None], window=2, stride=1, padding="causal")[:, 0]
    array([[0., 0.],
           [0., 1.],
           [1., 2.],
           [2., 3.]], dtype=float32)
    """
    rank = values.ndim - 1  # 2 for an image, 1 for a sequence; the last axis holds the channels
    if padding == "causal" and rank > 1:
        raise ValueError("padding 'causal' is for sequences: an image has no direction in which time goes by")
    around = [pad_widths(size, window, stride, padding, dilation_rate) for size in values.shape[:rank]]
    if any(map(any, around)):
        values = np.pad(values, [*around, (0, 0)], constant_values=fill)
    reach = window_reach(window, dilation_rate)
    if reach > min(values.shape[:rank]):
        sizes, unit = "x".join(map(str, values.shape[:rank])), "steps" if rank == 1 else "pixels"
        raise ValueError(f"a window of {reach} {unit} does not fit into {sizes}; use padding 'same'")
    everywhere = sliding_window_view(values, (reach,) * rank, axis=tuple(range(rank)))
    # Of an image this is everywhere[::stride, ::stride, :, ::dilation_rate, ::dilation_rate].
    return everywhere[(np.s_[::stride],) * rank + (np.s_[:],) + (np.s_[::dilation_rate],) * rank]


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Where a window lies at one position.

    Attributes:
        rows: row of the image under each tap, from the top; outside the image, the tap lies on padding.
        columns: column of the image under each tap, from the left.
        inside: `(window, window)`: True where a tap lies on a pixel, False where it lies on padding.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    inside: NDArray[np.bool_]


def window_at(
    row: int,
    column: int,
    shape: tuple[int, ...],
    window: int,
    stride: int = 1,
    padding: Padding = "valid",
    dilation_rate: int = 1,
) -> Window:
    """Which pixels one output number comes from.

    Tap `a` at output row `i` lies on image row `i*stride + a*dilation_rate - before`, and the same for columns.

    Args:
        row: of the output, from 0.
        column: of the output, from 0.
        shape: the image's, `(height, width, ...)`.
        window: side of the square window, in taps.
        stride: pixels from one position to the next.
        padding: 'valid', 'same', or a number of pixels at each end.
        dilation_rate: pixels from one tap to the next.

    >>> window_at(0, 2, (28, 28), window=3, padding="same").rows
    array([-1,  0,  1])
    """
    taps = np.arange(window) * dilation_rate
    rows, columns = (
        position * stride + taps - pad_widths(size, window, stride, padding, dilation_rate)[0]
        for position, size in zip((row, column), shape[:2], strict=True)
    )
    on_row, on_column = (rows >= 0) & (rows < shape[0]), (columns >= 0) & (columns < shape[1])
    return Window(rows, columns, on_row[:, None] & on_column[None, :])
