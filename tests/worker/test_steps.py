"""Batches of a training, without a graph and with one: both are Keras' own step."""

import numpy as np
import pytest

from lib.specs.layers.known import Conv2D, Dense, Flatten
from lib.specs.model import ModelSpec
from lib.specs.training import TrainSpec
from lib.worker.build import build_model, compile_model
from lib.worker.steps import Steps

STACK = (Conv2D(filters=3), Flatten(), Dense(units=4, activation="softmax"))
RANDOM = np.random.default_rng(0)
X = RANDOM.random((3, 16, 6, 6, 1), dtype=np.float32)
Y = np.eye(4, dtype=np.float32)[RANDOM.integers(0, 4, (3, 16))]


def compiled():
    model = build_model(ModelSpec((6, 6, 1), STACK), 5)
    compile_model(model, TrainSpec(learning_rate=0.01))
    return model


@pytest.mark.slow
def test_the_first_batch_without_a_graph_and_those_after_it_with_one_are_keras_own_steps():
    ours, keras_own = compiled(), compiled()
    steps = Steps(ours, "categorical_accuracy")
    measured = [steps.train(X[:1], Y[:1])[0], *steps.train(X[1:], Y[1:])]
    for place, (loss, accuracy) in enumerate(measured):
        keras_own.reset_metrics()
        logs = keras_own.train_on_batch(X[place], Y[place], return_dict=True)
        assert (loss, accuracy) == pytest.approx((float(logs["loss"]), float(logs["accuracy"])), rel=1e-5)
    for one, other in zip(ours.get_weights(), keras_own.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("begins", [True, False])
def test_only_the_very_first_batch_of_a_run_goes_without_the_graph(begins, monkeypatch):
    monkeypatch.setattr("lib.worker.steps.fuses", lambda: True)  # on a GPU, too
    steps, without = Steps(compiled(), "categorical_accuracy"), []
    steps.begin(begins)
    at_once = steps._at_once
    steps._at_once = lambda *batch: without.append(len(batch[0])) or at_once(*batch)
    steps.train(X[:1], Y[:1])
    assert without == ([16] if begins else [])
    steps.train(X[1:], Y[1:])
    assert len(without) == begins


def test_one_graph_serves_any_number_of_batches_of_any_size(monkeypatch):
    monkeypatch.setattr("lib.worker.steps.fuses", lambda: True)
    steps, built = Steps(compiled(), "categorical_accuracy"), []
    steps.begin(False)
    step = steps._step
    steps._step = lambda *batch: built.append(batch) or step(*batch)
    steps.train(X, Y)
    steps.train(X[:2], Y[:2])
    steps.train(X[:1, :5], Y[:1, :5])  # the last batch of an epoch
    assert len(built) == 1
