"""Layers that make variants: in training only, of their own seeds, and gone on with bit for bit."""

import dataclasses

import keras
import numpy as np
import pytest
from helpers.keras_fit import worker_fit
from keras import layers  # noqa: F401 - the exported code calls it by this name

from lib import events
from lib.concepts.forward import forward
from lib.data.preparing import prepare
from lib.export.keras_code import model_lines
from lib.specs.data import SCALINGS, DataSpec
from lib.specs.layers.known import (
    LAYERS,
    Dense,
    Flatten,
    RandomContrast,
    RandomTranslation,
)
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec
from lib.worker.build import build_run

ALL = tuple(kind() for kind in LAYERS.values() if kind.makes_variants)
MODEL = ModelSpec((28, 28, 1), (*ALL, Flatten(), Dense(units=8), Dense(units=10, activation="softmax")))
RUN = RunSpec(DataSpec(samples=500), MODEL, TrainSpec(epochs=2, batch_size=32))


@pytest.fixture(scope="module")
def trained():
    """A training that was never cut: the training, what it told, its checkpoints."""
    return worker_fit(RUN)


def epochs(told):
    return [(event.epoch, event.loss, event.val_loss) for event in told if isinstance(event, events.Epoch)]


@pytest.mark.slow
def test_a_training_with_all_of_them_stopped_in_mid_epoch_goes_on_bit_for_bit(trained):
    _, whole_told, whole = trained

    def stop(control, event):
        if isinstance(event, events.Batch):
            control.apply("stop")

    _, told, kept = worker_fit(RUN, on_event=stop)
    assert told[-1] == "stopped"
    assert 0 < kept[-1].batch < 15
    _, rest_told, rest = worker_fit(RUN, kept[-1])
    assert epochs(rest_told) == epochs(whole_told)
    for name, weights in whole[-1].weights.items():
        assert np.array_equal(rest[-1].weights[name], weights), name


@pytest.mark.slow
def test_the_generator_of_each_is_kept_and_has_a_seed_of_its_own(trained):
    _, _, whole = trained
    generators = [name for name in whole[-1].state if name.startswith("model/")]
    drawn = [whole[-1].state[name] for name in generators if whole[-1].state[name].shape == (2,)]
    assert len(drawn) == len(ALL)
    assert all(state[1] > 0 for state in drawn)
    assert len({int(state[0]) for state in drawn}) == len(ALL)


@pytest.mark.slow
def test_once_trained_they_change_nothing(trained):
    training, _, kept = trained
    data = prepare(RUN.data, RUN.training.validation_split)
    samples = data.scaling.apply(data.test.x[:5])
    answers = training.model.predict_on_batch(samples)
    for sample, answer in zip(samples, answers, strict=True):
        np.testing.assert_allclose(forward(MODEL, kept[-1].weights, sample)[-1], answer, atol=1e-5)
    assert np.abs(np.asarray(training.model(samples, training=True)) - answers).max() > 1e-3


@pytest.mark.parametrize("scaling", SCALINGS)
def test_other_contrasts_are_cut_off_where_scaled_pixels_end_in_the_worker_and_in_the_script(scaling):
    run = dataclasses.replace(
        RUN,
        data=DataSpec(scaling=scaling),
        model=ModelSpec((28, 28, 1), (RandomTranslation(), RandomContrast(), Flatten(), Dense(units=10))),
    )
    ours = build_run(run).layers[1]
    names = {"keras": keras, "layers": keras.layers}
    exec("\n".join(model_lines(run)[:-1]), names)
    twin = names["model"].layers[1]
    assert tuple(ours.value_range) == tuple(twin.value_range) == run.data.value_range
    assert tuple(ours.factor) == tuple(twin.factor) == (0.2, 0.2)
