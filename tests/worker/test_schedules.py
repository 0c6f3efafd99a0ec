"""Schedules of the learning rate: those of plain Keras, and the same after a training was cut."""

import keras
import numpy as np
import pytest
from helpers.keras_fit import keras_fit, worker_fit
from hypothesis import given
from hypothesis import strategies as st

from lib import events
from lib.specs.data import DataSpec
from lib.specs.layers.known import Dense
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.schedules import BY_EPOCH, factor
from lib.specs.training import TrainSpec
from lib.worker.control import Control
from lib.worker.train import Training

pytestmark = pytest.mark.slow
schedules, callbacks = keras.optimizers.schedules, keras.callbacks
DATA = DataSpec("wine", scaling="standard")
MODEL = ModelSpec(DATA.input_shape, (Dense(units=6), Dense(units=3, activation="softmax")))


def run_with(**settings):
    return RunSpec(DATA, MODEL, TrainSpec(**{"epochs": 8, "batch_size": 32, "learning_rate": 0.05, **settings}))


def epochs_of(told):
    return [event for event in told if isinstance(event, events.Epoch)]


def rates(told):
    return [event.learning_rate for event in epochs_of(told)]


def by_epoch(schedule):
    return callbacks.LearningRateScheduler(lambda epoch: float(schedule(epoch)))


CASES = {
    "step": (
        run_with(schedule="step_decay", decay_rate=0.3, decay_epochs=3),
        lambda: by_epoch(schedules.ExponentialDecay(0.05, 3, 0.3, staircase=True)),
    ),
    "plateau": (
        run_with(schedule="reduce_on_plateau", plateau_factor=0.2, plateau_patience=1, learning_rate=0.5, epochs=14),
        lambda: callbacks.ReduceLROnPlateau("val_loss", factor=0.2, patience=1),
    ),
}


@pytest.fixture(scope="module")
def plateau():
    return worker_fit(CASES["plateau"][0])


@pytest.mark.parametrize("name", CASES)
def test_a_schedule_trains_as_plain_keras_does_with_its_callback(name, plateau):
    run, callback = CASES[name]
    training, told, _ = plateau if name == "plateau" else worker_fit(run)
    model, history = keras_fit(run, keras.optimizers.Adam(run.training.learning_rate), callbacks=[callback()])
    assert len(set(rates(told))) > 1
    np.testing.assert_allclose(rates(told), history["learning_rate"], rtol=1e-5)
    for field in ("loss", "val_loss", "val_accuracy"):
        ours = [getattr(event, field) for event in epochs_of(told)]
        np.testing.assert_allclose(ours, history[field], rtol=1e-5, atol=1e-6, err_msg=field)
    for ours, theirs in zip(training.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


@given(st.sampled_from(BY_EPOCH), st.floats(0.01, 1), st.integers(1, 20), st.floats(0, 1), st.integers(1, 60))
def test_the_factor_is_that_of_keras(schedule, rate, every, alpha, epoch):
    training = TrainSpec(schedule=schedule, decay_rate=rate, decay_epochs=every, alpha=alpha, epochs=40)
    if schedule == "cosine_decay":
        theirs = schedules.CosineDecay(1.0, 40, alpha=alpha)
    else:
        theirs = schedules.ExponentialDecay(1.0, every, rate, staircase=schedule == "step_decay")
    assert factor(training, epoch) == pytest.approx(float(theirs(epoch - 1)), rel=1e-4, abs=1e-6)


def test_a_scheduled_training_that_was_stopped_goes_on_exactly(plateau):
    def stop(control, event):
        if isinstance(event, events.Batch) and event.epoch == 6:
            control.apply("stop")

    run, _ = CASES["plateau"]
    _, whole_told, whole = plateau
    _, cut_told, cut = worker_fit(run, on_event=stop)
    assert cut_told[-1] == "stopped"
    _, rest_told, rest = worker_fit(run, cut[-1])
    assert rates(rest_told) == rates(whole_told)[5:]
    for name, weights in whole[-1].weights.items():
        assert np.array_equal(rest[-1].weights[name], weights), name


def test_a_rate_given_in_mid_training_is_multiplied_by_the_schedule():
    def change(control, event):
        if isinstance(event, events.Epoch) and event.epoch == 2:
            control.apply("learning_rate", 0.01)

    run = run_with(schedule="step_decay", decay_rate=0.5, decay_epochs=2, epochs=5)
    assert rates(worker_fit(run, on_event=change)[1]) == [0.05, 0.05, 0.005, 0.005, 0.0025]


def test_epochs_that_nobody_hears_of_are_watched_too(plateau):
    run, told = CASES["plateau"][0], []
    training = Training(run, Control(run.training.epochs, run.training.learning_rate), told.append, lambda _: None)
    training.tell_every = 7
    training.fit()
    assert [event.epoch for event in epochs_of(told)] == [7, 14]
    assert len([event for event in told if isinstance(event, events.Validating)]) == 2
    assert rates(told) == [rates(plateau[1])[6], rates(plateau[1])[13]]
