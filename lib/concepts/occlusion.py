"""Cover a part of the picture and see how the answer changes (Zeiler, Fergus 2014, section 4.2)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lib.concepts.forward import forward
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]


def starts(side: int, patch: int, step: int) -> list[int]:
    """Where the patch begins along one axis, from the first pixel on, as long as all of it fits.

    >>> starts(28, patch=4, step=2)
    [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]
    """
    return list(range(0, max(side - patch, 0) + 1, step))


def occlusion(
    model: ModelSpec, weights: Mapping[str, NDArray[np.float32]], sample: Values, cover: Values, patch: int, step: int
) -> Values:
    """The model's answer with each place of the picture covered in turn.

    Args:
        model: a stack that works.
        weights: arrays by name.
        sample: the picture, scaled as in training, `(height, width, channels)`.
        cover: what is seen in the patch instead, of the same shape.
        patch: side of the square that is covered, in pixels.
        step: pixels from one place to the next.

    Returns:
        `(rows, columns, outputs)`: one answer for each place.
    """
    down, across = (starts(side, patch, step) for side in sample.shape[:2])
    answers = np.empty((len(down), len(across), model.shapes()[-1][0]), np.float32)
    for row, top in enumerate(down):
        for column, left in enumerate(across):
            covered = sample.copy()
            here = np.s_[top : top + patch, left : left + patch]
            covered[here] = cover[here]
            answers[row, column] = forward(model, weights, covered)[-1]
    return answers


def cover_of(image: NDArray[np.uint8], fill: str) -> NDArray[np.uint8]:
    """What a patch shows instead of the picture.

    Args:
        image: `(height, width, channels)`, 0 to 255.
        fill: "black", "mean" (each channel's own mean) or "blur" (the mean of 9 x 9 pixels around).

    Raises:
        ValueError: another fill.

    >>> cover_of(np.array([[[0], [10]]], np.uint8), "mean")[0, :, 0].tolist()
    [5, 5]
    """
    if fill == "black":
        return np.zeros_like(image)
    if fill == "mean":
        return np.broadcast_to(image.mean(axis=(0, 1)).round().astype(np.uint8), image.shape).copy()
    if fill != "blur":
        raise ValueError(f"fill must be black, mean or blur, not {fill!r}")
    reach = 4
    padded = np.pad(image.astype(np.float32), ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1, 2 * reach + 1), axis=(0, 1))
    blurred: NDArray[np.uint8] = windows.mean(axis=(3, 4)).round().astype(np.uint8)
    return blurred
