import base64

import numpy as np
from helpers.keras_twins import random_weights

from lib.concepts.forward import forward
from lib.data.text import Vocabulary
from lib.figures.inside.network import MOST_SENT, Chosen, network, units_of
from lib.figures.learn.sequences import make_row
from lib.specs.layers.known import Conv1D, Conv2D, Dense, Embedding, Flatten, MaxPooling2D
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


ROW = make_row(["a", "fine", "film"], Vocabulary(("a", "film")), 5, "pre", "pre")


def test_a_sentence_is_its_words_and_a_vector_a_step_a_line_a_word():
    model = ModelSpec((5,), (Embedding(input_dim=4, output_dim=3), Conv1D(filters=2, kernel_size=2), Flatten()))
    outputs = forward(model, random_weights(model), ROW.ids)
    options = {"class_names": (), "shared": False, "chosen": None, "row": ROW}
    tokens, table, windows, flat = network(model, {}, ROW.ids.astype(np.float32), outputs, **options)["layers"]
    assert [(each["word"], each["known"]) for each in tokens["tokens"]] == [
        ("a", True),
        ("fine", False),
        ("film", True),
    ]
    assert (tokens["padding"], tokens["shape"]) == (2, "5")
    assert (table["size"], table["words"], table["shape"]) == ([3, 3], ["a", "fine", "film"], "5 × 3")
    step = (table["high"][0] - table["low"][0]) / 255
    assert np.abs(values_of(table, 0) - outputs[0][2:].ravel()).max() <= step / 2 + 1e-6
    # Four windows over five steps: no line is one word's, so none is left out.
    assert (windows["size"], windows["words"], flat["vector"]) == ([4, 2], [], True)
    assert [units_of(model, name) for name in model.layer_names()] == [1, 1, 8]


def test_the_numbers_of_a_table_have_its_columns_names():
    model = ModelSpec((2,), (Dense(units=3, activation="softmax"),))
    row, weights = np.array([1, -2], np.float32), random_weights(model)
    options = {"class_names": (), "shared": False, "chosen": None, "input_names": ("hue", "ash")}
    layers = network(model, weights, row, forward(model, weights, row), **options)["layers"]
    assert (layers[0]["names"], layers[0]["numbers"], layers[1]["names"]) == (["hue", "ash"], [1, -2], [])
