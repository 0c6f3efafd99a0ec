import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from lib.concepts.backpropagation import (
    ACTIVATIONS,
    FEEDS,
    LOSSES,
    PARAMETERS,
    Network,
    backward,
    descent_step,
    forward,
    route,
)

CASES = 50
KINDS = [(activation, loss) for activation in ACTIVATIONS for loss in LOSSES]


def networks(activation, loss):
    random = np.random.default_rng(11)
    for _ in range(CASES):
        numbers = {name: random.uniform(-2, 2) for name in ("x1", "x2", "target", *PARAMETERS)}
        if loss == "binary_crossentropy":
            numbers["target"] = random.choice([0.0, 1.0, random.uniform(0, 1)])
        yield Network(**numbers, activation=activation, loss=loss)


def keras_model(activation, loss):
    return keras.Sequential([
        keras.Input((2,), dtype="float64"),
        keras.layers.Dense(2, activation=activation, dtype="float64"),
        keras.layers.Dense(1, activation="linear" if loss == "squared_error" else "sigmoid", dtype="float64"),
    ])  # fmt: skip


def by_keras(model, net):
    """Loss and gradients of the same network in Keras, by TensorFlow's own tape."""
    model.set_weights([
        np.array([[net.w11, net.w12], [net.w21, net.w22]]), np.array([net.b1, net.b2]),
        np.array([[net.v1], [net.v2]]), np.array([net.c]),
    ])  # fmt: skip
    squared = net.loss == "squared_error"
    loss_of = keras.losses.mean_squared_error if squared else keras.losses.binary_crossentropy
    with tf.GradientTape() as tape:
        prediction = model(tf.constant([[net.x1, net.x2]], tf.float64))
        loss = loss_of(tf.constant([[net.target]], tf.float64), prediction)[0]
    kernel, bias, out, c = (g.numpy() for g in tape.gradient(loss, [v.value for v in model.trainable_variables]))
    (w11, w12), (w21, w22) = kernel
    names = {"w11": w11, "w12": w12, "w21": w21, "w22": w22, "b1": bias[0], "b2": bias[1]}
    return float(loss), {**names, "v1": out[0, 0], "v2": out[1, 0], "c": c[0]}


@pytest.mark.parametrize(("activation", "loss"), KINDS)
def test_loss_and_gradients_are_those_of_keras(activation, loss):
    model = keras_model(activation, loss)
    for net in networks(activation, loss):
        values = forward(net)
        gradients = backward(net, values)
        expected_loss, expected = by_keras(model, net)
        assert values["L"] == pytest.approx(expected_loss, rel=1e-6, abs=1e-9)
        assert {name: gradients[name] for name in PARAMETERS} == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("activation", "loss"), KINDS)
def test_the_gradients_are_those_of_finite_differences(activation, loss):
    step = 1e-6
    for net in networks(activation, loss):
        gradients = backward(net, forward(net))
        for name in PARAMETERS:
            up, down = (
                forward(dataclasses.replace(net, **{name: getattr(net, name) + shift}))["L"] for shift in (step, -step)
            )
            assert gradients[name] == pytest.approx((up - down) / (2 * step), rel=1e-5, abs=1e-7)


@pytest.mark.parametrize(("activation", "loss"), KINDS)
def test_a_small_step_against_the_gradient_lowers_the_loss(activation, loss):
    for net in networks(activation, loss):
        values = forward(net)
        gradients = backward(net, values)
        size = sum(gradients[name] ** 2 for name in PARAMETERS)
        after = forward(descent_step(net, gradients, 1e-5))["L"]
        assert after == pytest.approx(values["L"] - 1e-5 * size, abs=1e-6 * size + 1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_numbers_at_the_limit_stay_finite(loss):
    extreme = dict.fromkeys(("x1", "x2", *PARAMETERS), 10.0)
    net = Network(**extreme, target=0.0, activation="sigmoid", loss=loss)
    values = forward(net)
    assert np.isfinite([*values.values(), *backward(net, values).values()]).all()
    assert values["L"] > 20


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 11.0, -1e308])
def test_a_number_that_cannot_be_is_refused_by_name(value):
    with pytest.raises(ValueError, match=r"w12 must be a number from -10 to 10, not "):
        Network(w12=value)


def test_a_target_that_is_no_probability_is_refused_for_crossentropy_only():
    assert forward(Network(target=2.0))["L"] > 0
    with pytest.raises(ValueError, match="target from 0 to 1, not 2"):
        Network(target=2.0, loss="binary_crossentropy")


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="'relu'"):
        Network(activation="relu")


def test_a_step_beyond_the_limit_is_refused():
    net = Network(v1=9.9, x1=10, w11=5, target=-10)
    with pytest.raises(ValueError, match="must be a number from -10 to 10"):
        descent_step(net, backward(net, forward(net)), 5.0)


def test_every_parameter_has_a_route_from_the_loss():
    for name in PARAMETERS:
        way = route(name)
        assert way[0] == "p"
        assert [FEEDS[number] for number in way[1:]] == way[:-1]
