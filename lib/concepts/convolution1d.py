"""Convolution along a sequence: one short pattern, looked for at every step.

Convolution and pooling share their windows with those of images. Each formula is written out once for images and once
for sequences: a reader follows named axes more easily than axes that are counted from the rank.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.concepts.windows import Padding, windows_of


def conv1d(
    sequence: NDArray[np.float32],
    kernel: NDArray[np.float32],
    stride: int = 1,
    padding: Padding = "valid",
    dilation_rate: int = 1,
) -> NDArray[np.float32]:
    """Slide kernels along a sequence and write down, at each position, how well each one fits.

    `out[t, f] = sum over a, c of sequence[t*s + a*d, c] * kernel[a, c, f]`, s = stride, d = dilation

    Args:
        sequence: `(steps, features)`.
        kernel: `(size, features, filters)`, Keras' order.
        stride: steps from one position to the next.
        padding: 'valid' (the kernel stays inside), 'same' (zeros at both ends), 'causal' (zeros in front only), or a
            number of zeros at each end.
        dilation_rate: steps from one tap of the kernel to the next.

    Returns:
        `(positions, filters)`.

    Raises:
        ValueError: the features differ, or the kernel does not fit into the sequence.

    A kernel that subtracts a step from the next one answers where something changes:

    >>> change = np.array([-1, 1], np.float32).reshape(2, 1, 1)
    >>> conv1d(np.array([[2], [2], [5]], np.float32), change)[:, 0]
    array([0., 3.], dtype=float32)
    """
    if sequence.shape[1] != kernel.shape[1]:
        raise ValueError(f"the steps have {sequence.shape[1]} features, but the kernel was made for {kernel.shape[1]}")
    windows = windows_of(sequence, len(kernel), stride, padding, dilation_rate)
    # Multiply each window with each kernel and add up over features and steps of the window.
    return np.tensordot(windows, kernel.transpose(1, 0, 2), axes=2)
