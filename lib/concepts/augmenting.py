"""What the layers that make variants do to an image while a network is trained, in numpy: Keras' own arithmetic.

Each layer draws its amounts anew for each image and hands its result on to the next one. For mirroring, moving, turning
and zooming each pixel of the result comes from a place in the image; its value is the mean of the four pixels around
that place, weighted by nearness (bilinear interpolation).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lib.specs.layers.known import (
    GaussianNoise,
    Layer,
    RandomContrast,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
)

Values = NDArray[np.float32]
Matrix = NDArray[np.float64]
"""Where the pixel at a column and row of the result comes from: `(2, 3)`, applied to `[column, row, 1]`."""


def variant(
    layers: Sequence[Layer], image: Values, random: np.random.Generator, value_range: tuple[int, int]
) -> Values:
    """A random variant of an image, made by some layers one after the other.

    Args:
        layers: those with `makes_variants`, in the order of the stack.
        image: `(height, width, channels)`, scaled as the network gets it.
        random: gives all that is drawn.
        value_range: between which numbers such pixels lie.

    Returns:
        float32 of the same shape.
    """
    for layer in layers:
        image = vary(layer, image, random, value_range)
    return image


def vary(layer: Layer, image: Values, random: np.random.Generator, value_range: tuple[int, int]) -> Values:
    """What one layer makes of an image, with amounts drawn as Keras draws them; arguments as for `variant`.

    Raises:
        NotImplementedError: it is no layer that makes variants.
    """
    height, width, _ = image.shape
    match layer:
        case RandomFlip():
            return flipped(image, layer.mode) if random.random() <= 0.5 else image
        case RandomTranslation():
            down, right = random.uniform(-1, 1, 2)
            matrix = moving(down * layer.height_factor * height, right * layer.width_factor * width)
            return warped(image, matrix, layer.fill_mode)
        case RandomRotation():
            degrees = 360 * random.uniform(-layer.factor, layer.factor)
            return warped(image, turning(degrees, height, width), layer.fill_mode)
        case RandomZoom():
            shown = random.uniform(1 - layer.height_factor, 1 + layer.height_factor)
            return warped(image, zooming(shown, height, width), layer.fill_mode)
        case RandomContrast():
            return contrasted(image, random.uniform(1 - layer.factor, 1 + layer.factor), value_range)
        case GaussianNoise():
            return image + np.float32(layer.stddev) * random.standard_normal(image.shape, np.float32)
    raise NotImplementedError(f"{layer.kind} makes no variants")


def flipped(image: Values, mode: str) -> Values:
    """An image in the mirror; with "horizontal_and_vertical" in two of them, which is half a turn.

    >>> flipped(np.array([[[1], [2]], [[3], [4]]], np.float32), "horizontal")[..., 0]
    array([[2., 1.],
           [4., 3.]], dtype=float32)
    """
    image = image[:, ::-1] if "horizontal" in mode else image
    return image[::-1] if "vertical" in mode else image


def moving(down: float, right: float) -> Matrix:
    """Moves an image by so many pixels.

    >>> moving(down=2, right=-1).tolist()
    [[1.0, 0.0, 1.0], [0.0, 1.0, -2.0]]
    """
    return np.array([[1, 0, -right], [0, 1, -down]], np.float64)


def turning(degrees: float, height: int, width: int) -> Matrix:
    """Turns an image anticlockwise about its middle."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return _about_the_middle(np.array([[cosine, -sine], [sine, cosine]]), height, width)


def zooming(shown: float, height: int, width: int) -> Matrix:
    """Shows so much of an image's side: with 2 everything is half as large.

    >>> zooming(2, height=3, width=5).tolist()
    [[2.0, 0.0, -2.0], [0.0, 2.0, -1.0]]
    """
    return _about_the_middle(shown * np.eye(2), height, width)


def _about_the_middle(square: NDArray[np.float64], height: int, width: int) -> Matrix:
    """The matrix that leaves the middle of the image where it is."""
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    return np.column_stack([square, middle - square @ middle])


def warped(image: Values, matrix: Matrix, fill_mode: str) -> Values:
    """An image whose pixels come from other places of it.

    Args:
        image: `(height, width, channels)`.
        matrix: which places.
        fill_mode: what lies beyond the edges: "reflect" the mirror image `d c b a | a b c d | d c b a`, "nearest" the
            edge's own pixels, "constant" zeros.

    Returns:
        float32 of the same shape.
    """
    height, width, _ = image.shape
    down, across = np.mgrid[:height, :width]
    column, row = np.tensordot(matrix, np.stack([across, down, np.ones_like(down)]), axes=1)
    row, column = _inside(row, height, fill_mode), _inside(column, width, fill_mode)
    above, left = np.floor(row).astype(int), np.floor(column).astype(int)
    lower, later = (row - above)[..., None], (column - left)[..., None]
    upper_row = (1 - later) * _pixels(image, above, left) + later * _pixels(image, above, left + 1)
    lower_row = (1 - later) * _pixels(image, above + 1, left) + later * _pixels(image, above + 1, left + 1)
    made: Values = ((1 - lower) * upper_row + lower * lower_row).astype(np.float32)
    return made


def _inside(places: NDArray[np.float64], side: int, fill_mode: str) -> NDArray[np.float64]:
    """Where to look instead of beyond the edges; with "constant" places stay where they are."""
    if fill_mode == "constant":
        return places
    if fill_mode == "reflect":
        places = places % (2 * side)
        places = np.where(places >= side, 2 * side - 1 - places, places)
    return np.clip(places, 0, side - 1)


def _pixels(image: Values, row: NDArray[np.int_], column: NDArray[np.int_]) -> Values:
    """The pixels at some places, zeros beyond the edges."""
    height, width, _ = image.shape
    there = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    found = image[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
    seen: Values = found * there[..., None]
    return seen


def contrasted(image: Values, factor: float, value_range: tuple[int, int]) -> Values:
    """Each pixel's distance from the mean of its channel, times a factor; what leaves the range is cut off.

    >>> contrasted(np.array([[[0.25], [0.75]]], np.float32), 1.5, (0, 1)).ravel()
    array([0.125, 0.875], dtype=float32)
    """
    mean = image.mean(axis=(0, 1))
    cut: Values = np.clip((image - mean) * np.float32(factor) + mean, *value_range)
    return cut
