"""A window that slides along a sequence: what convolution and pooling of sequences have in common."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lib.concepts.windows import same_padding


def windows1d_of(
    sequence: NDArray[np.float32], window: int, stride: int, padding: str, dilation_rate: int = 1, fill: float = 0.0
) -> NDArray[np.float32]:
    """Every window of a sequence, without copying a number.

    Args:
        sequence: `(steps, features)`.
        window: length of the window, in taps.
        stride: steps from one window to the next.
        padding: 'valid' keeps the window inside; 'same' adds steps at both ends (see `same_padding`); 'causal' adds
            them all in front, so that a window never sees a later step than the one it stands on.
        dilation_rate: steps from one tap to the next.
        fill: value of the steps that are added.

    Returns:
        `(positions, features, window)`: entry `[t]` is what the window sees at position `t`.

    Raises:
        ValueError: the window is longer than the sequence, or the padding has another name.

    >>> windows1d_of(np.arange(4, dtype=np.float32)[:, None], window=2, stride=1, padding="causal")[:, 0]
    array([[0., 0.],
           [0., 1.],
           [1., 2.],
           [2., 3.]], dtype=float32)
    """
    reach = dilation_rate * (window - 1) + 1
    added = {
        "valid": (0, 0),
        "same": same_padding(len(sequence), window, stride, dilation_rate),
        "causal": (reach - 1, 0),
    }
    if padding not in added:
        raise ValueError(f"padding must be 'valid', 'same' or 'causal', not {padding!r}")
    sequence = np.pad(sequence, [added[padding], (0, 0)], constant_values=fill)
    if reach > len(sequence):
        raise ValueError(f"a window of {reach} steps does not fit into {len(sequence)}; use padding 'same'")
    return sliding_window_view(sequence, reach, axis=0)[::stride, :, ::dilation_rate]
