"""Maps that are made of gradients: what can be said of them without a gradient."""

import numpy as np
import pytest
from helpers.keras_twins import random_weights

from lib.concepts.forward import forward, weight_shapes
from lib.concepts.slopes import (
    from_layer,
    grad_cam,
    gradient_times_activation,
    last_maps,
    noisy_copies,
    per_pixel,
    with_logits,
)
from lib.specs.layers.known import (
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ParallelConv2D,
)
from lib.specs.model import ModelSpec

SOFTMAX, SIGMOID = Dense(units=3, activation="softmax"), Dense(units=1, activation="sigmoid")
STACKS = {
    "hidden dense": ((Conv2D(filters=2), MaxPooling2D(), Flatten(), Dense(units=5), Dense(units=4), SOFTMAX), 2),
    "branches": ((ParallelConv2D(filters=2), Conv2D(filters=3), BatchNormalization(), Flatten(), SOFTMAX), 3),
    "dropout": ((Conv2D(filters=2), Dropout(), Flatten(), Dropout(), SIGMOID, Dropout()), 2),
    "means": ((Conv2D(filters=2), GlobalAveragePooling2D(), Dense(units=1, activation="tanh")), 1),
    "no maps": ((Flatten(), Dense(units=5), SOFTMAX), 0),
    "no dense": ((Conv2D(filters=3, activation="tanh"), GlobalAveragePooling2D()), 1),
}


def case(name):
    """A model, its weights, an image and what the model makes of it."""
    model = ModelSpec((9, 8, 2), STACKS[name][0])
    weights, image = random_weights(model), np.random.default_rng(1).random(model.input_shape, dtype=np.float32)
    return model, weights, image, forward(model, weights, image)


@pytest.mark.parametrize("name", STACKS)
def test_the_rest_of_a_network_makes_of_the_last_maps_what_the_whole_makes_of_the_image(name):
    model, weights, image, outputs = case(name)
    first = last_maps(model)
    assert first == STACKS[name][1]
    maps = (image, *outputs)[first]
    assert maps.ndim == 3
    rest, own = from_layer(model, weights, first)
    assert len(rest.layers) == len(model.layers) - first
    assert np.array_equal(forward(rest, own, maps)[-1], outputs[-1])


@pytest.mark.parametrize("name", STACKS)
def test_without_its_last_activation_a_network_gives_scores_from_the_same_weights(name):
    model, weights, image, outputs = case(name)
    scores = forward(with_logits(model), weights, image)[-1]
    last = {
        "softmax": lambda values: np.exp(values) / np.exp(values).sum(),
        "sigmoid": lambda values: 1 / (1 + np.exp(-values)),
        "tanh": np.tanh,
    }
    dense = [layer for layer in model.layers if isinstance(layer, Dense)]
    expected = last[dense[-1].activation](scores) if dense else scores
    np.testing.assert_allclose(outputs[-1], expected, rtol=1e-5)
    assert weight_shapes(with_logits(model)) == weight_shapes(model)


def test_the_maps_are_sums_over_channels_and_grad_cam_has_nothing_below_0():
    random = np.random.default_rng(0)
    maps, gradient = random.normal(size=(2, 5, 4, 3)).astype(np.float32)
    times, cam = gradient_times_activation(maps, gradient), grad_cam(maps, gradient)
    for row in range(5):
        for column in range(4):
            parts = [float(maps[row, column, c]) * float(gradient[row, column, c]) for c in range(3)]
            assert times[row, column] == pytest.approx(sum(parts), abs=1e-5)
            means = [float(gradient[:, :, c].mean()) * float(maps[row, column, c]) for c in range(3)]
            assert cam[row, column] == pytest.approx(max(sum(means), 0), abs=1e-5)
            assert per_pixel(gradient)[row, column] == pytest.approx(float(gradient[row, column].sum()), abs=1e-5)
    assert times.min() < 0 == cam.min() < cam.max()


def test_noisy_copies_are_the_same_for_the_same_seed_however_many_are_made_at_a_time():
    image = np.random.default_rng(0).random((6, 5, 2), dtype=np.float32) * 3 - 1
    whole, parts = (np.concatenate(list(noisy_copies(image, 400, 0.2, most))) for most in (400, 70))
    assert np.array_equal(whole, parts)
    assert (whole.shape, whole.dtype) == ((400, 6, 5, 2), np.float32)
    other = np.concatenate(list(noisy_copies(image, 400, 0.2, 400, seed=1)))
    assert not np.array_equal(whole, other)
    noise = whole - image
    assert noise.std() == pytest.approx(0.2 * (image.max() - image.min()), rel=0.02)
    assert abs(noise.mean()) < 0.01
    assert np.array_equal(next(noisy_copies(image, 1, 0, 1))[0], image)
