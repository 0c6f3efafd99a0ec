"""Kernels with a name: patterns that people designed, long before networks learned their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]


def identity(size: int) -> Values:
    """The picture itself: 1 in the middle, 0 elsewhere. With an even size the middle is up and left."""
    middle = (size - 1) // 2
    kernel = np.zeros((size, size), np.float32)
    kernel[middle, middle] = 1
    return kernel


def blur(size: int) -> Values:
    """The mean of the window."""
    return np.full((size, size), 1 / size**2, np.float32)


def sobel_x(size: int) -> Values:
    """How much brighter it gets to the right, smoothed from top to bottom (Sobel, Feldman 1968).

    >>> sobel_x(3)
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]], dtype=float32)
    """
    return np.outer(_binomial(size), np.convolve(_binomial(size - 1), [-1, 1])).astype(np.float32)


def sobel_y(size: int) -> Values:
    """How much brighter it gets downwards: `sobel_x` turned."""
    return sobel_x(size).T.copy()


def laplacian(size: int) -> Values:
    """How the middle differs from its neighbours: the second derivatives across and down, added.

    >>> laplacian(3)
    array([[ 0.,  1.,  0.],
           [ 1., -4.,  1.],
           [ 0.,  1.,  0.]], dtype=float32)
    """
    middle = np.zeros(size)
    middle[(size - 1) // 2] = 1
    curve = np.convolve(_binomial(size - 2), [1, -2, 1])
    return (np.outer(middle, curve) + np.outer(curve, middle)).astype(np.float32)


def sharpen(size: int) -> Values:
    """The picture minus its Laplacian: edges are exaggerated.

    >>> sharpen(3)
    array([[ 0., -1.,  0.],
           [-1.,  5., -1.],
           [ 0., -1.,  0.]], dtype=float32)
    """
    return identity(size) - laplacian(size)


def emboss(size: int) -> Values:
    """The picture plus its slope from top left to bottom right: it looks like a relief.

    >>> emboss(3)
    array([[-2., -1.,  0.],
           [-1.,  1.,  1.],
           [ 0.,  1.,  2.]], dtype=float32)
    """
    steps = np.arange(size)
    return (steps[:, None] + steps[None, :] - (size - 1)).astype(np.float32) + identity(size)


def _binomial(size: int) -> NDArray[np.float64]:
    """A row of Pascal's triangle (1; 1 1; 1 2 1; ...): weights of a smooth mean."""
    row = np.ones(1)
    for _ in range(size - 1):
        row = np.convolve(row, [1, 1])
    return row


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel that somebody designed.

    Attributes:
        title: what people call it.
        make: gives it at a size, in taps.
        smallest: the smallest size at which it means something.
    """

    title: str
    make: Callable[[int], Values]
    smallest: int


KERNELS = {
    "identity": Kernel("identity", identity, 1),
    "blur": Kernel("blur", blur, 1),
    "sharpen": Kernel("sharpen", sharpen, 3),
    "sobel_x": Kernel("Sobel x", sobel_x, 2),
    "sobel_y": Kernel("Sobel y", sobel_y, 2),
    "laplacian": Kernel("Laplacian", laplacian, 3),
    "emboss": Kernel("emboss", emboss, 2),
}
"""Every such kernel by its name."""


def kernel_named(name: str, size: int) -> Values:
    """A named kernel of any size.

    Args:
        name: a key of `KERNELS`.
        size: taps down and across.

    Returns:
        `(size, size)`.

    Raises:
        ValueError: it needs more taps; the text says how many.

    >>> kernel_named("laplacian", 1)
    Traceback (most recent call last):
    ValueError: Laplacian compares neighbours, so it needs kernel_size 3 or more, not 1
    """
    kernel = KERNELS[name]
    if size < kernel.smallest:
        raise ValueError(
            f"{kernel.title} compares neighbours, so it needs kernel_size {kernel.smallest} or more, not {size}"
        )
    return kernel.make(size)


def resized(kernel: Values, size: int) -> Values:
    """A kernel cut to fewer taps, or with zeros added up to more taps, evenly around its middle.

    >>> resized(np.ones((1, 1), np.float32), 3)[1]
    array([0., 1., 0.], dtype=float32)
    """
    old = len(kernel)
    target = np.zeros((size, size), np.float32)
    shift = (size - 1) // 2 - (old - 1) // 2
    filled = slice(max(shift, 0), min(old + shift, size))
    source = slice(filled.start - shift, filled.stop - shift)
    target[filled, filled] = kernel[source, source]
    return target
