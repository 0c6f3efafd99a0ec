import functools

import numpy as np
import pytest
from helpers.keras_twins import assert_equal_to_keras, drawn, random_weights
from helpers.strategies import IMAGE_KINDS, working_models

from lib.concepts.forward import check_weights, forward
from lib.specs.fields import SpecError
from lib.specs.layers.known import (
    ACTIVATIONS,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPooling2D,
)
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES

PARTS = 6


def assert_equal_on_an_image(model):
    assert_equal_to_keras(model, np.random.default_rng(1).random(model.input_shape, dtype=np.float32))


@functools.cache
def random_models():
    return [model for (model,) in drawn(300, working_models())]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_shapes_parameters_and_outputs_of_random_models_equal_keras(part):
    for model in random_models()[part::PARTS]:
        assert_equal_on_an_image(model)


def test_the_random_models_differ_and_have_every_kind_of_layer():
    assert len(set(random_models())) >= 200
    assert {layer.kind for model in random_models() for layer in model.layers} == set(IMAGE_KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_every_window_layer_gives_what_keras_gives(stride, padding):
    for window in (1, 2, 3, 5):
        for layer in (
            Conv2D(filters=3, kernel_size=window, strides=stride, padding=padding),
            Conv2D(filters=3, kernel_size=window, dilation_rate=stride, padding=padding, use_bias=False),
            MaxPooling2D(pool_size=window, strides=stride, padding=padding),
            AveragePooling2D(pool_size=window, strides=stride, padding=padding),
        ):
            assert_equal_on_an_image(ModelSpec((13, 14, 2), (layer,)))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_gives_what_keras_gives(activation):
    layers_ = (Conv2D(filters=4, activation=activation), Flatten(), Dense(units=7, activation=activation))
    assert_equal_on_an_image(ModelSpec((6, 6, 1), layers_))


@pytest.mark.parametrize(
    "recipe",
    [name for name, recipe in RECIPES.items() if recipe.run.data.kind != "text" and not recipe.run.model.branched],
)
def test_every_plain_recipe_gives_what_keras_gives(recipe):
    assert_equal_on_an_image(RECIPES[recipe].run.model)


def test_dropout_changes_nothing_after_training():
    image = np.ones((2, 2, 1), np.float32)
    assert np.array_equal(forward(ModelSpec((2, 2, 1), (Dropout(rate=0.9),)), {}, image)[0], image)


def test_a_missing_weight_is_named():
    model = ModelSpec((8, 8, 1), (Conv2D(), BatchNormalization()))
    weights = random_weights(model)
    del weights["batch_normalization/moving_mean"]
    with pytest.raises(ValueError, match="lack 'batch_normalization/moving_mean' of shape \\(32,\\)"):
        check_weights(model, weights)


def test_a_weight_of_another_shape_is_named_with_both_shapes():
    model = ModelSpec((8, 8, 1), (Conv2D(),))
    weights = random_weights(model) | {"conv2d/kernel": np.zeros((3, 3, 32, 1), np.float32)}
    with pytest.raises(ValueError, match=r"'conv2d/kernel' must have the shape \(3, 3, 1, 32\), not \(3, 3, 32, 1\)"):
        forward(model, weights, np.zeros((8, 8, 1), np.float32))


def test_an_image_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"takes \(8, 8, 1\), but the sample is \(8, 8\)"):
        forward(ModelSpec((8, 8, 1), (Flatten(),)), {}, np.zeros((8, 8), np.float32))


def test_a_stack_that_breaks_says_where():
    model = ModelSpec((4, 4, 1), (Conv2D(), MaxPooling2D(), MaxPooling2D()))
    with pytest.raises(SpecError, match="Layer 3"):
        forward(model, {}, np.zeros((4, 4, 1), np.float32))
