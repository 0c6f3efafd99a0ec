import base64
import dataclasses
import json

import numpy as np
import pytest
from helpers.points_networks import KINDS, SPIRAL, on_kind, random_weights

from lib.concepts.forward import forward
from lib.concepts.plane import SIDE, Scores, with_changes
from lib.data.preparing import prepare
from lib.figures.build.boundary import (
    describe_points,
    describe_scores,
    inputs_at_places,
    network_picture,
    points_picture,
)
from lib.specs.data import DataSpec
from lib.specs.layers.known import Dense
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES


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


def test_the_words_name_the_points():
    text = describe_points(SPIRAL.data)
    assert "250 training and 250 test points, spiral" in text
    assert "blue, orange" in text
    assert "a number" in describe_points(on_kind("regression_plane").data)


def test_a_predicted_number_has_no_accuracy_to_tell():
    assert describe_scores(1.0, Scores(0.1, 0.2, None, None)).endswith("0.2000 on test points.")
