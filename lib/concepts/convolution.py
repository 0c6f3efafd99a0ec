"""Convolution: one small pattern, looked for everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.concepts.windows import windows_of


def conv2d(
    image: NDArray[np.float32],
    kernel: NDArray[np.float32],
    stride: int = 1,
    padding: str = "valid",
    dilation_rate: int = 1,
) -> NDArray[np.float32]:
    """Slide kernels over an image and write down, at each position, how well each one fits.

    `out[i, j, f] = sum over a, b, c of image[i*s + a*d, j*s + b*d, c] * kernel[a, b, c, f]`, s = stride, d = dilation

    Like every deep-learning library this is, strictly, a cross-correlation: the kernel is not flipped (Goodfellow,
    Bengio, Courville: Deep Learning, 2016, equation 9.6).

    Args:
        image: `(height, width, channels)`.
        kernel: `(size, size, channels, filters)`, Keras' order.
        stride: pixels from one position to the next.
        padding: 'valid' (the kernel stays inside) or 'same' (zeros around, as TensorFlow adds them).
        dilation_rate: pixels from one tap of the kernel to the next.

    Returns:
        `(rows, columns, filters)`.

    Raises:
        ValueError: the channels differ, or the kernel does not fit into the image.

    A kernel that subtracts the left pixel from the right one answers at an edge, and nowhere else:

    >>> step = np.array([[0, 0, 1, 1]], np.float32)[:, :, None].repeat(3, axis=0)
    >>> edge = np.zeros((3, 3, 1, 1), np.float32)
    >>> edge[1, 0], edge[1, 2] = -1, 1
    >>> conv2d(step, edge)[:, :, 0]
    array([[1., 1.]], dtype=float32)
    """
    if image.shape[2] != kernel.shape[2]:
        raise ValueError(f"the image has {image.shape[2]} channels, but the kernel was made for {kernel.shape[2]}")
    windows = windows_of(image, kernel.shape[0], stride, padding, dilation_rate)
    # Multiply each window with each kernel and add up over channels and both axes of the window.
    return np.tensordot(windows, kernel.transpose(2, 0, 1, 3), axes=3)
