import numpy as np
import pytest
from helpers.keras_twins import random_weights

from lib.concepts.forward import forward
from lib.concepts.receptive import receptive_field
from lib.specs.layers.known import AveragePooling2D, Conv2D, Dropout, ParallelConv2D
from lib.specs.model import ModelSpec

STACKS = [
    (Conv2D(filters=2, activation="linear"), AveragePooling2D(), Conv2D(filters=2, activation="linear")),
    (Conv2D(filters=2, strides=2, padding="same", activation="linear"), Dropout(), AveragePooling2D(padding="same")),
    (Conv2D(filters=2, dilation_rate=2, activation="linear"), ParallelConv2D(filters=2, activation="linear")),
]


@pytest.mark.parametrize("layers", STACKS)
def test_a_cell_changes_with_the_pixels_it_sees_and_with_no_other(layers):
    model = ModelSpec((23, 20, 1), layers)
    weights = random_weights(model)
    inputs = (model.input_shape, *model.shapes()[:-1])
    rows, columns = (receptive_field(layers, inputs, axis) for axis in (0, 1))
    cell = tuple(side // 2 for side in model.shapes()[-1][:2])
    image = np.zeros(model.input_shape, np.float32)
    before = forward(model, weights, image)[-1][cell]
    changed = np.zeros((23, 20), bool)
    for row in range(23):
        for column in range(20):
            image[row, column] = 1
            changed[row, column] = not np.array_equal(forward(model, weights, image)[-1][cell], before)
            image[row, column] = 0
    seen = [np.flatnonzero(changed.any(axis=1 - axis)) for axis in (0, 1)]
    for field, at, found, side in zip((rows, columns), cell, seen, (23, 20), strict=True):
        first, last = field.pixels(at)
        assert (max(first, 0), min(last, side - 1)) == (found[0], found[-1])
