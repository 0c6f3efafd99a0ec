"""Clipping, smoothing, weights of classes: what plain Keras computes with the same arguments."""

import dataclasses
import functools

import keras
import numpy as np
import pytest
from helpers.keras_fit import arrays, keras_fit, worker_fit
from sklearn.utils.class_weight import compute_class_weight

from lib import events
from lib.arrays import unpack
from lib.data.parts import balanced_weights, class_counts
from lib.data.preparing import prepare
from lib.specs.codec import to_dict
from lib.specs.data import DataSpec
from lib.specs.layers.known import LSTM, Conv1D, Dense, Embedding, Flatten, ParallelConv2D
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec
from lib.worker import steps, tasks
from lib.worker.build import build_model, build_run, with_scaling
from lib.worker.many import Network

pytestmark = pytest.mark.slow
DATA = DataSpec("penguins", scaling="standard")
MODEL = ModelSpec(DATA.input_shape, (Dense(units=6), Dense(units=3, activation="softmax")))
RUN = RunSpec(DATA, MODEL, TrainSpec(epochs=3, batch_size=32, optimizer="sgd", learning_rate=0.3))


def with_settings(**settings):
    return dataclasses.replace(RUN, training=dataclasses.replace(RUN.training, **settings))


def balanced_by_scikit_learn(run):
    y = prepare(run.data, run.training.validation_split).train.y
    return dict(enumerate(compute_class_weight("balanced", classes=np.unique(y), y=y)))


def penalised(penalty):
    """The same small network written by hand, with the first weights of ours."""
    layers = [
        keras.layers.Dense(6, activation="relu", kernel_regularizer=penalty),
        keras.layers.Dense(3, activation="softmax", kernel_regularizer=penalty),
    ]
    model = keras.Sequential([keras.Input(DATA.input_shape), *layers])
    model.set_weights(build_model(MODEL, RUN.training.seed).get_weights())
    return model


SMOOTHED = keras.losses.CategoricalCrossentropy(label_smoothing=0.2)
CASES = {
    "clipnorm": ({"clipping": "clipnorm", "clip_norm": 0.1}, {"optimizer": keras.optimizers.SGD(0.3, clipnorm=0.1)}),
    "label_smoothing": ({"label_smoothing": 0.2}, {"loss": SMOOTHED}),
    "l1 and l2": ({"l1": 0.003, "l2": 0.01}, {"model": lambda: penalised(keras.regularizers.L1L2(0.003, 0.01))}),
    "class_weight": ({"class_weight": "balanced"}, {"class_weight": balanced_by_scikit_learn(RUN)}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_setting_trains_as_plain_keras_does_with_it(name):
    settings, words = CASES[name]
    check_twin(with_settings(**settings), **{"optimizer": keras.optimizers.SGD(0.3), **words})


def test_scores_are_taken_for_scores_and_so_are_the_probabilities_of_a_softmax():
    scores = ModelSpec(DATA.input_shape, (Dense(units=6), Dense(units=3, activation="linear")))
    run = dataclasses.replace(with_settings(from_logits=True), model=scores)
    (*_, last) = [event for event in worker_fit(run)[1] if isinstance(event, events.Epoch)]
    assert last.loss == pytest.approx(plain_loss(), rel=1e-5)  # scores and a softmax within the loss are the same sums
    # Keras' own class would look for what stands before the softmax.
    check_twin(with_settings(from_logits=True), optimizer=keras.optimizers.SGD(0.3), loss=_crossentropy_of_scores)


def _crossentropy_of_scores(labels, scores):
    return -keras.ops.sum(labels * keras.ops.log_softmax(scores), axis=-1)


@functools.cache
def plain_loss():
    return next(event.loss for event in reversed(worker_fit(RUN)[1]) if isinstance(event, events.Epoch))


def check_twin(run, **words):
    training, told, _ = worker_fit(run)
    made = words.pop("model", None)
    model, history = keras_fit(run, model=made() if made else None, **words)
    ours = [event for event in told if isinstance(event, events.Epoch)]
    for field in ("loss", "accuracy", "val_loss", "val_accuracy"):
        np.testing.assert_allclose([getattr(event, field) for event in ours], history[field], rtol=1e-5, err_msg=field)
    for one, other in zip(training.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    tested = training.evaluate()
    assert tested["loss"] == pytest.approx(history["test_loss"], rel=1e-5)
    assert ours[-1].loss != plain_loss()


def test_batches_that_go_in_one_by_one_are_weighed_and_clipped_too(monkeypatch):
    monkeypatch.setattr(steps, "fuses", lambda: False)  # as on a GPU
    run = with_settings(class_weight="balanced", clipping="global_clipnorm", clip_norm=0.1, epochs=2)
    check_twin(
        run, optimizer=keras.optimizers.SGD(0.3, global_clipnorm=0.1), class_weight=balanced_by_scikit_learn(run)
    )


def test_labels_of_one_unit_for_two_classes_are_smoothed_as_keras_does():
    data = DataSpec("points", points=100)
    model = ModelSpec(data.input_shape, (Dense(units=1, activation="sigmoid"),))
    run = RunSpec(data, model, TrainSpec(epochs=1, loss="binary_crossentropy", label_smoothing=0.3))
    training, told, _ = worker_fit(run)
    validation = arrays(run)[1]
    loss = keras.losses.BinaryCrossentropy(label_smoothing=0.3)
    labels = validation[1].argmax(axis=1)[:, None].astype(np.float32)
    epoch = next(event for event in told if isinstance(event, events.Epoch))
    assert epoch.val_loss == pytest.approx(float(loss(labels, training.model(validation[0]))), rel=1e-5)


def test_balanced_weights_are_those_of_scikit_learn():
    part = prepare(DATA, 0.1).train
    expected = compute_class_weight("balanced", classes=np.unique(part.y), y=part.y)
    np.testing.assert_allclose(balanced_weights(class_counts(part, 3)), expected, rtol=1e-6)


def test_settings_that_a_loss_or_the_data_do_not_know_change_nothing():
    data = DataSpec("points", points=60, points_kind="regression_plane")
    model = ModelSpec(data.input_shape, (Dense(units=1, activation="linear"),))
    run = RunSpec(data, model, TrainSpec(epochs=1, loss="mean_squared_error"))
    other = dataclasses.replace(
        run, training=dataclasses.replace(run.training, label_smoothing=0.3, class_weight="balanced")
    )
    losses = [[event.loss for event in worker_fit(each)[1] if isinstance(event, events.Epoch)] for each in (run, other)]
    assert losses[0] == losses[1]


def test_every_layer_with_a_kernel_pays_for_its_weights():
    text = DataSpec("movies", vocabulary=100, length=8)
    layers = (
        Embedding(input_dim=100, output_dim=3), Conv1D(filters=2), LSTM(units=2, bidirectional=True), Dense(units=1),
    )  # fmt: skip
    model = build_run(RunSpec(text, ModelSpec((8,), layers), TrainSpec(l2=0.5)))
    kernels = [weight for weight in model.trainable_weights if weight.name == "kernel"]
    assert len(kernels) == len(model.losses) == 4
    expected = sum(0.5 * float(np.square(np.asarray(kernel)).sum()) for kernel in kernels)
    assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-5)
    maps = (ParallelConv2D(filters=2), Flatten(), Dense(units=10))
    branched = build_run(RunSpec(DataSpec(), ModelSpec((28, 28, 1), maps), TrainSpec(l1=0.5)))
    assert len(branched.losses) == 3


def test_a_model_file_has_its_penalty_and_its_loss(tmp_path):
    run = with_settings(l2=0.01, label_smoothing=0.1, clipping="clipnorm", from_logits=True)
    with_scaling(build_run(run), prepare(DATA, 0.1).scaling, run.training).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert len(loaded.losses) == 2
    assert loaded.loss.label_smoothing == 0.1
    assert loaded.loss.from_logits
    assert loaded.optimizer.clipnorm == 1.0


def test_the_first_weights_of_a_run_are_told_as_it_draws_them():
    run = with_settings(kernel_initializer="zeros")
    told = unpack(tasks.first_weights(to_dict(run)))
    assert not told["dense/kernel"].any()
    assert not worker_fit(run)[0].model.layers[0].kernel.numpy().any()  # what is the same everywhere stays so
    network = Network(run, None)
    assert network.run == run
    assert not network._model.layers[1].kernel.numpy().any()
