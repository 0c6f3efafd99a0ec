"""Random variants of an image.

Keras' layers RandomFlip, RandomTranslation, RandomRotation, RandomZoom and GaussianNoise make new ones in every epoch.
One affine map is drawn for each variant; what lies beyond the edge repeats the edge (Keras' `fill_mode="nearest"`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Flip = Literal["none", "horizontal", "vertical", "horizontal_and_vertical"]
FLIPS: tuple[Flip, ...] = get_args(Flip)


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far variants may differ from the image. Each amount is drawn evenly from minus to plus the given one.

    Attributes:
        translation: share of height and of width, 0 to 1; each axis has a draw of its own.
        rotation: degrees, 0 to 180.
        zoom: share by which the image shrinks (or grows, where a negative one is drawn), 0 to below 1.
        flip: axes along which the image is mirrored in one variant of two.
        noise: standard deviation of what is added to each pixel, for pixels of 0 to 1.

    Raises:
        ValueError: a value is outside its range.
    """

    translation: float = 0.0
    rotation: float = 0.0
    zoom: float = 0.0
    flip: Flip = "none"
    noise: float = 0.0

    def __post_init__(self) -> None:
        for name, high in (("translation", 1), ("rotation", 180), ("zoom", 0.95), ("noise", 1)):
            if not 0 <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be from 0 to {high}, not {getattr(self, name)}")
        if self.flip not in FLIPS:
            raise ValueError(f"flip must be one of {', '.join(FLIPS)}, not {self.flip!r}")


def variants(image: NDArray[np.uint8], augmentation: Augmentation, count: int, seed: int) -> NDArray[np.uint8]:
    """Random variants of an image.

    Args:
        image: `(height, width, channels)`, 0 to 255.
        augmentation: how far they may differ from it.
        count: how many.
        seed: the same seed gives the same variants.

    Returns:
        uint8 `(count, height, width, channels)`.
    """
    random = np.random.default_rng(seed)
    return np.stack([variant(image, augmentation, random) for _ in range(count)])


def variant(image: NDArray[np.uint8], augmentation: Augmentation, random: np.random.Generator) -> NDArray[np.uint8]:
    """One random variant of an image `(height, width, channels)`: mirrored, moved, turned, zoomed, with noise."""
    height, width, _ = image.shape
    # All is drawn in every case, so that a slider at 0 does not change what the others draw.
    mirrored = random.random(2) < 0.5
    down, right, turn, zoom = random.uniform(-1, 1, 4)
    if mirrored[0] and "vertical" in augmentation.flip:
        image = image[::-1]
    if mirrored[1] and "horizontal" in augmentation.flip:
        image = image[:, ::-1]
    moved = warp(
        image,
        shift=(down * augmentation.translation * height, right * augmentation.translation * width),
        degrees=turn * augmentation.rotation,
        zoom=1 + zoom * augmentation.zoom,
    )
    noisy = moved + 255 * augmentation.noise * random.standard_normal(image.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def warp(
    image: NDArray[np.uint8], *, shift: tuple[float, float] = (0, 0), degrees: float = 0, zoom: float = 1
) -> NDArray[np.float64]:
    """An image zoomed and turned about its middle, then moved.

    Each pixel of the result comes from a place in the image. Its value is the mean of the four pixels around it,
    weighted by nearness (bilinear interpolation).

    Args:
        image: `(height, width, channels)`.
        shift: pixels down and to the right.
        degrees: anticlockwise.
        zoom: size of what is seen: 2 shows twice as much, each thing half as large.

    Returns:
        float64 of the same shape.
    """
    height, width, _ = image.shape
    middle = (height - 1) / 2, (width - 1) / 2
    row, column = np.mgrid[:height, :width]
    down, right = row - middle[0] - shift[0], column - middle[1] - shift[1]
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    source_row = middle[0] + zoom * (cosine * down + sine * right)
    source_column = middle[1] + zoom * (cosine * right - sine * down)
    return interpolate(image, source_row, source_column)


def interpolate(image: NDArray[np.uint8], row: NDArray[np.float64], column: NDArray[np.float64]) -> NDArray[np.float64]:
    """The image's values between its pixels; beyond its edges, those of the edge.

    Args:
        image: `(height, width, channels)`.
        row, column: places to look at, any shape.

    Returns:
        float64 of that shape, and channels.
    """
    height, width, _ = image.shape
    row, column = np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    lower, later = (row - top)[..., None], (column - left)[..., None]
    above = (1 - later) * image[top, left] + later * image[top, right]
    below = (1 - later) * image[bottom, left] + later * image[bottom, right]
    blended: NDArray[np.float64] = (1 - lower) * above + lower * below
    return blended


def keras_code(augmentation: Augmentation) -> str:
    """The Keras layers that do the same to images of 0 to 1; they work while training only.

    >>> print(keras_code(Augmentation(rotation=18)))
    keras.Sequential([
        keras.layers.RandomRotation(0.05, fill_mode="nearest"),
    ])
    """
    layers = [
        (augmentation.flip != "none", f'RandomFlip("{augmentation.flip}")'),
        (augmentation.translation, f'RandomTranslation({augmentation.translation:g}, {augmentation.translation:g}'
                                   ', fill_mode="nearest")'),
        (augmentation.rotation, f'RandomRotation({augmentation.rotation / 360:.4g}, fill_mode="nearest")'),
        (augmentation.zoom, f'RandomZoom({augmentation.zoom:g}, fill_mode="nearest")'),
        (augmentation.noise, f"GaussianNoise({augmentation.noise:g})"),
    ]  # fmt: skip
    lines = [f"    keras.layers.{layer},\n" for used, layer in layers if used]
    return f"keras.Sequential([\n{''.join(lines)}])"
