"""Random variants of one image, as the layers in front of a network make them in training."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from lib.concepts.augmenting import variant
from lib.data.scaling import Scaling
from lib.specs.layers.known import Layer


def in_front(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The layers at the beginning of a stack that make variants of what comes in.

    >>> from lib.specs.layers.known import Flatten, GaussianNoise, RandomFlip
    >>> [layer.kind for layer in in_front((RandomFlip(), Flatten(), GaussianNoise()))]
    ['RandomFlip']
    """
    return tuple(takewhile(lambda layer: layer.makes_variants, layers))


def variants(
    image: NDArray[np.uint8],
    layers: Sequence[Layer],
    scaling: Scaling,
    value_range: tuple[int, int],
    count: int,
    seed: int,
) -> NDArray[np.uint8]:
    """What layers make of an image when they meet it some times.

    Args:
        image: `(height, width, channels)`, 0 to 255.
        layers: those in front, in their order.
        scaling: how pixels are scaled before they come to the first layer.
        value_range: between which numbers scaled pixels lie.
        count: how many variants.
        seed: the same seed gives the same variants.

    Returns:
        uint8 `(count, height, width, channels)`: scaled back. What lies outside 0 to 255 then is shown as black or
        white, though the network gets it as it is.
    """
    random = np.random.default_rng(seed)
    scaled = scaling.apply(image)
    return np.stack([scaling.to_pixels(variant(layers, scaled, random, value_range)) for _ in range(count)])


def describe_variants(name: str, layers: Sequence[Layer], count: int) -> str:
    """The alt text of a sheet of variants.

    >>> from lib.specs.layers.known import RandomRotation, RandomTranslation
    >>> describe_variants("a 7", (RandomTranslation(), RandomRotation(factor=0.1)), 8)
    '8 random variants of a 7, made by RandomTranslation ±10%, ±10%, then RandomRotation ±36°'
    """
    made_by = ", then ".join(f"{layer.kind} {layer.brief}" for layer in layers)
    return f"{count} random variants of {name}, made by {made_by}"
