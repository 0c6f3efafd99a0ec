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
    steps, called = Steps(compiled(), "categorical_accuracy", begins=begins), []
    graph = steps._call
    steps._call = lambda *batches: called.append(len(batches[0])) or graph(*batches)
    steps.train(X[:1], Y[:1])
    assert called == ([] if begins else [1])
    steps.train(X[1:], Y[1:])
    assert called[-1] == 2
