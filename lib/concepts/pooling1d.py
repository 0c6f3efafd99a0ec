"""Pooling of sequences: keep one number of several steps, and forget at which of them it was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.concepts.windows import windows_of


def max_pool1d(
    sequence: NDArray[np.float32], pool_size: int, stride: int, padding: str = "valid"
) -> NDArray[np.float32]:
    """The largest value of each window of steps, for each feature by itself.

    `out[t, c] = max over a of sequence[t*stride + a, c]`

    Args:
        sequence: `(steps, features)`.
        pool_size: length of the window, in steps.
        stride: steps from one window to the next.
        padding: 'valid' or 'same', whose added steps never win.

    Returns:
        `(positions, features)`.

    Raises:
        ValueError: the window does not fit into the sequence.

    >>> max_pool1d(np.array([[1], [4], [3], [2]], np.float32), pool_size=2, stride=2)[:, 0]
    array([4., 3.], dtype=float32)
    """
    largest: NDArray[np.float32] = windows_of(sequence, pool_size, stride, padding, fill=-np.inf).max(axis=2)
    return largest


def global_average_pool1d(sequence: NDArray[np.float32], mask: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """The mean of each feature over the steps that are not masked.

    `out[c] = sum over real steps t of sequence[t, c] / number of real steps`

    Args:
        sequence: `(steps, features)`.
        mask: `(steps,)`, False for padding; None takes every step.

    Returns:
        `(features,)`; not a number where every step is masked, as in Keras.

    >>> sequence = np.array([[0], [2], [4]], np.float32)
    >>> global_average_pool1d(sequence), global_average_pool1d(sequence, np.array([False, True, True]))
    (array([2.], dtype=float32), array([3.], dtype=float32))
    """
    real = sequence if mask is None else sequence[mask]
    with np.errstate(invalid="ignore"):
        means: NDArray[np.float32] = real.sum(axis=0) / np.float32(len(real))
    return means


def global_max_pool1d(sequence: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest value of each feature: how well a pattern fits where it fits best.

    `out[c] = max over t of sequence[t, c]`

    Keras knows no mask here: padded steps take part.

    Args:
        sequence: `(steps, features)`.

    Returns:
        `(features,)`.

    >>> global_max_pool1d(np.array([[1, 9], [5, 2]], np.float32))
    array([5., 9.], dtype=float32)
    """
    largest: NDArray[np.float32] = sequence.max(axis=0)
    return largest
