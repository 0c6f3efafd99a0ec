import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest
import tensorflow as tf

from lib.concepts.activations import ACTIVATION_FUNCTIONS, SLOPES, chain, softmax_slopes
from lib.specs.layers.known import ACTIVATIONS


def test_every_activation_of_the_specs_has_a_function():
    assert tuple(ACTIVATION_FUNCTIONS) == ACTIVATIONS


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_gives_what_keras_gives_from_tiny_to_huge(name):
    x = np.concatenate([np.linspace(-12, 12, 201), [-500, -100, -1e-6, 0, 1e-6, 100, 500]]).astype(np.float32)
    with np.errstate(all="raise", under="ignore"):
        ours = ACTIVATION_FUNCTIONS[name](x[None])
    theirs = np.asarray(keras.activations.get(name)(keras.ops.convert_to_tensor(x[None])))
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


def test_softmax_adds_up_to_one_over_the_last_axis():
    scores = np.random.default_rng(0).normal(size=(3, 4, 5)).astype(np.float32)
    np.testing.assert_allclose(ACTIVATION_FUNCTIONS["softmax"](scores).sum(axis=-1), 1, rtol=1e-6)


@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_is_what_keras_finds_by_differentiating(name):
    x = np.random.default_rng(0).normal(scale=4, size=300).astype(np.float32)
    variable = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(variable)
        y = keras.activations.get(name)(variable)
    slopes = SLOPES[name](x)
    assert slopes.dtype == np.float32
    np.testing.assert_allclose(slopes, tape.gradient(y, variable).numpy(), rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_is_the_limit_of_differences(name):
    x = np.random.default_rng(1).normal(scale=3, size=300).astype(np.float32)
    h = np.float32(0.01)
    x = x[np.abs(x) > h]  # relu and its like have a corner at 0
    function = ACTIVATION_FUNCTIONS[name]
    np.testing.assert_allclose(SLOPES[name](x), (function(x + h) - function(x - h)) / (2 * h), atol=1e-3)


@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_takes_huge_numbers_without_overflow(name):
    with np.errstate(all="raise", under="ignore"):
        slopes = SLOPES[name](np.array([-500, -100, 0, 100, 500], np.float32))
    assert np.isfinite(slopes).all()


@pytest.mark.slow
def test_softmax_slopes_are_what_keras_finds_by_differentiating():
    generator = np.random.default_rng(2)
    for _ in range(200):
        x = generator.normal(scale=3, size=generator.integers(2, 8)).astype(np.float32)
        variable = tf.constant(x)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(variable)
            y = keras.activations.softmax(variable[None])[0]
        np.testing.assert_allclose(
            softmax_slopes(x), tape.jacobian(y, variable, experimental_use_pfor=False), atol=1e-6
        )


@pytest.mark.parametrize("name", SLOPES)
def test_the_product_along_a_chain_is_its_gradient(name):
    generator = np.random.default_rng(3)
    for _ in range(25):
        x, weight = generator.uniform(-3, 3), generator.uniform(-2, 2)
        depth = int(generator.integers(1, 12))
        variable = tf.constant(x, tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(variable)
            y = variable
            for _ in range(depth):
                y = keras.activations.get(name)(np.float32(weight) * y)
        link = chain(name, x, depth, weight)
        assert link.products.shape == (depth,)
        np.testing.assert_allclose(link.outputs[-1], y, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(link.products[-1], tape.gradient(y, variable), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("name", "depth"), [("softmax", 3), ("nothing", 3), ("relu", 0)])
def test_a_chain_that_cannot_be_is_refused(name, depth):
    with pytest.raises(ValueError, match="must be"):
        chain(name, 1.0, depth)
