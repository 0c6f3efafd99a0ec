"""Where a score would change most: maps that are made of gradients, and the network whose gradients they are.

The gradient of a score says how fast it grows with each number before it. A worker computes gradients; what becomes of
them is here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.specs.layers.known import Dense, Shape
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]


def with_logits(model: ModelSpec) -> ModelSpec:
    """The model without the activation of its last layer: it gives scores, from the same weights.

    Behind softmax and sigmoid, gradients are 0 wherever the network is sure, whatever the reason is.

    >>> with_logits(ModelSpec((4,), (Dense(), Dense(units=10, activation="softmax")))).layers[-1]
    Dense(units=10, activation='linear', use_bias=True)
    """
    layers = list(model.layers)
    place = len(layers) - 1
    while place > 0 and layers[place].only_training:
        place -= 1
    last = layers[place]
    if isinstance(last, Dense):
        layers[place] = dataclasses.replace(last, activation="linear")
    return ModelSpec(model.input_shape, tuple(layers))


def last_maps(model: ModelSpec) -> int:
    """How many layers come before the last maps: the numbers that still have a place in the image.

    Args:
        model: a stack that works, on images.

    Returns:
        The maps are what goes into layer number `n`; 0 for the image itself, where there are no other maps.

    >>> from lib.specs.layers.known import Conv2D, Flatten, MaxPooling2D
    >>> last_maps(ModelSpec((28, 28, 1), (Conv2D(), MaxPooling2D(), Flatten(), Dense(), Dense(units=10))))
    2
    """
    shapes = _shapes(model)
    return max(place for place, shape in enumerate(shapes) if len(shape) == 3)


def from_layer(model: ModelSpec, weights: Weights, first: int) -> tuple[ModelSpec, dict[str, NDArray[Any]]]:
    """The rest of a model as a model of its own, with its weights.

    Args:
        model: a stack that works.
        weights: of the whole model, by name.
        first: how many layers are left out.
    """
    rest = ModelSpec(_shapes(model)[first], model.layers[first:])
    names = zip(model.layer_names()[first:], rest.layer_names(), strict=True)
    own = {
        f"{new}/{name.removeprefix(f'{old}/')}": values
        for old, new in names
        for name, values in weights.items()
        if name.startswith(f"{old}/")
    }
    return rest, own


def _shapes(model: ModelSpec) -> tuple[Shape, ...]:
    """What goes into each layer, and what comes out of the last one."""
    return (model.input_shape, *model.shapes())


def gradient_times_activation(maps: Values, gradient: Values) -> Values:
    """How much of a score goes through each place, if the score went on growing as it does here.

    `places[i, j] = sum over c of maps[i, j, c] * gradient[i, j, c]` (Draelos, Carin 2020: HiResCAM, arXiv 2011.08891)

    Where the maps go straight into the last Dense the gradient is its weights, and the places are exact parts of the
    score: `lib.concepts.contribution`.

    Args:
        maps, gradient: `(height, width, channels)`.

    >>> gradient_times_activation(np.ones((1, 2, 3), np.float32), np.full((1, 2, 3), 2, np.float32))
    array([[6., 6.]], dtype=float32)
    """
    places: Values = (maps * gradient).sum(axis=-1)
    return places


def grad_cam(maps: Values, gradient: Values) -> Values:
    """Maps added up, each weighed by its mean gradient; what is below 0 is cut off.

    `places[i, j] = max(0, sum over c of maps[i, j, c] * mean over i, j of gradient[i, j, c])` (Selvaraju and others
    2017: Grad-CAM, arXiv 1610.02391, equations 1 and 2)

    Args:
        maps, gradient: `(height, width, channels)`.
    """
    weighed: Values = (maps * gradient.mean(axis=(0, 1))).sum(axis=-1)
    return np.maximum(weighed, np.float32(0))


def per_pixel(gradient: Values) -> Values:
    """A gradient of an image with one number a pixel: the sum over its colours, `(height, width)`."""
    places: Values = gradient.sum(axis=-1)
    return places


def noisy_copies(sample: Values, copies: int, noise: float, most: int, seed: int = 0) -> Iterator[Values]:
    """An image over and over, each time with other normal noise: what SmoothGrad takes the mean gradient over.

    Smilkov and others 2017: SmoothGrad, arXiv 1706.03825, section 3. The same seed gives the same copies.

    Args:
        sample: `(height, width, channels)`.
        copies: how many.
        noise: its standard deviation, as a share of the image's range from its lowest to its highest number.
        most: copies that are made at a time.
        seed: of the noise.

    Yields:
        `(at most `most`, height, width, channels)`.

    >>> [part.shape for part in noisy_copies(np.zeros((4, 4, 1), np.float32), 5, 0.1, most=2)]
    [(2, 4, 4, 1), (2, 4, 4, 1), (1, 4, 4, 1)]
    """
    numbers, deviation = np.random.default_rng(seed), noise * float(sample.max() - sample.min())
    for start in range(0, copies, most):
        drawn = numbers.standard_normal((min(most, copies - start), *sample.shape))
        yield (sample + deviation * drawn).astype(np.float32)
