"""Early stopping: the same epoch and the same weights as plain Keras, also after a training was cut."""

import dataclasses

import keras
import numpy as np
import pytest
from helpers.keras_fit import keras_fit, worker_fit

from lib import events
from lib.arrays import unpack
from lib.specs.data import DataSpec
from lib.specs.layers.known import Dense
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec
from lib.worker.build import build_model, build_run
from lib.worker.control import Control
from lib.worker.train import Training
from lib.worker.weights import get_weights, set_weights

pytestmark = pytest.mark.slow
DATA = DataSpec("wine", scaling="standard")
MODEL = ModelSpec(DATA.input_shape, (Dense(units=6), Dense(units=3, activation="softmax")))
# With the penalty it ends early whatever the seed, and however a processor rounds: without, the loss may fall for ever.
TRAINING = TrainSpec(epochs=20, batch_size=32, learning_rate=0.3, l2=0.0003, early_stopping=True, patience=3)
RUN = RunSpec(DATA, MODEL, TRAINING)


def with_settings(**settings):
    return dataclasses.replace(RUN, training=dataclasses.replace(TRAINING, **settings))


def epochs_of(told):
    return [event.epoch for event in told if isinstance(event, events.Epoch)]


def same_weights(ours, model):
    for one, other in zip(ours.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.fixture(scope="module")
def whole():
    return worker_fit(RUN)


def test_it_ends_where_keras_ends_and_takes_the_same_weights(whole):
    training, told, checkpoints = whole
    callback = keras.callbacks.EarlyStopping("val_loss", patience=3, restore_best_weights=True)
    model, history = keras_fit(RUN, keras.optimizers.Adam(0.3), model=build_run(RUN), callbacks=[callback])
    losses = [event.val_loss for event in told if isinstance(event, events.Epoch)]
    np.testing.assert_allclose(losses, history["val_loss"], rtol=1e-5, atol=1e-6)
    assert 3 < len(losses) < 20
    assert training.ending.early
    assert training.ending.restored
    assert training.ending.best_epoch == callback.best_epoch + 1 == len(losses) - 3
    assert training.ending.best == pytest.approx(float(callback.best), rel=1e-5, abs=1e-6)
    same_weights(training.model, model)
    assert training.evaluate()["loss"] == pytest.approx(history["test_loss"], rel=1e-5, abs=1e-6)
    last = checkpoints[-1]
    assert (last.epoch, last.batch) == (len(losses) + 1, 0)
    kept = build_model(RUN.model)
    set_weights(kept, last.weights)
    same_weights(kept, model)


def test_a_training_that_was_stopped_ends_at_the_same_epoch_with_the_same_weights(whole):
    def stop(control, event):
        if isinstance(event, events.Epoch) and event.epoch == whole[0].ending.best_epoch:
            control.apply("stop")

    _, told, cut = worker_fit(RUN, on_event=stop)
    assert told[-1] == "stopped"
    training, rest_told, rest = worker_fit(RUN, cut[-1])
    assert training.ending == whole[0].ending
    assert epochs_of(rest_told)[-1] == epochs_of(whole[1])[-1]
    assert all(np.array_equal(rest[-1].weights[name], values) for name, values in whole[2][-1].weights.items())


def test_one_more_epoch_after_the_end_goes_on_from_the_weights_taken(whole):
    ended = epochs_of(whole[1])[-1]
    run = with_settings(epochs=ended + 1)
    training, told, _ = worker_fit(run, whole[2][-1])
    assert epochs_of(told) == [ended + 1]
    assert training.ending.best_epoch == ended + 1
    assert not training.ending.early


def test_without_the_best_weights_it_keeps_its_last_ones():
    run = with_settings(restore_best_weights=False, monitor="loss", patience=1)
    training, _told, _ = worker_fit(run)
    callback = keras.callbacks.EarlyStopping("loss", patience=1)
    model, history = keras_fit(run, keras.optimizers.Adam(0.3), model=build_run(run), callbacks=[callback])
    assert training.epoch - 1 == len(history["loss"])
    assert not training.ending.restored
    same_weights(training.model, model)


def test_an_end_that_nobody_would_have_heard_of_is_told():
    told = []
    training = Training(RUN, Control(20, 0.3), told.append, lambda _: None)
    training.tell_every = 100
    training.fit()
    assert epochs_of(told) == [training.epoch - 1]
    assert training.ending.early


def test_the_picture_of_a_points_network_ends_with_the_weights_taken():
    circle = RECIPES["points_circle"].run
    settings = {"epochs": 30, "learning_rate": 1.0, "early_stopping": True, "patience": 1}
    run = dataclasses.replace(circle, training=dataclasses.replace(circle.training, **settings))
    training, told, _ = worker_fit(run)
    assert training.ending.best_epoch < training.epoch - 1
    shown = unpack([event for event in told if isinstance(event, events.Weights)][-1].weights)
    assert all(np.array_equal(shown[name], values) for name, values in get_weights(training.model).items())
