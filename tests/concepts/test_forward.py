import math
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest
from helpers.strategies import working_models
from hypothesis import HealthCheck, Phase, given, settings
from keras import layers  # noqa: F401 - the exported code calls it by this name

from lib.concepts.forward import check_weights, forward, weight_shapes
from lib.specs.fields import SpecError
from lib.specs.keras_code import layer_code
from lib.specs.layers import (
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

# Always the same specs, so that a failure here is a failure everywhere.
FIXED = settings(
    max_examples=300,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
COMPARED: list[ModelSpec] = []


def random_weights(model, seed=0):
    """Weights in the scale of a trained model's; variances are positive."""
    rng = np.random.default_rng(seed)
    weights = {}
    for name, shape in weight_shapes(model).items():
        values = rng.normal(size=shape) / math.sqrt(max(math.prod(shape[:-1]), 1))
        weights[name] = (np.abs(values) + 0.3 if name.endswith("variance") else values).astype(np.float32)
    return weights


def keras_twin(model, weights):
    """The model that the exported code makes, with the same weights; layers are matched by their place."""
    made = [eval(layer_code(layer)) for layer in model.layers]
    twin = keras.Sequential([keras.Input(model.input_shape), *made])
    for name, layer in zip(model.layer_names(), made, strict=True):
        layer.set_weights([values for key, values in weights.items() if key.startswith(f"{name}/")])
    return twin


def keras_outputs(twin, image):
    values, outputs = image[None], []
    for layer in twin.layers:
        values = layer(values, training=False)
        outputs.append(np.asarray(values)[0])
    return outputs


def assert_equal_to_keras(model):
    weights = random_weights(model)
    image = np.random.default_rng(1).random(model.input_shape, dtype=np.float32)
    twin = keras_twin(model, weights)
    ours, theirs = forward(model, weights, image), keras_outputs(twin, image)
    assert model.shapes() == tuple(layer.compute_output_shape(layer.input.shape)[1:] for layer in twin.layers)
    assert model.parameter_counts() == tuple(layer.count_params() for layer in twin.layers)
    for layer, mine, reference in zip(model.layers, ours, theirs, strict=True):
        assert mine.dtype == np.float32
        assert mine.shape == reference.shape
        scale = max(1.0, float(np.abs(reference).max()))
        np.testing.assert_allclose(mine / scale, reference / scale, rtol=0, atol=1e-5, err_msg=str(layer))


@FIXED
@given(model=working_models())
def check_random_model(model):
    COMPARED.append(model)
    assert_equal_to_keras(model)


def test_shapes_parameters_and_outputs_of_random_models_equal_keras():
    COMPARED.clear()
    check_random_model()
    assert len(set(COMPARED)) >= 200
    kinds = {layer.kind for model in COMPARED for layer in model.layers}
    assert len(kinds) == 8


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
            assert_equal_to_keras(ModelSpec((13, 14, 2), (layer,)))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_gives_what_keras_gives(activation):
    layers_ = (Conv2D(filters=4, activation=activation), Flatten(), Dense(units=7, activation=activation))
    assert_equal_to_keras(ModelSpec((6, 6, 1), layers_))


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_gives_what_keras_gives(recipe):
    assert_equal_to_keras(RECIPES[recipe].run.model)


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
    with pytest.raises(ValueError, match=r"takes \(8, 8, 1\), but the image is \(8, 8\)"):
        forward(ModelSpec((8, 8, 1), (Flatten(),)), {}, np.zeros((8, 8), np.float32))


def test_a_stack_that_breaks_says_where():
    model = ModelSpec((4, 4, 1), (Conv2D(), MaxPooling2D(), MaxPooling2D()))
    with pytest.raises(SpecError, match="Layer 3"):
        forward(model, {}, np.zeros((4, 4, 1), np.float32))
