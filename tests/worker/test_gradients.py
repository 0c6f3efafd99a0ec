"""Gradients against finite differences of the numpy forward pass, and the maps that are made of them."""

import keras
import numpy as np
import pytest
from helpers.keras_twins import random_weights

from lib.arrays import pack
from lib.concepts.contribution import contribution
from lib.concepts.forward import apply_layer, forward
from lib.concepts.slopes import from_layer, grad_cam, gradient_times_activation, last_maps, noisy_copies, with_logits
from lib.specs.codec import model_to_dict
from lib.specs.layers import known
from lib.specs.model import ModelSpec
from lib.specs.training import TrainSpec
from lib.worker import gradients, tasks
from lib.worker.build import build_model, compile_model
from lib.worker.steps import Steps
from lib.worker.weights import get_state, get_weights

STEP = 1e-5
STACKS = {
    "stride, padding, batch norm": (
        known.Conv2D(filters=3, strides=2, padding="same"),
        known.BatchNormalization(),
        known.MaxPooling2D(),
        known.Flatten(),
        known.Dense(units=7, activation="tanh"),
        known.Dropout(),
        known.Dense(units=4, activation="softmax"),
    ),
    "dilation, one sigmoid unit": (
        known.Conv2D(filters=4, dilation_rate=2, activation="silu"),
        known.AveragePooling2D(padding="same"),
        known.LayerNormalization(),
        known.GlobalAveragePooling2D(),
        known.Dense(units=1, activation="sigmoid"),
    ),
    "two branches": (
        known.ParallelConv2D(filters=2),
        known.MaxPooling2D(),
        known.Conv2D(filters=3, activation="elu"),
        known.Flatten(),
        known.Dense(units=5, activation="softplus"),
        known.Dense(units=3, activation="softmax"),
    ),
    "a number": (
        known.Conv2D(filters=2, activation="sigmoid"),
        known.Flatten(),
        known.Dense(units=6),
        known.Dense(units=1, activation="tanh"),
    ),
    "no maps": (known.Flatten(), known.Dense(units=6), known.Dense(units=3, activation="softmax")),
}
EXACT = {
    "flatten": (
        known.Conv2D(filters=3),
        known.MaxPooling2D(),
        known.Dropout(),
        known.Flatten(),
        known.Dense(units=5, activation="softmax"),
    ),
    "means": (
        known.Conv2D(filters=4, padding="same"),
        known.GlobalAveragePooling2D(),
        known.Dense(units=5, activation="softmax"),
    ),
}


def case(layers):
    """A model that gives scores, its weights and an image."""
    model = with_logits(ModelSpec((11, 10, 2), layers))
    return model, random_weights(model), np.random.default_rng(5).random(model.input_shape, dtype=np.float32)


def exactly(model, weights, sample, direction):
    """A score in float64."""
    values = sample.astype(np.float64)
    for name, layer in zip(model.layer_names(), model.layers, strict=True):
        own = {word: weights[f"{name}/{word}"].astype(np.float64) for word in layer.weight_shapes(values.shape)}
        values = apply_layer(layer, own, values)
    assert values.dtype == np.float64
    return float(values @ direction)


def differences(model, weights, sample, direction):
    """The gradient from two scores for each number."""
    found = np.empty(sample.shape)
    for place in np.ndindex(sample.shape):
        ahead, back = sample.astype(np.float64), sample.astype(np.float64)
        ahead[place] += STEP
        back[place] -= STEP
        scores = [exactly(model, weights, each, direction) for each in (ahead, back)]
        found[place] = (scores[0] - scores[1]) / (2 * STEP)
    return found


@pytest.mark.parametrize("name", STACKS)
def test_a_gradient_is_what_finite_differences_give_at_the_image_and_at_the_last_maps(name):
    model, weights, image = case(STACKS[name])
    units = model.shapes()[-1][0]
    direction = np.eye(units, dtype=np.float32)[0] if units == 1 else np.array([1, -1, *[0] * (units - 2)], np.float32)
    first = last_maps(model)
    rest = from_layer(model, weights, first)
    maps = (image, *forward(model, weights, image))[first]
    for which, own, values in ((model, weights, image), (*rest, maps)):
        found = gradients.mean_gradient(which, own, values, direction)
        expected = differences(which, own, values, direction)
        assert (found.shape, found.dtype) == (values.shape, np.float32)
        assert np.abs(expected).max() > 1e-3
        np.testing.assert_allclose(found, expected, atol=2e-5 * np.abs(expected).max() + 1e-7, rtol=1e-4)


@pytest.mark.parametrize("name", EXACT)
def test_where_the_maps_go_straight_into_the_last_dense_both_maps_are_those_of_its_weights(name):
    model, weights, image = case(EXACT[name])
    first, column = last_maps(model), weights["dense/kernel"][:, 3] - weights["dense/kernel"][:, 1]
    maps = (image, *forward(model, weights, image))[first]
    rest, own = from_layer(model, weights, first)
    found = gradients.mean_gradient(rest, own, maps, np.array([0, -1, 0, 1, 0], np.float32))
    exact, score = contribution(model, weights, maps, 3, minus=1), forward(model, weights, image)[-1]
    places = gradient_times_activation(maps, found)
    np.testing.assert_allclose(places, exact.places, atol=1e-5)
    bias = float(weights["dense/bias"][3] - weights["dense/bias"][1])
    assert float(places.sum()) == pytest.approx(float(score[3] - score[1]) - bias, abs=1e-4)
    size = maps.shape[0] * maps.shape[1]
    # Behind Flatten a map's mean gradient is the mean of its weights; behind the means all its gradients are the same.
    means = column.reshape(maps.shape).mean(axis=(0, 1)) if name == "flatten" else column / size
    cam = np.maximum(np.einsum("rck,k->rc", maps, means), 0)
    np.testing.assert_allclose(grad_cam(maps, found), cam, atol=1e-6)
    assert cam.max() > 0


def test_smoothgrad_is_the_mean_over_its_copies_and_the_same_whenever_it_is_asked(monkeypatch):
    model, weights, image = case(STACKS["stride, padding, batch norm"])
    direction = np.array([0, 0, 1, 0], np.float32)
    expected = np.mean(
        [gradients.mean_gradient(model, weights, one, direction) for one in next(noisy_copies(image, 5, 0.15, 5))],
        axis=0,
    )
    asked = (model_to_dict(model), pack(weights), image, direction, 5, 0.15)
    whole = tasks.mean_gradient(*asked)
    np.testing.assert_allclose(whole, expected, atol=1e-6)
    assert np.array_equal(tasks.mean_gradient(*asked), whole)
    monkeypatch.setattr(gradients, "MOST_MB", 2.5 * model.memory_mb(1))
    np.testing.assert_allclose(tasks.mean_gradient(*asked), whole, atol=1e-6)
    assert np.abs(whole - gradients.mean_gradient(model, weights, image, direction)).max() > 1e-3


def test_a_score_has_a_gradient_where_a_sure_softmax_has_none():
    sure = ModelSpec((11, 10, 2), EXACT["flatten"])
    model, weights, image = case(EXACT["flatten"])
    weights["dense/kernel"] *= 100
    direction = np.eye(5, dtype=np.float32)[int(forward(model, weights, image)[-1].argmax())]
    assert np.abs(gradients.mean_gradient(sure, weights, image, direction)).max() < 1e-6
    assert np.abs(gradients.mean_gradient(model, weights, image, direction)).max() > 1


def test_a_backend_without_gradients_says_so(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "openvino")
    with pytest.raises(NotImplementedError, match="openvino gives no gradients"):
        gradients.gradient(keras.ops.sum, np.zeros(3, np.float32))


def test_the_gradient_of_the_loss_is_the_one_that_the_next_step_goes_by_and_leaves_no_trace():
    layers = (*STACKS["stride, padding, batch norm"][:3], known.Dropout(), *STACKS["no maps"])
    model = build_model(ModelSpec((11, 10, 2), layers), seed=3)
    compile_model(model, TrainSpec(optimizer="sgd", learning_rate=0.5, l2=0.1, momentum=0.0))
    random = np.random.default_rng(0)
    x, y = random.random((8, 11, 10, 2), dtype=np.float32), np.eye(3, dtype=np.float32)[random.integers(0, 3, 8)]
    counts = random.random(8, dtype=np.float32)
    before, state = get_weights(model), get_state(model)
    found = gradients.loss_gradients(model, x, y, counts)
    for kept, now in ((before, get_weights(model)), (state, get_state(model))):
        assert kept.keys() == now.keys()
        assert all(np.array_equal(values, now[name]) for name, values in kept.items())
    learned = [np.array(each.numpy()) for each in model.trainable_weights]
    Steps(model, "categorical_accuracy").train(x[None], y[None], counts[None])
    assert len(found) == len(learned)
    for gradient, old, new in zip(found, learned, model.trainable_weights, strict=True):
        assert np.abs(gradient).max() > 1e-4
        np.testing.assert_allclose(old - 0.5 * gradient, new.numpy(), atol=1e-6)
    assert not np.array_equal(gradients.loss_gradients(model, x, y)[0], found[0])  # another step, other dropout
