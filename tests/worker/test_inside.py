"""Watching the inside of a training: it tells what Keras says of the same weights, and changes no number."""

import dataclasses

import numpy as np
import pytest
from helpers.keras_fit import worker_fit

from lib import events
from lib.data.preparing import prepare
from lib.engine.runs.inside import inside_point
from lib.specs.codec import from_query
from lib.worker import inside
from lib.worker.build import build_run
from lib.worker.gradients import loss_gradients
from lib.worker.inside import MOST_EPOCHS, MOST_ROWS, InsideWatch, fixed_samples, learned_by, watched_every
from lib.worker.weights import set_weights

pytestmark = pytest.mark.slow
WHOLE_BATCH = from_query(
    {
        "dataset": "points", "points": "200", "batch_size": "1024", "epochs": "3", "learning_rate": "0.1",
        "layers": "Dense(units=9);Dense(units=4,activation=tanh);Dense(units=1,activation=sigmoid)",
        "loss": "binary_crossentropy", "clipping": "global_clipnorm", "clip_norm": "0.01", "l2": "0.1",
    }
)  # fmt: skip
WITH_DROPOUT = from_query(
    {
        "dataset": "mnist", "samples": "300", "epochs": "2", "batch_size": "64", "validation_split": "0.5",
        "layers": "Conv2D(filters=4);BatchNormalization;Dropout;Flatten;Dense(units=10,activation=softmax)",
    }
)  # fmt: skip

QUICK = {
    "dataset": "mnist", "samples": "300", "epochs": "1", "batch_size": "64",
    "layers": "Flatten;Dense(units=10,activation=softmax)",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def every_epoch():
    """However short a training is, each of its epochs is watched; the tests of the share take that back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inside, "MOST_SHARE", 1.0)
        yield


def watched(run, choice="on"):
    return dataclasses.replace(run, training=dataclasses.replace(run.training, watch_inside=choice))


def seen(told):
    return [inside_point(event) for event in told if isinstance(event, events.Inside)]


def without_clock(told):
    """What epochs and watched epochs told, but for what the clock says."""
    epochs = [dataclasses.replace(event, seconds=0.0) for event in told if isinstance(event, events.Epoch)]
    return epochs, [dataclasses.replace(point, share=0.0) for point in seen(told)]


def cut_at(run, epochs):
    return dataclasses.replace(run, training=dataclasses.replace(run.training, epochs=epochs))


@pytest.fixture(scope="module")
def two_steps():
    """Events and newest checkpoint of two epochs, each one step: the first without a graph, the second with one."""
    run = watched(WHOLE_BATCH)
    _, first_told, first = worker_fit(cut_at(run, 1))
    _, second_told, second = worker_fit(cut_at(run, 2), first[-1])
    return (first_told, first[-1]), (second_told, second[-1])


def model_of(run, weights=None):
    model = build_run(run)
    if weights is not None:
        set_weights(model, weights)
    model.compile(loss=run.training.loss, jit_compile=False)
    return model


def gradients(model, x, y):
    """Lengths of the gradient by layer, as TensorFlow's tape gives them."""
    import tensorflow as tf

    layers = [layer.trainable_weights for layer in model.layers]
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, y, model(x), training=True)
    found = tape.gradient(loss, [[each.value for each in weights] for weights in layers])
    return [np.linalg.norm(np.concatenate([each.numpy().ravel() for each in part])) for part in found]


def flat(layer):
    return np.concatenate([np.asarray(each).ravel() for each in layer.trainable_weights])


def test_gradients_and_steps_are_those_that_keras_takes(two_steps):
    data = prepare(WHOLE_BATCH.data, 0.0)
    x, y = data.scaling.apply(data.train.x), data.train.y.astype(np.float32)[:, None]
    begin = None  # as the seed draws them
    for epoch, (told, checkpoint) in enumerate(two_steps, 1):
        (point,) = seen(told)
        before, after = model_of(WHOLE_BATCH, begin), model_of(WHOLE_BATCH, checkpoint.weights)
        assert [layer.name for layer in point.layers] == ["dense", "dense_1", "dense_2"]
        assert point.epoch == epoch
        lengths = [layer.gradient for layer in point.layers]
        assert lengths == pytest.approx(gradients(before, x, y), rel=1e-4)  # though `clip_norm` is below all of them
        assert min(lengths) > WHOLE_BATCH.training.clip_norm
        for layer, old, new in zip(point.layers, before.layers, after.layers, strict=True):
            moved = np.linalg.norm(flat(new) - flat(old)) / np.linalg.norm(flat(old))
            assert layer.update == pytest.approx(moved, rel=1e-3)
        begin = checkpoint.weights


def test_loss_units_and_spreads_are_those_of_the_weights_after_the_epoch(two_steps):
    (told, checkpoint) = two_steps[1]
    (point,), data = seen(told), prepare(WHOLE_BATCH.data, 0.0)
    model = model_of(WHOLE_BATCH, checkpoint.weights)
    x, y = data.scaling.apply(data.train.x), data.train.y.astype(np.float32)[:, None]
    assert (point.samples, point.part) == (len(x), "validation")
    assert point.loss == pytest.approx(model.evaluate(x, y, batch_size=1024, verbose=0), rel=1e-5)
    outputs = data.scaling.apply(data.validation.x[: len(x)])
    for layer, keras_layer in zip(point.layers, model.layers, strict=True):
        outputs = np.asarray(keras_layer(outputs))
        assert layer.units == outputs.shape[1]
        assert layer.dead == int((np.ptp(outputs, axis=0) == 0).sum())
        assert (layer.outputs.low, layer.outputs.high) == pytest.approx((outputs.min(), outputs.max()), abs=1e-4)
        learned = flat(keras_layer)
        assert (layer.weights.low, layer.weights.high) == pytest.approx((learned.min(), learned.max()), abs=1e-4)
    assert 0 < point.share < 1


@pytest.fixture(scope="module")
def with_dropout():
    return worker_fit(watched(WITH_DROPOUT))


def test_the_training_is_the_same_bit_for_bit_with_and_without(with_dropout):
    _, plain_told, plain_kept = worker_fit(watched(WITH_DROPOUT, "off"))
    _, told, kept = with_dropout
    assert without_clock(told)[0] == without_clock(plain_told)[0]
    assert len(seen(told)) == 2
    assert seen(plain_told) == []
    for arrays in ("weights", "state"):
        one, other = getattr(kept[-1], arrays), getattr(plain_kept[-1], arrays)
        assert one.keys() == other.keys()
        assert [name for name in one if not np.array_equal(one[name], other[name])] == []


def test_a_training_that_was_cut_in_mid_epoch_tells_the_same_of_its_inside(with_dropout, monkeypatch):
    monkeypatch.setattr("lib.worker.train.REPORT_SECONDS", 0.0)  # each batch is told

    def stop(control, event):
        if isinstance(event, events.Batch) and (event.epoch, event.batch) >= (2, 1):
            control.apply("stop")

    _, told, cut = worker_fit(watched(WITH_DROPOUT), on_event=stop)
    assert told[-1] == "stopped"
    assert (cut[-1].epoch, cut[-1].batch > 0) == (2, True)
    _, rest, _ = worker_fit(watched(WITH_DROPOUT), cut[-1])
    assert without_clock(rest)[1] == without_clock(with_dropout[1])[1][1:]


def test_an_lstm_is_watched_and_the_training_part_is_looked_at_where_little_is_held_back():
    sentences = {
        "dataset": "movies", "samples": "150", "length": "8", "vocabulary": "1000", "epochs": "1", "batch_size": "64",
        "layers": "Embedding(input_dim=1000,mask_zero=true);LSTM(units=5);Dense(units=1,activation=sigmoid)",
        "loss": "binary_crossentropy",
    }  # fmt: skip
    (point,) = seen(worker_fit(watched(from_query(sentences)))[1])
    assert [(layer.name, layer.units) for layer in point.layers] == [("embedding", 32), ("lstm", 5), ("dense", 1)]
    assert all(0 < layer.update < 1 and layer.gradient > 0 for layer in point.layers)
    assert (point.samples, point.part) == (128, "training")


def test_a_bidirectional_layer_and_two_kernels_side_by_side_are_one_layer_each():
    layers = "LSTM(units=3,bidirectional=true);Dense(units=1,activation=sigmoid)"
    sentences = from_query({"dataset": "movies", "layers": f"Embedding(input_dim=10000);{layers}"})
    maps = from_query({**QUICK, "layers": "ParallelConv2D(filters=2);Flatten;Dense(units=10,activation=softmax)"})
    for run, arrays in ((sentences, [1, 6, 2]), (maps, [4, 2])):
        learned = learned_by(build_run(run))
        assert tuple(learned) == run.model.learners
        assert [len(places) for places in learned.values()] == arrays


def test_dead_units_and_numbers_that_are_none_any_more_are_told():
    run = WHOLE_BATCH
    model = model_of(run)
    kernel, bias = model.layers[0].get_weights()
    bias[:3] = -100.0
    model.layers[0].set_weights([kernel, bias])
    model.layers[2].set_weights([np.full_like(each, np.nan) for each in model.layers[2].get_weights()])
    data = prepare(run.data, 0.0)
    watch = InsideWatch(run, data, model, lambda part, outputs: float(outputs.mean()))
    watch.before_step(data.train.x[:8], data.train.y[:8, None].astype(np.float32))
    watch.after_step()
    point = inside_point(watch.measured(4, training_seconds=1.0))
    assert [layer.dead for layer in point.layers] == [3, 0, 0]
    assert (point.epoch, point.loss, point.layers[2].weights, point.layers[2].outputs) == (4, None, None, None)
    assert [layer.update for layer in point.layers] == [0.0, 0.0, None]
    assert {layer.gradient for layer in point.layers} == {None}


def test_of_many_epochs_some_are_watched_and_the_one_that_ends_it_always():
    stops = {"early_stopping": True, "monitor": "loss", "patience": 15, "learning_rate": 10.0}
    run = cut_at(watched(WHOLE_BATCH), 600)
    run = dataclasses.replace(run, training=dataclasses.replace(run.training, **stops, restore_best_weights=False))
    training, told, _ = worker_fit(run)
    every = watched_every(run, training.tell_every)
    ended = max(event.epoch for event in told if isinstance(event, events.Epoch))
    epochs = [point.epoch for point in seen(told)]
    assert every < ended < 600
    assert epochs == sorted({*range(every, ended + 1, every), ended})
    assert every % training.tell_every == 0


class Clock:
    """Stands where `time` stands: each look at it takes so many seconds, so that no load changes a test."""

    def __init__(self, seconds):
        self.now, self.seconds = 0.0, seconds

    def perf_counter(self):
        self.now += self.seconds
        return self.now


def test_watching_takes_at_most_a_tenth_of_the_time_and_leaves_epochs_out_for_that(monkeypatch):
    clock, epochs = Clock(0.001), 60

    def slowly(*batch):
        clock.now += 0.02
        return loss_gradients(*batch)

    changes = {"MOST_SHARE": 0.08, "ALWAYS_SECONDS": 0.0, "time": clock, "loss_gradients": slowly}
    for name, value in changes.items():
        monkeypatch.setattr(inside, name, value)
    monkeypatch.setattr("lib.worker.train.time", Clock(0.01))  # an epoch takes 0.02: training and validating
    monkeypatch.setattr(InsideWatch, "has_begun", lambda watch, seconds, goes_on: setattr(watch, "expected", 0.03))
    training, told, _ = worker_fit(cut_at(watched(WHOLE_BATCH), epochs))
    points = seen(told)
    assert 2 <= len(points) < epochs / 2
    assert max(point.share for point in points) <= 0.08
    assert training.inside.seconds > 0.05 * training.busy_seconds  # and no more are left out than that takes
    assert all(layer.gradient is not None for point in points[:-1] for layer in point.layers)


def test_an_epoch_is_watched_if_a_tenth_of_the_time_still_suffices(monkeypatch):
    monkeypatch.setattr(inside, "MOST_SHARE", 0.1)
    monkeypatch.setattr(inside, "ALWAYS_SECONDS", 0.0)
    watch = InsideWatch(WHOLE_BATCH, prepare(WHOLE_BATCH.data, 0.0), model_of(WHOLE_BATCH), lambda part, outputs: 0.0)
    watch.has_begun(0.1, goes_on=False)
    assert watch.expected == 0.1
    assert [watch.affords(training_seconds=each) for each in (0.0, 0.89, 0.91)] == [False, False, True]
    monkeypatch.setattr(inside, "ALWAYS_SECONDS", 0.11)  # however short the training is
    assert watch.affords(training_seconds=0.0)
    watch.seconds = 0.3
    assert [watch.affords(training_seconds=each) for each in (3.59, 3.61)] == [False, True]
    watch.has_begun(0.05, goes_on=True)
    assert watch.expected == inside.FIRST_SECONDS  # its first batch may have gone through a graph that was there
    before = watch.seconds
    watch.measured(1, training_seconds=10.0)
    assert watch.expected == pytest.approx(watch.seconds)  # what this first epoch took, with what was spent before
    watch.measured(2, training_seconds=10.0)
    assert 0 < watch.expected < watch.seconds - before


def test_how_many_epochs_and_rows_a_run_may_tell():
    for layers in (1, 3, 40):
        stack = ";".join(["Dense(units=4)"] * (layers - 1) + ["Dense(units=1,activation=sigmoid)"])
        for epochs in (1, 7, 60, 61, 200, 201, 5_000):
            run = cut_at(from_query({"dataset": "points", "layers": stack}), epochs)
            watched_epochs = epochs // watched_every(run, -(-epochs // 200)) + 1  # and the last one
            assert 1 <= watched_epochs - 1 <= MOST_EPOCHS
            assert (watched_epochs - 1) * layers <= MOST_ROWS
            if epochs * layers <= MOST_ROWS and epochs <= MOST_EPOCHS:
                assert watched_every(run, 1) == 1


def test_which_samples_are_looked_at_again_and_again():
    def samples(**data):
        run = from_query({**QUICK, **data})
        return fixed_samples(run, prepare(run.data, run.training.validation_split))

    few, some = samples(samples="100"), samples(samples="2000")
    assert (len(few.learned), few.part) == (90, "training")  # ten of them are held back
    assert (len(some.learned), len(some.looked_at), some.part) == (128, 128, "validation")
    assert np.array_equal(some.learned.x, samples(samples="2000").learned.x)
    large = samples(layers="Conv2D(filters=256);Flatten;Dense(units=10,activation=softmax)")
    assert len(large.learned) == 20_000_000 // (2 * (26 * 26 * 256 * 2 + 10))
