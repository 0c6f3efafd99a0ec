"""Convolution: one small pattern, looked for everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.concepts.windows import Padding, window_at, windows_of


def conv2d(
    image: NDArray[np.float32],
    kernel: NDArray[np.float32],
    stride: int = 1,
    padding: Padding = "valid",
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
        padding: 'valid' (the kernel stays inside), 'same' (zeros around, as TensorFlow adds them), or a number of zeros
            at each end.
        dilation_rate: pixels from one tap of the kernel to the next. Keras refuses it together with a stride above 1;
            the formula does not.

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


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """How one number of a convolution comes about.

    Attributes:
        values: what the window sees, `(size, size, channels)`; 0 where it lies on padding.
        weights: the kernel of the filter, of the same shape.
        products: `values * weights`.
        channel_sums: sum of the products of each channel, `(channels,)`.
        total: sum of all products, before the bias.
    """

    values: NDArray[np.float32]
    weights: NDArray[np.float32]
    products: NDArray[np.float32]
    channel_sums: NDArray[np.float32]
    total: float


def terms_at(
    image: NDArray[np.float32],
    kernel: NDArray[np.float32],
    row: int,
    column: int,
    filter: int = 0,
    stride: int = 1,
    padding: Padding = "valid",
    dilation_rate: int = 1,
) -> Terms:
    """The products whose sum is `conv2d(...)[row, column, filter]`.

    Args:
        image: `(height, width, channels)`.
        kernel: `(size, size, channels, filters)`.
        row: of the output, from 0.
        column: of the output, from 0.
        filter: which of the filters, from 0.
        stride: pixels from one position to the next.
        padding: 'valid', 'same', or a number of zeros at each end.
        dilation_rate: pixels from one tap of the kernel to the next.

    >>> image = np.arange(16, dtype=np.float32).reshape(4, 4, 1)
    >>> terms_at(image, np.ones((2, 2, 1, 1), np.float32), row=1, column=0).products[:, :, 0]
    array([[4., 5.],
           [8., 9.]], dtype=float32)
    """
    window = window_at(row, column, image.shape, kernel.shape[0], stride, padding, dilation_rate)
    rows, columns = window.rows.clip(0, image.shape[0] - 1), window.columns.clip(0, image.shape[1] - 1)
    values = image[np.ix_(rows, columns)] * window.inside[:, :, None]
    weights = kernel[:, :, :, filter]
    products = values * weights
    sums: NDArray[np.float32] = products.sum(axis=(0, 1))
    return Terms(values, weights, products, sums, float(sums.sum()))
