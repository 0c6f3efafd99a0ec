"""A run that begins with weights that another run kept: exact, on its own feet, and refused where they are gone."""

import dataclasses

import keras
import numpy as np
import pytest
from helpers.waiting import wait_for_status

from lib.concepts.forward import weight_shapes
from lib.data.preparing import prepare
from lib.engine.errors import EngineError, UnknownRun
from lib.specs.codec import from_query
from lib.specs.start import Start
from lib.worker.build import build_model, compile_model
from lib.worker.weights import set_weights

pytestmark = pytest.mark.engine

SPEC = from_query(
    {
        "dataset": "mnist", "samples": "1000", "epochs": "1", "batch_size": "64",
        "loss": "sparse_categorical_crossentropy",
        "layers": "Flatten;Dense(units=16);BatchNormalization;Dense(units=10,activation=softmax)",
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def parent(engine):
    """Four epochs, each of them kept because it was the last one once: of quick epochs not all are."""
    run = wait_for_status(engine, engine.submit(SPEC, "a" * 32), "done")
    for _ in range(3):
        engine.add_epoch(run.id)
        run = wait_for_status(engine, run.id, "done")
    assert engine.epochs_kept(run.id) == [1, 2, 3, 4]
    return run


def on(run, epoch=2, frozen=(), **training):
    start = Start(run.id, epoch, frozen)
    return dataclasses.replace(run.spec, training=dataclasses.replace(run.spec.training, **training), start=start)


def same(one, other):
    assert set(one) == set(other)
    return all(np.array_equal(one[name], other[name]) for name in one)


def test_a_run_goes_on_from_epoch_2_with_another_rate_and_its_curve_continues(engine, parent):
    spec = on(parent, learning_rate=0.0001, epochs=1)
    run = wait_for_status(engine, engine.go_on(spec, "b" * 32), "done")
    kept = engine.weights(parent.id, 2)
    assert run.spec.start == Start(parent.id, 2)
    assert run.epoch_points[0].learning_rate == pytest.approx(0.0001)
    assert engine.epochs_kept(run.id)[0] == 0
    assert same(engine.weights(run.id, 0), kept)
    assert same(engine.looks.first_weights(run.id), kept)
    assert not same(engine.weights(run.id, 1), kept)
    assert "on from epoch 2" in run.title
    # Before any batch it loses as much as the parent did after epoch 2.
    data = prepare(SPEC.data, SPEC.training.validation_split)
    model = build_model(SPEC.model)
    set_weights(model, engine.weights(run.id, 0))
    compile_model(model, SPEC.training)
    x, y = data.scaling.apply(data.validation.x), data.validation.y
    before, _ = model.evaluate(x, y, verbose=0)
    assert before == pytest.approx(parent.epoch_points[1].val_loss, rel=1e-5)
    assert before != pytest.approx(parent.epoch_points[3].val_loss, rel=1e-3)
    # So its first batch loses what Keras says of these weights.
    chosen = np.random.default_rng([SPEC.training.seed, 1]).permutation(len(data.train))[:64]
    answers = model(data.scaling.apply(data.train.x[chosen]), training=True)
    loss = keras.losses.sparse_categorical_crossentropy(data.train.y[chosen], answers)
    assert run.batch_curve.loss[0] == pytest.approx(float(np.mean(loss)), rel=1e-5)
    # A small rate moves it little: far less than the parent's own epochs did.
    assert abs(run.epoch_points[0].val_loss - before) < 0.5 * (parent.epoch_points[0].val_loss - before)


def test_frozen_layers_keep_their_weights_bit_for_bit_and_the_others_learn(engine, parent):
    frozen = ("dense", "batch_normalization")
    run = wait_for_status(engine, engine.go_on(on(parent, frozen=frozen, optimizer="sgd", epochs=2), "b" * 32), "done")
    first, last = engine.weights(parent.id, 2), engine.weights(run.id)
    for name in weight_shapes(SPEC.model):
        assert np.array_equal(first[name], last[name]) == (name.split("/")[0] in frozen), name
    assert run.epochs_trained == 2


def test_it_goes_on_exactly_after_a_stop_and_without_its_parent(engine, parent):
    whole = wait_for_status(engine, engine.go_on(on(parent, 1, optimizer="rmsprop", epochs=2), "c" * 32), "done")
    again = wait_for_status(engine, engine.submit(SPEC, "c" * 32), "done")
    run_id = engine.go_on(on(again, 1, optimizer="rmsprop"), "c" * 32)
    engine.retention.delete(again.id, "c" * 32)
    wait_for_status(engine, run_id, "done")
    engine.add_epoch(run_id)
    run = wait_for_status(engine, run_id, "done")
    assert [point.loss for point in run.epoch_points] == [point.loss for point in whole.epoch_points]
    assert same(engine.weights(run_id), engine.weights(whole.id))
    with pytest.raises(UnknownRun):
        engine.go_on(on(again), "c" * 32)


def test_the_same_seed_gives_the_same_first_weights_bit_for_bit(engine, parent):
    other = dataclasses.replace(SPEC, training=dataclasses.replace(SPEC.training, learning_rate=0.01, epochs=1))
    run = wait_for_status(engine, engine.submit(other, "d" * 32), "done")
    assert same(engine.looks.first_weights(run.id), engine.looks.first_weights(parent.id))
    # So do first weights that were taken along, which is how frozen layers start again.
    taken = engine.looks.first_weights(parent.id)
    twin = dataclasses.replace(other, start=Start(parent.id, 0))
    twin_run = wait_for_status(engine, engine.go_on(twin, "d" * 32, taken), "done")
    assert [point.loss for point in twin_run.epoch_points] == [point.loss for point in run.epoch_points]


def test_weights_that_are_gone_or_do_not_fit_are_refused_with_a_sentence(engine, parent):
    with pytest.raises(EngineError, match="weights of epoch 77 of this run are no longer kept"):
        engine.go_on(on(parent, 77), "e" * 32)
    wider = from_query({"dataset": "mnist", "layers": "Flatten;Dense(units=8);Dense(units=10,activation=softmax)"})
    with pytest.raises(EngineError, match="do not fit the network"):
        engine.go_on(dataclasses.replace(wider, start=Start(parent.id, 2)), "e" * 32)
    grown = {name: np.full_like(values, np.nan) for name, values in engine.weights(parent.id, 2).items()}
    with pytest.raises(EngineError, match="grown beyond all numbers"):
        engine.go_on(on(parent), "e" * 32, grown)
    with pytest.raises(EngineError, match="no longer keeps the weights"):
        engine.submit(on(parent), "e" * 32)
    assert engine.runs("e" * 32) == ()


def test_other_data_of_the_same_shape_can_be_learned_with_these_weights(engine, parent):
    spec = on(parent, epochs=1)
    spec = dataclasses.replace(spec, data=dataclasses.replace(spec.data, dataset="fashion_mnist"))
    run = wait_for_status(engine, engine.go_on(spec, "f" * 32), "done")
    assert run.spec.data.dataset == "fashion_mnist"
    assert same(engine.weights(run.id, 0), engine.weights(parent.id, 2))
