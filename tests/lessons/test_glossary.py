"""What the glossary says of Keras, against the Keras that is installed."""

import inspect

import keras
import numpy as np
import pytest
from helpers.claims import passage

from lib.concepts.activations import LEAKY_SLOPE


def default(of, name):
    return inspect.signature(of).parameters[name].default


def test_the_two_slopes_of_leaky_relu():
    passage(
        "glossary.terms", "0.2 for the activation `leaky_relu`, which LayerLab uses, and 0.3 for the layer `LeakyReLU`"
    )
    assert default(keras.activations.leaky_relu, "negative_slope") == LEAKY_SLOPE == 0.2
    assert default(keras.layers.LeakyReLU, "negative_slope") == 0.3


@pytest.mark.parametrize(
    "layer", [lambda **way: keras.layers.Conv2D(1, 2, **way), lambda **way: keras.layers.MaxPooling2D(2, **way)]
)
def test_a_stride_rounds_down_without_padding_and_up_with_it(layer):
    passage("glossary.terms", "rounds down with padding `valid`", "and up with `same`")
    sizes = [
        layer(strides=2, padding=padding).compute_output_shape((None, 7, 7, 1))[1] for padding in ("valid", "same")
    ]
    assert sizes == [3, 4]


def test_what_same_puts_around():
    passage("glossary.terms", "A convolution gets zeros there, a pooling gets places that do not count")
    image = -np.ones((1, 3, 3, 1), np.float32)
    for layer in (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D):
        assert np.array(layer(2, 2, padding="same")(image)).ravel().tolist() == [-1] * 4
    summed = keras.layers.Conv2D(1, 2, strides=2, padding="same", kernel_initializer="ones")(image)
    assert np.array(summed).ravel().tolist() == [-4, -2, -2, -1]


def test_the_most_that_crossentropy_costs():
    passage("glossary.terms", "no probability below 0.0000001, which costs 16.1")
    cost = float(keras.losses.categorical_crossentropy([[1.0, 0.0]], [[0.0, 1.0]])[0])
    assert keras.config.epsilon() == 1e-7
    assert cost == pytest.approx(16.1, abs=0.05)


def test_early_stopping_keeps_the_best_weights_only_if_it_is_told_to():
    passage("glossary.terms", "only with `restore_best_weights=True`")
    assert default(keras.callbacks.EarlyStopping, "restore_best_weights") is False


def test_layer_normalization_looks_at_the_channels_of_each_place():
    passage("glossary.terms", "the channels at each place of a sample")
    image = np.random.default_rng(0).normal(3, 2, (2, 4, 4, 8)).astype(np.float32)
    layer = keras.layers.LayerNormalization()
    np.testing.assert_allclose(np.array(layer(image)).mean(axis=-1), 0, atol=1e-5)
    assert {tuple(weight.shape) for weight in layer.weights} == {(8,)}


def test_the_numbers_of_a_convolution_and_of_an_epoch():
    passage("glossary.terms", "`(3 * 3 * 1 + 1) * 32 = 320`", "With 8,000 samples and batches of 32 it has 250 steps")
    layer = keras.layers.Conv2D(32, 3)
    layer.build((None, 28, 28, 1))
    assert layer.count_params() == 320
    assert 8_000 / 32 == 250
