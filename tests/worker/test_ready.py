"""A model whose graphs are used again trains as a new one does, to the last bit."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.keras_fit import worker_fit
from tensorflow import executing_eagerly

from lib import events
from lib.specs.data import DataSpec
from lib.specs.layers.known import LSTM, BatchNormalization, Conv2D, Dense, Dropout, Embedding, Flatten
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec
from lib.worker import ready
from lib.worker.steps import Steps
from lib.worker.weights import get_weights

pytestmark = pytest.mark.slow

TRAINING = TrainSpec(epochs=2, batch_size=50, validation_split=0.2)
IMAGES = (
    Conv2D(filters=3, strides=3),
    BatchNormalization(),
    Flatten(),
    Dropout(),
    Dense(units=10, activation="softmax"),
)
DIGITS = RunSpec(DataSpec(samples=330), ModelSpec((28, 28, 1), IMAGES), TRAINING)
TEXT = DataSpec("movies", samples=200, vocabulary=300, length=20)
WORDS = (Embedding(input_dim=300, output_dim=4), LSTM(units=4), Dropout(), Dense(units=1, activation="sigmoid"))
SENTENCES = RunSpec(TEXT, ModelSpec((20,), WORDS), replace(TRAINING, loss="binary_crossentropy"))
CIRCLE = replace(RECIPES["points_circle"].run, training=replace(RECIPES["points_circle"].run.training, epochs=3))


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch):
    monkeypatch.setattr(ready, "_waiting", {})


def seeded(run, seed):
    return replace(run, training=replace(run.training, seed=seed))


def trained(run):
    """Loss by epoch, and the weights, of a training that leaves its model to the next one."""
    training, told, _ = worker_fit(run)
    losses = [(event.loss, event.val_loss) for event in told if isinstance(event, events.Epoch)]
    weights = get_weights(training.model)
    test = training.evaluate()["loss"]
    training.give_back()
    return losses, weights, test


@pytest.mark.parametrize("run", [DIGITS, SENTENCES, CIRCLE], ids=["images", "sentences", "points"])
def test_the_second_training_of_a_stack_is_the_same_with_the_graphs_of_the_first(run, monkeypatch):
    at_once = []
    step = Steps._step
    monkeypatch.setattr(Steps, "_step", lambda self, *batch: at_once.append(executing_eagerly()) or step(self, *batch))
    trained(seeded(replace(run, training=replace(run.training, learning_rate=0.05)), 1))
    assert at_once.count(False) == 1
    losses, weights, test = trained(seeded(run, 2))
    assert at_once.count(False) == 1  # no other graph was built
    ready._waiting.clear()
    alone = trained(seeded(run, 2))
    assert (losses, test) == (alone[0], alone[2])
    for name, values in alone[1].items():
        np.testing.assert_array_equal(weights[name], values, err_msg=name)


def test_who_trains_has_the_model_alone():
    one, other = ready.take(DIGITS), ready.take(DIGITS)
    assert one.model is not other.model
    ready.give_back(DIGITS, one)
    assert ready.take(seeded(DIGITS, 5)) is one
    assert ready.take(DIGITS) is not one


@pytest.mark.parametrize("change", [{"optimizer": "sgd"}, {"l2": 0.01}, {"loss": "sparse_categorical_crossentropy"}])
def test_another_training_gets_a_model_of_its_own(change):
    one = ready.take(DIGITS)
    ready.give_back(DIGITS, one)
    assert ready.take(replace(DIGITS, training=replace(TRAINING, **change))) is not one


def test_only_a_few_small_models_are_kept(monkeypatch):
    runs = [replace(DIGITS, training=replace(TRAINING, momentum=momentum / 10)) for momentum in range(5)]
    for run in runs:
        ready.give_back(run, ready.take(run))
    assert len(ready._waiting) == ready.MOST
    monkeypatch.setattr(ready, "MOST_PARAMETERS", DIGITS.model.parameters - 1)
    ready.give_back(DIGITS, ready.take(DIGITS))
    assert len(ready._waiting) < ready.MOST + 1
