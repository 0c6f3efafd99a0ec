import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest
import tensorflow as tf

from lib.concepts.activations import sigmoid
from lib.concepts.losses import (
    binary_crossentropy,
    binary_crossentropy_slope,
    categorical_crossentropy,
    categorical_crossentropy_slopes,
    squared_error,
    squared_error_slope,
    steps_to_even,
)

CASES = 250
LOSSES = {
    "binary_crossentropy": (binary_crossentropy, binary_crossentropy_slope),
    "mean_squared_error": (squared_error, squared_error_slope),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_slope_are_those_of_keras(name):
    loss, slope = LOSSES[name]
    generator = np.random.default_rng(0)
    targets = generator.integers(0, 2, CASES).astype(np.float32)
    z = generator.normal(scale=3, size=CASES).astype(np.float32)
    logits = tf.constant(z[:, None])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        theirs = keras.losses.get(name)(targets[:, None], keras.activations.sigmoid(logits))
    np.testing.assert_allclose(loss(targets, sigmoid(z)), theirs, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(slope(targets, z), tape.gradient(theirs, logits)[:, 0], rtol=1e-4, atol=2e-6)


def test_categorical_crossentropy_and_its_slopes_are_those_of_keras():
    generator = np.random.default_rng(1)
    for _ in range(CASES):
        z = generator.normal(scale=3, size=generator.integers(2, 9)).astype(np.float32)
        true_class = int(generator.integers(len(z)))
        logits = tf.constant(z[None])
        with tf.GradientTape() as tape:
            tape.watch(logits)
            p = keras.activations.softmax(logits)
            theirs = keras.losses.sparse_categorical_crossentropy(np.array([true_class]), p)
        assert categorical_crossentropy(true_class, p.numpy()[0]) == pytest.approx(theirs.numpy()[0], abs=1e-5)
        ours = categorical_crossentropy_slopes(true_class, z)
        np.testing.assert_allclose(ours, tape.gradient(theirs, logits)[0], atol=1e-5)


@pytest.mark.parametrize("target", [0, 1])
def test_a_loss_stays_finite_where_the_probability_is_0_or_1(target):
    ends = np.array([0, 1], np.float32)
    theirs = keras.losses.binary_crossentropy(np.full((2, 1), target, np.float32), ends[:, None])
    np.testing.assert_allclose(binary_crossentropy(target, ends), theirs, rtol=1e-2, atol=1e-6)
    assert categorical_crossentropy(target, ends) == pytest.approx(theirs.numpy()[1], rel=2e-2, abs=1e-6)


def test_the_slope_of_squared_error_fades_where_it_is_most_wrong_and_that_of_crossentropy_does_not():
    z = np.array([-8], np.float32)
    assert abs(squared_error_slope(1, z)[0]) < 0.001
    assert abs(binary_crossentropy_slope(1, z)[0]) > 0.999


@pytest.mark.parametrize("target", [0, 1])
def test_steps_are_counted_as_keras_takes_them(target):
    start = -4.0 if target else 4.0
    variable, optimizer, steps = keras.Variable(start), keras.optimizers.SGD(1.0), 0
    while (variable.numpy() >= 0) != bool(target):
        with tf.GradientTape() as tape:
            loss = keras.ops.square(keras.activations.sigmoid(variable.value) - target)
        optimizer.apply([tape.gradient(loss, variable.value)], [variable])
        steps += 1
    assert steps_to_even(squared_error_slope, target, start) == steps > 20


def test_steps_end_when_they_are_too_many_or_none_is_needed():
    assert steps_to_even(squared_error_slope, 1, -8.0, most=100) is None
    assert steps_to_even(squared_error_slope, 1, 3.0) == 0
    assert steps_to_even(squared_error_slope, 0, -3.0) == 0
