"""A drawn or photographed digit in the form that MNIST's digits have.

MNIST's makers scaled each digit so that its longest side takes 20 pixels, and moved its centre of mass to the middle of
28 x 28 pixels (LeCun, Cortes, Burges: The MNIST database of handwritten digits). A network that has seen only such
digits does not know what to do with one in a corner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from lib.errors import DataError

SIDE = 28
INK_SIDE = 20
"""Pixels of a digit's longest side."""
CENTRE = 14.0
"""Index of the row and of the column where the centre of mass comes to lie."""
_FAINT = 32.0
"""Differences between ink and background below this are no ink."""
_EDGE = 0.2
"""What is fainter than this share of the strongest ink is no part of the digit: a photograph's shade and noise."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Normalised:
    """A digit and how it became one; each is light ink on black.

    Attributes:
        drawn: the picture as it came, `(height, width)`.
        cropped: the ink alone, `(height, width)`.
        scaled: its longest side `INK_SIDE`, `(height, width)`.
        centred: `(28, 28)`.
    """

    drawn: Pixels
    cropped: Pixels
    scaled: Pixels
    centred: Pixels


def as_mnist(image: ArrayLike) -> Pixels:
    """A picture of a digit as MNIST would hold it.

    Args:
        image: `(height, width)`, `(height, width, 1)` or `(height, width, 3)` of any size, 0 to 255. Whether its ink is
            light on dark or dark on light is found out: the background is what its border is.

    Returns:
        uint8 `(28, 28)`, light ink on black.

    Raises:
        DataError: there is no ink on it, or it is no such array.
    """
    return normalised(image).centred


def normalised(image: ArrayLike) -> Normalised:
    """The same with each step on the way; see `as_mnist`."""
    ink = _ink(image)
    cropped = _cropped(ink)
    scaled = _scaled(cropped)
    return Normalised(_bytes(ink), _bytes(cropped), _bytes(scaled), _bytes(_centred(scaled)))


def _ink(image: ArrayLike) -> NDArray[np.float32]:
    """How much a pixel differs from the background, the strongest 255."""
    pixels = np.asarray(image, np.float32)
    if pixels.ndim == 3 and pixels.shape[-1] in (1, 3):
        pixels = pixels.mean(axis=-1)
    if pixels.ndim != 2 or not pixels.size or not np.isfinite(pixels).all():
        raise DataError(f"A picture of a digit has rows and columns of numbers, not the shape {pixels.shape}.")
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    background = float(np.median(border))
    # Ink is on the side that goes further away from the background.
    lighter, darker = float(pixels.max()) - background, background - float(pixels.min())
    ink = np.clip(pixels - background if lighter >= darker else background - pixels, 0, None)
    strongest = float(ink.max())
    if strongest < _FAINT:
        raise DataError("There is nothing on the picture: draw a digit, or take a picture with more contrast.")
    ink[ink < _EDGE * strongest] = 0
    return np.asarray(ink * (255 / strongest), np.float32)


def _cropped(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _scaled(cropped: NDArray[np.float32]) -> NDArray[np.float32]:
    """Both sides by the same factor, with soft edges, never to nothing."""
    factor = INK_SIDE / max(cropped.shape)
    height, width = (max(1, round(side * factor)) for side in cropped.shape)
    scaled = Image.fromarray(cropped).resize(
        (width, height), Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX
    )
    return np.clip(np.asarray(scaled, np.float32), 0, 255)


def _centred(scaled: NDArray[np.float32]) -> NDArray[np.float32]:
    """On 28 x 28 pixels, the centre of mass in the middle; all of the ink stays on them."""
    # In float64 these sums are exact, so that a browser finds the same middle (`components/digit.js`).
    exact = scaled.astype(np.float64)
    top, left = (
        _offset(float((exact.sum(axis=1 - axis) * np.arange(exact.shape[axis])).sum() / exact.sum()), exact.shape[axis])
        for axis in (0, 1)
    )
    sheet = np.zeros((SIDE, SIDE), np.float32)
    sheet[top : top + scaled.shape[0], left : left + scaled.shape[1]] = scaled
    return sheet


def _offset(centre: float, side: int) -> int:
    return min(max(round(CENTRE - centre), 0), SIDE - side)


def _bytes(values: NDArray[np.float32]) -> Pixels:
    return np.rint(values).astype(np.uint8)


def fitted(image: NDArray[np.uint8], shape: tuple[int, int, int]) -> Pixels:
    """The middle of a picture, as much of it as the shape's proportions hold, at that size and with as many channels.

    Args:
        image: `(height, width, 1 or 3)`, 0 to 255.
        shape: `(height, width, channels)`; one channel becomes grey, several are filled alike from a grey picture.

    Returns:
        uint8 of that shape.

    >>> fitted(np.full((40, 100, 3), 7, np.uint8), (28, 28, 1)).shape
    (28, 28, 1)
    """
    height, width, channels = shape
    factor = min(image.shape[0] / height, image.shape[1] / width)
    rows, columns = max(1, round(height * factor)), max(1, round(width * factor))
    top, left = (image.shape[0] - rows) // 2, (image.shape[1] - columns) // 2
    cut = image[top : top + rows, left : left + columns]
    if channels == 1 and cut.shape[2] == 3:
        cut = np.asarray(Image.fromarray(cut).convert("L"))[..., None]
    way = Image.Resampling.BICUBIC if factor < 1 else Image.Resampling.BOX
    planes = [Image.fromarray(cut[..., channel]).resize((width, height), way) for channel in range(cut.shape[2])]
    stacked = np.stack([np.asarray(plane) for plane in planes], axis=-1)
    return np.repeat(stacked, channels, axis=-1) if stacked.shape[2] == 1 else stacked[..., :channels]
