import dataclasses

import keras
import numpy as np
import pytest
from helpers.points_networks import KINDS, SPIRAL, on_kind, random_weights

from lib.concepts.forward import forward
from lib.concepts.plane import incoming, outputs_of_layers, places, scores
from lib.data.preparing import prepare
from lib.specs.layers.known import BatchNormalization, Dense, Dropout
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.start import Start
from lib.worker.build import build_run, compile_model
from lib.worker.weights import set_weights


def test_layers_without_a_say_are_left_out_and_batch_normalization_is_kept():
    layers = (Dense(units=5), BatchNormalization(), Dropout(), Dense(units=1, activation="sigmoid"))
    model = ModelSpec((2,), layers)
    weights = random_weights(model)
    seen = outputs_of_layers(model, weights, places())
    assert [one.name for one in seen] == ["dense", "batch_normalization", "dense_1"]
    one_by_one = forward(model, weights, places()[100])
    for one, output in zip(seen, (one_by_one[0], one_by_one[1], one_by_one[3]), strict=True):
        assert one.outputs[100] == pytest.approx(output, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loss", ["", "mean_squared_error", "sparse_categorical_crossentropy"])
def test_loss_and_accuracy_are_those_of_keras(kind, loss):
    run = on_kind(kind)
    if loss == "sparse_categorical_crossentropy" and kind != "three_classes":
        loss = ""
    if loss:
        run = dataclasses.replace(run, training=dataclasses.replace(run.training, loss=loss))
    weights = random_weights(run.model)
    parts = prepare(run.data, 0.0)
    train, test = parts.train, parts.test
    outputs = outputs_of_layers(run.model, weights, test.x)[-1].outputs
    y = test.y.astype(np.float32)[:, None] if run.binary or run.regression else test.y.astype(np.int32)
    if kind == "three_classes" and run.training.one_hot:
        y = np.eye(3, dtype=np.float32)[test.y]
    expected = float(np.mean(keras.ops.convert_to_numpy(keras.losses.get(run.training.loss)(y, outputs))))
    now = scores(run, weights, (train.x, train.y), (test.x, test.y))
    assert now.test_loss == pytest.approx(expected, rel=1e-4)
    if kind == "regression_plane":
        assert now.test_accuracy is None
    else:
        right = (outputs[:, 0] > 0.5) == test.y if run.binary else outputs.argmax(axis=1) == test.y
        assert now.test_accuracy == pytest.approx(np.mean(right))


@pytest.mark.parametrize("kind", ["spiral", "three_classes"])
def test_smoothed_labels_and_the_penalty_of_large_weights_are_in_the_loss_as_in_keras(kind):
    run = on_kind(kind)
    training = dataclasses.replace(run.training, label_smoothing=0.2, l1=0.01, l2=0.02)
    run = dataclasses.replace(run, training=training, start=Start("0" * 16, 1, ("dense",)))
    weights, test = random_weights(run.model), prepare(run.data, 0.0).test
    model = build_run(run)
    set_weights(model, weights)
    compile_model(model, training)
    y = test.y[:, None] if run.binary else np.eye(3, dtype=np.float32)[test.y]
    expected, accuracy = model.evaluate(test.x, y.astype(np.float32), verbose=0)
    now = scores(run, weights, (test.x, test.y), (test.x, test.y))
    assert now.test_loss == pytest.approx(expected, rel=1e-4)
    assert now.test_accuracy == pytest.approx(accuracy)


def test_what_goes_into_each_unit_has_a_name():
    rows = incoming(SPIRAL)
    assert rows["dense"].inputs == ("x", "y", "sin_x", "sin_y")
    assert rows["dense_1"].inputs == tuple(f"dense[{unit}]" for unit in range(8))
    assert (rows["dense_2"].units, rows["dense_2"].use_bias) == (1, True)


def test_training_points_are_scored_as_test_points_are():
    weights, test = random_weights(SPIRAL.model), prepare(SPIRAL.data, 0.0).test
    now = scores(SPIRAL, weights, (test.x, test.y), (test.x, test.y))
    assert (now.train_loss, now.train_accuracy) == (now.test_loss, now.test_accuracy)


def test_weights_of_another_network_are_refused():
    with pytest.raises(ValueError, match="dense/kernel"):
        outputs_of_layers(SPIRAL.model, random_weights(RECIPES["points_circle"].run.model), places())


def test_outputs_beyond_float32_count_as_very_large():
    model = ModelSpec((2,), (Dense(units=8), Dense(units=8), Dense(units=1, activation="linear")))
    seen = outputs_of_layers(model, random_weights(model, scale=1e30), places())
    assert all(np.isfinite(np.square(one.outputs)).all() for one in seen)
