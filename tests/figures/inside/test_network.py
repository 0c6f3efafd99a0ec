import base64

import numpy as np
from helpers.keras_twins import random_weights

from lib.concepts.forward import forward
from lib.figures.inside.network import MOST_SENT, Chosen, network, units_of
from lib.specs.layers.known import Conv2D, Dense, Flatten, MaxPooling2D
from lib.specs.model import ModelSpec

MODEL = ModelSpec((9, 8, 1), (Conv2D(filters=80), MaxPooling2D(), Flatten(), Dense(units=3, activation="softmax")))


def shown(**more):
    weights = random_weights(MODEL)
    image = np.random.default_rng(0).random(MODEL.input_shape, dtype=np.float32)
    outputs = forward(MODEL, weights, image)
    options = {"class_names": ("a", "b", "c"), "shared": False, "chosen": None, **more}
    return network(MODEL, weights, image, outputs, **options)["layers"], weights, outputs


def values_of(layer, rank):
    cells = layer["size"][0] * layer["size"][1]
    steps = np.frombuffer(base64.b64decode(layer["steps"]), np.uint8)[rank * cells : (rank + 1) * cells]
    return layer["low"][rank] + steps / 255 * (layer["high"][rank] - layer["low"][rank])


def test_each_layer_is_a_column_with_its_name_shape_and_real_outputs():
    layers, _, outputs = shown()
    assert [layer["name"] for layer in layers] == ["input", *MODEL.layer_names()]
    assert [layer["shape"] for layer in layers] == ["9 × 8 × 1", "7 × 6 × 80", "3 × 3 × 80", "720", "3"]
    for rank in (0, 5, 63):
        layer = layers[1]
        real = outputs[0][..., layer["order"][rank]].ravel()
        step = (layer["high"][rank] - layer["low"][rank]) / 255
        assert np.abs(values_of(layer, rank) - real).max() <= step / 2 + 1e-6
    assert np.allclose(layers[-1]["numbers"], outputs[-1])
    assert layers[-1]["names"] == ["a", "b", "c"]


def test_the_strongest_maps_come_first_and_of_very_many_no_more_than_the_limit():
    layers, _, outputs = shown()
    strengths = np.abs(outputs[0]).mean(axis=(0, 1))
    assert layers[1]["order"] == np.argsort(-strengths, kind="stable")[:MOST_SENT].tolist()
    assert layers[1]["count"] == 80


def test_a_map_hangs_on_those_before_it_by_its_weights():
    layers, weights, _ = shown()
    assert layers[1]["ties"] == [[1.0]] * 80
    kernel = np.abs(weights["dense/kernel"]).T
    assert layers[2]["ties"] is None
    assert np.allclose(layers[4]["ties"], kernel / kernel.max(axis=1, keepdims=True), atol=0.006)


def test_a_map_that_is_0_everywhere_has_a_range():
    model = ModelSpec((4, 4, 1), (MaxPooling2D(),))
    image = np.zeros((4, 4, 1), np.float32)
    layers = network(model, {}, image, [image[:2, :2]], class_names=(), shared=True, chosen=Chosen("x", 0))["layers"]
    assert [layer["high"] for layer in layers] == [[1.0], [1.0]]


def test_units_of_a_layer_that_is_not_there():
    assert [units_of(MODEL, name) for name in ("conv2d", "dense", "lambda", "input")] == [80, 3, 0, 0]
