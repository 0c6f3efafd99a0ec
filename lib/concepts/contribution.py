"""Where in the picture a class gets its score from: exactly, where the last maps go straight into the last Dense.

A logit is then a plain sum over all places and maps, and each place's part of it can be read off (Draelos, Carin 2020:
HiResCAM, arXiv 2011.08891; with global average pooling Zhou et al. 2016: Class activation mapping).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.specs.layers.known import Dense, Flatten, GlobalAveragePooling2D
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """What each place adds to a score.

    Attributes:
        places: `(height, width)`; above 0 speaks for it, below 0 against.
        sum: of all places.
        bias: the score is `sum + bias`.
    """

    places: Values
    sum: float
    bias: float

    @property
    def score(self) -> float:
        """The class's logit, or the difference of two."""
        return self.sum + self.bias


def maps_before_last(model: ModelSpec) -> int | None:
    """How many layers come before the maps that go straight into the last Dense.

    Returns:
        The maps are what goes into layer number `n` (0: the image itself). None where the last Dense gets its numbers
        in another way, through a further Dense for instance: then no place has a part of its own.

    >>> from lib.specs.layers.known import Conv2D, Dropout
    >>> maps_before_last(ModelSpec((28, 28, 1), (Conv2D(), Flatten(), Dropout(), Dense(units=10))))
    1
    >>> maps_before_last(ModelSpec((28, 28, 1), (Flatten(), Dense(), Dense(units=10)))) is None
    True
    """
    if len(model.input_shape) != 3 or not model.layers or not isinstance(model.layers[-1], Dense):
        return None
    reshaped = False
    for number in range(len(model.layers) - 2, -1, -1):
        layer = model.layers[number]
        if isinstance(layer, Flatten | GlobalAveragePooling2D) and not reshaped:
            reshaped = True
            if len((model.input_shape, *model.shapes())[number]) != 3:
                return None
        elif not layer.only_training:
            return number + 1 if reshaped else None
    return 0 if reshaped else None


def contribution(
    model: ModelSpec, weights: Mapping[str, NDArray[np.generic]], maps: Values, unit: int, minus: int | None = None
) -> Contribution:
    """The part of each place in a unit's score, or in the difference of two units' scores.

    `places[i, j] = sum over c of maps[i, j, c] * kernel[(i*width + j)*channels + c, unit]` behind Flatten;
    `places[i, j] = sum over c of maps[i, j, c] * kernel[c, unit] / (height * width)` behind global average pooling

    Args:
        model: one whose maps go straight into its last Dense.
        weights: arrays by name.
        maps: what goes into the layer that `maps_before_last` names, `(height, width, channels)`.
        unit: of the last Dense, from 0.
        minus: another unit, whose score is taken off; None for the score itself.

    Raises:
        ValueError: the maps do not go straight into the last Dense.
    """
    first = maps_before_last(model)
    if first is None:
        raise ValueError("no maps go straight into the last Dense: no place has a part of its own")
    name, height, width = model.layer_names()[-1], maps.shape[0], maps.shape[1]
    kernel, bias = (np.asarray(weights.get(f"{name}/{word}", 0), np.float32) for word in ("kernel", "bias"))
    column, offset = kernel[:, unit], float(bias[unit]) if bias.ndim else 0.0
    if minus is not None:
        column = column - kernel[:, minus]
        offset -= float(bias[minus]) if bias.ndim else 0.0
    averaged = any(isinstance(layer, GlobalAveragePooling2D) for layer in model.layers[first:])
    share = column / np.float32(height * width) if averaged else column.reshape(maps.shape)
    places: Values = (maps * share).sum(axis=-1)
    return Contribution(places, float(places.sum(dtype=np.float64)), offset)
