import dataclasses

import keras
import numpy as np
import pytest
from helpers.clocks import give_clock
from helpers.keras_fit import worker_fit

from lib import events
from lib.data.preparing import prepare
from lib.specs.data import DataSpec
from lib.specs.layers.known import (
    LSTM,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    MaxPooling2D,
    ParallelConv2D,
)
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.start import Start
from lib.specs.training import OPTIMIZERS, TrainSpec
from lib.worker import train as loop
from lib.worker.build import build_model, compile_model, with_scaling
from lib.worker.train import Checkpoint, NotANumberError
from lib.worker.weights import get_weights

pytestmark = pytest.mark.slow
ANSWER = Dense(units=10, activation="softmax")
MODEL = ModelSpec(
    (28, 28, 1), (Flatten(), Dense(units=16), BatchNormalization(), Dropout(), Dense(units=10, activation="softmax"))
)
RUN = RunSpec(DataSpec(samples=1_000), MODEL, TrainSpec(epochs=3, batch_size=64))


def train(run=RUN, checkpoint=None, on_event=lambda control, event: None):
    """Events and checkpoints of a training."""
    return worker_fit(run, checkpoint, on_event)[1:]


def only(kind, told):
    return [event for event in told if isinstance(event, kind)]


def epochs(told):
    return [(event.epoch, event.loss, event.val_loss) for event in only(events.Epoch, told)]


def stop_in_epoch(number):
    def stop(control, event):
        if isinstance(event, events.Batch) and event.epoch == number:
            control.apply("stop")

    return stop


def test_the_same_spec_and_seed_give_the_same_curve():
    first, second = train()[0], train()[0]
    assert epochs(first) == epochs(second)
    other = dataclasses.replace(RUN, training=dataclasses.replace(RUN.training, seed=2))
    assert epochs(train(other)[0]) != epochs(first)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_training_stopped_in_mid_epoch_goes_on_exactly(optimizer):
    run = dataclasses.replace(RUN, training=dataclasses.replace(RUN.training, optimizer=optimizer, momentum=0.5))
    whole_told, whole = train(run)
    told, checkpoints = train(run, on_event=stop_in_epoch(2))
    assert told[-1] == "stopped"
    assert checkpoints[-1].batch > 0
    rest_told, rest = train(run, checkpoints[-1])
    assert (rest_told[0].epoch, rest_told[0].batch) == (2, checkpoints[-1].batch)
    assert epochs(rest_told) == epochs(whole_told)[1:]
    for name, weights in whole[-1].weights.items():
        assert np.array_equal(rest[-1].weights[name], weights), name


def test_epoch_losses_are_what_plain_keras_computes_on_the_same_batches():
    run = dataclasses.replace(RUN, training=dataclasses.replace(RUN.training, epochs=1))
    told, _ = train(run)
    data = prepare(run.data, run.training.validation_split)
    model = build_model(run.model, run.training.seed)
    compile_model(model, run.training)
    order = np.random.default_rng([run.training.seed, 1]).permutation(len(data.train))
    x, y = data.scaling.apply(data.train.x[order]), np.eye(10, dtype=np.float32)[data.train.y[order]]
    validation = (data.scaling.apply(data.validation.x), np.eye(10, dtype=np.float32)[data.validation.y])
    history = model.fit(x, y, batch_size=64, epochs=1, shuffle=False, verbose=0, validation_data=validation).history
    ours = only(events.Epoch, told)[0]
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        assert getattr(ours, name) == pytest.approx(history[name][0], rel=1e-4), name


def test_a_rate_given_in_mid_training_is_used_from_then_on():
    def change(control, event):
        if isinstance(event, events.Epoch) and event.epoch == 1:
            control.apply("learning_rate", 0.01)

    rates = [event.learning_rate for event in only(events.Epoch, train(on_event=change)[0])]
    assert rates == [0.001, 0.01, 0.01]


def test_one_more_epoch_can_be_asked_for_in_the_last_one():
    def add(control, event):
        if isinstance(event, events.Batch) and event.epoch == 3:
            control.apply("epochs", 4)

    assert [number for number, *_ in epochs(train(on_event=add)[0])] == [1, 2, 3, 4]


def test_a_loss_that_is_no_longer_a_number_ends_the_training():
    training = dataclasses.replace(RUN.training, optimizer="sgd", learning_rate=10.0, loss="mean_squared_error")
    model = ModelSpec((28, 28, 1), (Flatten(), *[Dense(units=64)] * 3, Dense(units=10, activation="linear")))
    run = dataclasses.replace(RUN, training=training, model=model, data=DataSpec(samples=1_000, scaling="raw"))
    with pytest.raises(NotANumberError):
        train(run)


def test_no_more_than_four_reports_a_second_however_fast_the_batches_are(monkeypatch):
    clock = iter(np.arange(0, 1_000, 0.01))
    give_clock(monkeypatch, loop, lambda: float(next(clock)))
    batches = only(events.Batch, train()[0])
    assert sum(len(event.points) for event in batches) == 3 * 15
    assert len(batches) < 20


MAPS = (28, 28, 1)
STACKS = {
    "batch normalisation": ModelSpec(MAPS, (Conv2D(filters=2, strides=3), BatchNormalization(), Flatten(), ANSWER)),
    "branches": ModelSpec(MAPS, (ParallelConv2D(filters=2), MaxPooling2D(pool_size=4), Flatten(), ANSWER)),
}


@pytest.mark.parametrize("stack", STACKS)
def test_frozen_layers_of_every_make_keep_their_weights_bit_for_bit(stack):
    model = STACKS[stack]
    run = RunSpec(
        DataSpec(samples=500), model, TrainSpec(epochs=1, batch_size=64), Start("0" * 16, 1, model.learners[:-1])
    )
    first = get_weights(build_model(model, 5))
    _, kept = train(run, Checkpoint(1, 0, first, {}))
    for name, values in first.items():
        stays = not name.startswith("dense")
        assert np.array_equal(kept[-1].weights[name], values) == stays, name


def test_both_directions_of_a_frozen_layer_are_frozen():
    model = ModelSpec((5,), (Embedding(input_dim=100), LSTM(units=2, bidirectional=True), Dense(units=1)))
    built = build_model(model, 1, frozen=("bidirectional",))
    assert {weight.path.split("/")[1] for weight in built.trainable_weights} == {"embedding", "dense"}


def test_a_run_that_goes_on_from_another_one_is_not_trained_without_its_weights():
    with pytest.raises(ValueError, match="begins with are missing"):
        train(dataclasses.replace(RUN, start=Start("0" * 16, 1)))


@pytest.mark.parametrize("scaling", ["unit", "standard", "raw"])
def test_the_exported_model_takes_raw_pixels(scaling, tmp_path):
    run = dataclasses.replace(RUN, data=dataclasses.replace(RUN.data, scaling=scaling))
    data = prepare(run.data, 0.1)
    model = build_model(run.model)
    with_scaling(model, data.scaling, run.training).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    raw = data.test.x[:32]
    expected = model.predict(data.scaling.apply(raw), verbose=0)
    assert np.allclose(loaded.predict(raw.astype("float32"), verbose=0), expected, atol=1e-5)
    assert loaded.count_params() == run.model.parameters


def test_colour_images_are_standardised_channel_by_channel_in_the_exported_model(tmp_path):
    spec = ModelSpec((32, 32, 3), (Flatten(), Dense(units=10, activation="softmax")))
    data = prepare(DataSpec(dataset="cifar10", samples=500, scaling="standard"), 0.1)
    model = build_model(spec)
    with_scaling(model, data.scaling, TrainSpec()).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    raw = data.test.x[:16]
    expected = model.predict(data.scaling.apply(raw), verbose=0)
    assert np.allclose(loaded.predict(raw.astype("float32"), verbose=0), expected, atol=1e-5)
