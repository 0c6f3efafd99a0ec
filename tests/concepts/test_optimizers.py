import keras
import numpy as np
import pytest
import tensorflow as tf

from lib.concepts.optimizers import SGD, Adam, Momentum, Nesterov, RMSprop, descend, inverse_time_decay
from lib.concepts.surfaces import SURFACES

CASES, STEPS = 42, 50


@pytest.fixture
def double_precision():
    """Keras computes in float64, so that equal rules give equal numbers and not only similar ones.

    It makes a float32 of any plain float all the same; so settings are given as `np.float64`.
    """
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx(before)


def plain(random):
    return SGD(), keras.optimizers.SGD


def momentum(random):
    share = np.float64(random.uniform(0.05, 0.99))
    return Momentum(share), lambda rate: keras.optimizers.SGD(rate, momentum=share)


def nesterov(random):
    share = np.float64(random.uniform(0.05, 0.99))
    return Nesterov(share), lambda rate: keras.optimizers.SGD(rate, momentum=share, nesterov=True)


def rmsprop(random):
    settings = {"rho": random.uniform(0.5, 0.99), "epsilon": 10 ** random.uniform(-8, -2)}
    return RMSprop(**settings), lambda rate: keras.optimizers.RMSprop(rate, **settings)


def adam(random):
    settings = {
        "beta_1": np.float64(random.uniform(0.5, 0.99)), "beta_2": np.float64(random.uniform(0.8, 0.9999)),
        "epsilon": 10 ** random.uniform(-8, -2),
    }  # fmt: skip
    return Adam(**settings), lambda rate: keras.optimizers.Adam(rate, **settings)


def compiled_step(optimizer, variable):
    """One step of Keras as a training takes it: compiled once, which costs less than fifty steps one by one."""
    optimizer.build([variable])
    step = tf.function(lambda gradient: optimizer.apply([gradient], [variable]))
    return lambda gradient: step(tf.constant(gradient))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [plain, momentum, nesterov, rmsprop, adam])
def test_each_step_is_the_one_that_keras_takes(kind, double_precision):
    random = np.random.default_rng(5)
    for _ in range(CASES):
        ours, theirs = kind(random)
        rate, decay_rate = 10 ** random.uniform(-4, 1), random.choice([0.0, random.uniform(0.001, 1)])
        schedule = keras.optimizers.schedules.InverseTimeDecay(np.float64(rate), decay_steps=1, decay_rate=decay_rate)
        optimizer = theirs(schedule)
        weights = random.normal(0, 3, tuple(random.integers(1, 4, size=random.integers(1, 3))))
        variable = keras.Variable(weights)
        step_of_keras = compiled_step(optimizer, variable)
        for step in range(STEPS):
            gradient = random.normal(0, 10 ** random.uniform(-3, 2), weights.shape)
            weights = weights + ours.change(gradient, inverse_time_decay(rate, decay_rate, step))
            step_of_keras(gradient)
            np.testing.assert_allclose(weights, variable.numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (SGD(), lambda: keras.optimizers.SGD(0.02)),
        (Momentum(), lambda: keras.optimizers.SGD(0.02, momentum=0.9)),
        (Nesterov(), lambda: keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True)),
        (RMSprop(), lambda: keras.optimizers.RMSprop(0.02)),
        (Adam(), lambda: keras.optimizers.Adam(0.02)),
    ],
)
def test_the_defaults_are_those_of_keras_also_in_its_own_precision(ours, theirs):
    surface = SURFACES["ravine"]
    path = descend(surface.gradient, surface.start, ours, 0.02, steps=STEPS)
    optimizer, variable = theirs(), keras.Variable(surface.start)
    for _ in range(STEPS):
        optimizer.apply([keras.ops.convert_to_tensor(surface.gradient(variable.numpy()), "float32")], [variable])
    np.testing.assert_allclose(path.points[-1], variable.numpy(), rtol=2e-4, atol=2e-5)


def test_an_optimizer_keeps_the_precision_of_the_gradient():
    for optimizer in (SGD(), Momentum(), Nesterov(), RMSprop(), Adam()):
        assert optimizer.change(np.ones(3, np.float32), 0.1).dtype == np.float32


def test_the_decay_makes_each_step_shorter():
    path = descend(lambda point: np.ones(2), [0.0, 0.0], SGD(), 1.0, decay_rate=1.0, steps=3)
    np.testing.assert_allclose(path.points[:, 0], [0, -1, -1.5, -1.5 - 1 / 3])


def test_a_rate_that_is_too_high_leads_away_until_the_numbers_end():
    path = descend(SURFACES["two_minima"].gradient, (3.5, 2.0), SGD(), 2.0, steps=100)
    assert path.overflowed
    assert np.isfinite(path.points).all()
    assert 2 < len(path.points) < 20
    assert np.abs(path.points[-1]).max() > 1e9


def test_a_descent_has_one_point_more_than_steps():
    path = descend(SURFACES["bowl"].gradient, (1.0, 1.0), Adam(), 0.1, steps=7)
    assert path.points.shape == (8, 2)
    assert not path.overflowed
