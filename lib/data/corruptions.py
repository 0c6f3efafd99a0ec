"""Images made worse on purpose, step by step: noise, shift, rotation, brightness, contrast, occlusion.

What is done here is simple and ours; that each is done at five strengths follows Hendrycks, Dietterich 2019, arXiv
1903.12261. All images are raw, 0 to 255. Nothing is left to chance: an image's number decides its noise and the place
of its square, and the same draw serves all strengths.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.data.warping import warp

Image = NDArray[np.uint8]
_SEED = 0
_NOISE, _SQUARE = 1, 2
"""The numbers of the two draws: each has a generator of its own."""


@dataclass(frozen=True, slots=True)
class Corruption:
    """One way to make an image worse.

    Attributes:
        title: what people call it.
        unit: of its amounts.
        steps: five rising amounts.
        of_side: whether these are shares of the image's shorter side, to be rounded to whole pixels.
        change: takes the image `(height, width, channels)`, an amount and the image's number.
    """

    title: str
    unit: str
    steps: tuple[float, float, float, float, float]
    change: Callable[[Image, float, int], NDArray[np.generic]]
    of_side: bool = False


def amounts(kind: str, height: int, width: int) -> tuple[float, ...]:
    """The strengths of a corruption for images of a size: 0, which changes nothing, and five rising ones.

    Args:
        kind: name in `CORRUPTIONS`.
        height, width: of the images, in pixels.

    >>> amounts("shift", 28, 28), amounts("shift", 64, 96)
    ((0, 1, 2, 3, 4, 6), (0, 2, 5, 7, 9, 14))
    """
    corruption = CORRUPTIONS[kind]
    if not corruption.of_side:
        return (0, *corruption.steps)
    side = min(height, width)
    # In a very small image two steps would be the same number of pixels.
    return (0, *(min(side, max(place, round(share * side))) for place, share in enumerate(corruption.steps, start=1)))


def corrupted(images: Image, kind: str, amount: float, numbers: Sequence[int] | NDArray[np.intp]) -> Image:
    """Images made worse.

    Args:
        images: `(samples, height, width, channels)`, 0 to 255.
        kind: name in `CORRUPTIONS`.
        amount: in the corruption's unit; 0 changes nothing.
        numbers: one for each image: equal numbers have equal noise and equal places of the square.

    Returns:
        Rounded and cut to 0 to 255, of the shape of `images`.

    Raises:
        ValueError: there are more or fewer numbers than images, or the images are not uint8.

    >>> corrupted(np.array([[[[10], [20], [30]]]], np.uint8), "shift", 1, [0]).ravel().tolist()
    [0, 10, 20]
    """
    if images.dtype != np.uint8 or len(images) != len(numbers):
        raise ValueError(f"{len(numbers)} numbers do not fit to {len(images)} images of {images.dtype}")
    if not amount:
        return images.copy()
    change = CORRUPTIONS[kind].change
    changed = [change(image, amount, int(number)) for image, number in zip(images, numbers, strict=True)]
    return np.clip(np.rint(np.stack(changed)), 0, 255).astype(np.uint8)


def _noise(image: Image, amount: float, number: int) -> NDArray[np.float64]:
    """Add normally distributed numbers with this standard deviation, in grey levels, to each pixel's channels."""
    return image + amount * np.random.default_rng([_SEED, _NOISE, number]).standard_normal(image.shape)


def _shift(image: Image, amount: float, number: int) -> Image:
    """Move the image by whole pixels to the right; black comes in from the left."""
    moved = np.zeros_like(image)
    moved[:, int(amount) :] = image[:, : image.shape[1] - int(amount)]
    return moved


def _rotation(image: Image, amount: float, number: int) -> NDArray[np.float64]:
    """Turn the image anticlockwise about its middle, by degrees; beyond its edges the edge is repeated."""
    return warp(image, degrees=amount)


def _brightness(image: Image, amount: float, number: int) -> NDArray[np.float64]:
    """Add so many grey levels to all pixels."""
    return image + np.float64(amount)


def _contrast(image: Image, amount: float, number: int) -> NDArray[np.float64]:
    """Bring all pixels nearer to the image's mean, by so many percent of the way."""
    mean = float(image.mean())
    return np.asarray(mean + (1 - amount / 100) * (image - mean), np.float64)


def _occlusion(image: Image, amount: float, number: int) -> Image:
    """Cover a square of this side, in pixels, with black (DeVries, Taylor 2017, arXiv 1708.04552)."""
    down, right = np.random.default_rng([_SEED, _SQUARE, number]).random(2)
    side = int(amount)
    top, left = round(down * (image.shape[0] - side)), round(right * (image.shape[1] - side))
    covered = image.copy()
    covered[top : top + side, left : left + side] = 0
    return covered


CORRUPTIONS: dict[str, Corruption] = {
    "noise": Corruption("Noise", "grey levels", (15, 30, 45, 60, 90), _noise),
    "shift": Corruption("Shift to the right", "pixels", (1 / 28, 2 / 28, 3 / 28, 4 / 28, 6 / 28), _shift, of_side=True),
    "rotation": Corruption("Rotation", "degrees", (10, 20, 30, 45, 60), _rotation),
    "brightness": Corruption("More brightness", "grey levels", (25, 50, 75, 100, 150), _brightness),
    "contrast": Corruption("Less contrast", "% taken away", (20, 40, 60, 80, 90), _contrast),
    "occlusion": Corruption(
        "A black square", "pixels", (4 / 28, 7 / 28, 10 / 28, 14 / 28, 18 / 28), _occlusion, of_side=True
    ),
}
