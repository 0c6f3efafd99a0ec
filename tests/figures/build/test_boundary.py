import base64
import dataclasses
import json

import keras
import numpy as np
import pytest

from lib.concepts.forward import forward, weight_shapes
from lib.data.preparing import prepare
from lib.figures.build import boundary
from lib.figures.build.boundary import (
    SIDE,
    columns,
    describe_scores,
    incoming,
    inputs_at_places,
    network_picture,
    places,
    points_picture,
    scores,
    with_changes,
)
from lib.specs.adapting import adapted
from lib.specs.data import DataSpec
from lib.specs.layers.known import BatchNormalization, Dense, Dropout
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES

SPIRAL = RECIPES["points_spiral"].run
KINDS = ("circle", "three_classes", "regression_plane")


def on_kind(kind, run=SPIRAL):
    return adapted(run, dataclasses.replace(run.data, points_kind=kind))


def random_weights(model, seed=0, scale=1.0):
    random = np.random.default_rng(seed)
    return {
        name: np.abs(random.normal(0, scale, shape)).astype(np.float32)
        if name.endswith("variance")
        else random.normal(0, scale, shape).astype(np.float32)
        for name, shape in weight_shapes(model).items()
    }


def grid(text):
    return np.frombuffer(base64.b64decode(text), np.uint8)


@pytest.mark.parametrize("kind", KINDS)
def test_the_plane_holds_what_the_network_answers_at_each_place(kind):
    run = on_kind(kind)
    weights = random_weights(run.model)
    picture = network_picture(run, weights)
    for cell in (0, 777, SIDE * SIDE - 1):
        answer = forward(run.model, weights, inputs_at_places(run.data.features)[cell])[-1]
        low = -1 if run.regression else 0
        expected = np.clip((answer - low) / (1 - low), 0, 1)
        shown = [grid(text)[cell] / 255 for text in picture["output"]]
        assert shown == pytest.approx(expected, abs=0.003)


def test_layers_without_a_say_are_left_out_and_batch_normalization_is_kept():
    layers = (Dense(units=5), BatchNormalization(), Dropout(), Dense(units=1, activation="sigmoid"))
    model = ModelSpec((2,), layers)
    weights = random_weights(model)
    seen = columns(model, weights, inputs_at_places("x-y"))
    assert [column.name for column in seen] == ["dense", "batch_normalization", "dense_1"]
    one_by_one = forward(model, weights, places()[100])
    for column, output in zip(seen, (one_by_one[0], one_by_one[1], one_by_one[3]), strict=True):
        assert column.outputs[100] == pytest.approx(output, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loss", ["", "mean_squared_error", "sparse_categorical_crossentropy"])
def test_loss_and_accuracy_are_those_of_keras(kind, loss):
    run = on_kind(kind)
    if loss == "sparse_categorical_crossentropy" and kind != "three_classes":
        loss = ""
    if loss:
        run = dataclasses.replace(run, training=dataclasses.replace(run.training, loss=loss))
    weights = random_weights(run.model)
    test = prepare(run.data, 0.0).test
    outputs = columns(run.model, weights, test.x)[-1].outputs
    y = test.y.astype(np.float32)[:, None] if run.binary or run.regression else test.y.astype(np.int32)
    if kind == "three_classes" and run.training.one_hot:
        y = np.eye(3, dtype=np.float32)[test.y]
    expected = float(np.mean(keras.ops.convert_to_numpy(keras.losses.get(run.training.loss)(y, outputs))))
    now = scores(run, weights)
    assert now.test_loss == pytest.approx(expected, rel=1e-4)
    if kind == "regression_plane":
        assert now.test_accuracy is None
        assert "accuracy" not in describe_scores(1.0, now)
    else:
        right = (outputs[:, 0] > 0.5) == test.y if run.binary else outputs.argmax(axis=1) == test.y
        assert now.test_accuracy == pytest.approx(np.mean(right))


def test_a_changed_weight_changes_the_grid_exactly_as_numpy_says():
    run = on_kind("circle")
    weights = random_weights(run.model)
    edited = with_changes(weights, {("dense/kernel", (1, 3)): 2.5, ("dense_2/bias", (0,)): -1.0})
    assert weights["dense/kernel"][1, 3] != 2.5
    by_hand = {name: array.copy() for name, array in weights.items()}
    by_hand["dense/kernel"][1, 3] = 2.5
    by_hand["dense_2/bias"][0] = -1.0
    x = inputs_at_places(run.data.features)
    for name in ("dense", "dense_1"):
        x = np.tanh(x @ by_hand[f"{name}/kernel"] + by_hand[f"{name}/bias"])
    answers = 1 / (1 + np.exp(-(x @ by_hand["dense_2/kernel"] + by_hand["dense_2/bias"])))
    picture = network_picture(run, edited)
    assert np.abs(grid(picture["output"][0]) - 255 * answers[:, 0]).max() <= 0.51
    assert picture["output"] != network_picture(run, weights)["output"]


def test_the_first_row_of_the_plane_is_its_top():
    model = ModelSpec((2,), (Dense(units=1, activation="sigmoid"),))
    run = dataclasses.replace(SPIRAL, model=model, data=DataSpec(dataset="points"))
    weights = {"dense/kernel": np.array([[0], [1]], np.float32), "dense/bias": np.zeros(1, np.float32)}
    plane = grid(network_picture(run, weights)["output"][0]).reshape(SIDE, SIDE)
    assert plane[0].min() > 250
    assert plane[-1].max() < 5


def test_points_lie_where_they_are_and_keep_their_class():
    data = DataSpec(dataset="points", points_kind="three_classes", points=100)
    train = points_picture(data)["train"]
    parts = prepare(data, 0.0)
    shown = np.frombuffer(base64.b64decode(train["places"]), "<u2").reshape(-1, 2) / 65_535 * 12 - 6
    assert shown == pytest.approx(parts.train_points, abs=1e-3)
    assert grid(train["labels"]).tolist() == parts.train.y.tolist()


def test_a_picture_of_the_spiral_network_stays_small_and_a_wide_and_deep_one_too():
    assert len(json.dumps(network_picture(SPIRAL, random_weights(SPIRAL.model)))) < 40_000
    layers = (*(Dense(units=64) for _ in range(12)), Dense(units=1, activation="sigmoid"))
    run = dataclasses.replace(SPIRAL, model=ModelSpec(SPIRAL.model.input_shape, layers))
    picture = network_picture(run, random_weights(run.model, scale=0.1))
    assert len(json.dumps(picture)) < 64_000
    assert [len(layer["units"]) for layer in picture["layers"]] == [8, 8, 8, 8, 8, 1]
    assert picture["layers"][0]["count"] == 64
    assert picture["layers"][0]["units"][0]["more"] == 56
    assert picture["inputs"][0]["name"] == "dense_6[0]"


def test_weights_that_ran_away_still_make_a_picture():
    layers = (Dense(units=8), Dense(units=8), Dense(units=1, activation="sigmoid"))
    run = dataclasses.replace(SPIRAL, model=ModelSpec(SPIRAL.model.input_shape, layers))
    picture = network_picture(run, random_weights(run.model, scale=1e30))
    assert len(grid(picture["output"][0])) == SIDE * SIDE


def test_weights_of_another_network_are_refused():
    with pytest.raises(ValueError, match="dense/kernel"):
        network_picture(SPIRAL, random_weights(RECIPES["points_circle"].run.model))


def test_what_goes_into_each_unit_has_a_name():
    rows = incoming(SPIRAL)
    assert rows["dense"].inputs == ("x", "y", "sin_x", "sin_y")
    assert rows["dense_1"].inputs == tuple(f"dense[{unit}]" for unit in range(8))
    assert (rows["dense_2"].units, rows["dense_2"].use_bias) == (1, True)


def test_the_words_name_the_points():
    text = boundary.describe_points(SPIRAL.data)
    assert "250 training and 250 test points, spiral" in text
    assert "blue, orange" in text
    assert "a number" in boundary.describe_points(on_kind("regression_plane").data)
