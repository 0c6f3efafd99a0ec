"""Long trainings of small stacks go through XLA: the same steps, and a training that goes on is still the same one."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from helpers.keras_fit import worker_fit

from lib.specs.layers.known import Dense, Dropout
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.worker import ready, steps
from lib.worker.build import build_run, compile_model
from lib.worker.control import Control
from lib.worker.steps import MOST_BATCHES, Steps
from lib.worker.train import StoppedError, Training
from lib.worker.weights import get_weights

CIRCLE = RECIPES["points_circle"].run
SIZE = CIRCLE.training.batch_size
RANDOM = np.random.default_rng(0)
X = RANDOM.uniform(-1, 1, (5, SIZE, 2)).astype(np.float32)
Y = (X.sum(axis=2, keepdims=True) > 0).astype(np.float32)


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch):
    monkeypatch.setattr(ready, "_waiting", {})


@pytest.fixture
def compiled(monkeypatch):
    """Short runs are compiled, too, and also on a GPU."""
    monkeypatch.setattr("lib.specs.run.COMPILED_STEPS", 1)
    monkeypatch.setattr(steps, "fuses", lambda: True)


def told(**training):
    return replace(CIRCLE, training=replace(CIRCLE.training, **training))


def model_of(run):
    model = build_run(run)
    compile_model(model, run.training)
    return model


@pytest.mark.slow
@pytest.mark.parametrize("weighed", [False, True])
def test_the_compiled_steps_are_keras_own_steps(compiled, weighed):
    ours, keras_own = model_of(CIRCLE), model_of(CIRCLE)
    weights = RANDOM.uniform(0.5, 2, (5, SIZE)).astype(np.float32) if weighed else None
    trained = Steps(ours, "binary_accuracy")
    trained.begin(False, SIZE)
    measured = trained.train(X[:3], Y[:3], None if weights is None else weights[:3])
    measured += trained.train(X[3:], Y[3:], None if weights is None else weights[3:])
    assert set(trained._graphs) == {SIZE}
    for place, (loss, accuracy) in enumerate(measured):
        keras_own.reset_metrics()
        part = (X[place], Y[place]) if weights is None else (X[place], Y[place], weights[place])
        logs = keras_own.train_on_batch(*part, return_dict=True)
        assert (loss, accuracy) == pytest.approx((float(logs["loss"]), float(logs["accuracy"])), rel=1e-5)
    for one, other in zip(ours.get_weights(), keras_own.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.slow
def test_one_program_serves_any_number_of_batches(compiled):
    trained = Steps(model_of(CIRCLE), "binary_accuracy")
    trained.begin(False, SIZE)
    trained.train(X, Y)
    rows = tf.constant(steps._filled(X)), tf.constant(steps._filled(Y))
    again = tf.function(lambda *batches: trained._graphs[SIZE](*batches), jit_compile=True)
    programs = [again.experimental_get_compiler_ir(tf.constant(n), *rows)(stage="hlo") for n in (2, MOST_BATCHES)]
    assert programs[0] == programs[1]


@pytest.mark.slow
def test_the_smaller_last_batch_of_an_epoch_goes_through_the_graph_for_any_size(compiled):
    trained = Steps(model_of(CIRCLE), "binary_accuracy")
    trained.begin(False, SIZE)
    trained.train(X, Y)
    trained.train(X[:1, :3], Y[:1, :3])
    assert set(trained._graphs) == {SIZE, None}


def test_without_xla_all_batches_go_through_the_graph(compiled, monkeypatch):
    monkeypatch.setattr(steps, "compiles", lambda: False)
    trained = Steps(model_of(CIRCLE), "binary_accuracy")
    trained.begin(False, SIZE)
    trained.train(X, Y)
    assert set(trained._graphs) == {None}


def with_layers(*layers):
    return replace(CIRCLE, model=ModelSpec((2,), (*layers, Dense(units=1, activation="sigmoid"))))


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_compiled_training_stopped_in_mid_epoch_goes_on_exactly(compiled, optimizer):
    run = with_layers(Dense(units=4, activation="tanh"), Dropout())
    run = replace(run, training=replace(CIRCLE.training, epochs=3, batch_size=32, optimizer=optimizer))
    whole, _, _ = worker_fit(run)
    assert set(whole.steps._graphs) == {32, None}  # 250 samples
    expected = get_weights(whole.model)
    whole.give_back()
    kept, control = [], Control(3, run.training.learning_rate)
    first = Training(run, control, lambda event: None, kept.append)
    train, batches = first.steps.train, first.steps.batches

    def stop_soon(*parts):
        if (first.epoch, first.batch) >= (2, 3):
            control.apply("stop")
        return train(*parts)

    first.steps = SimpleNamespace(train=stop_soon, batches=lambda: min(batches(), 2))
    with pytest.raises(StoppedError):
        first.fit()
    assert 0 < kept[-1].batch < first.batches
    second, _, _ = worker_fit(run, kept[-1])
    for name, values in expected.items():
        np.testing.assert_array_equal(get_weights(second.model)[name], values, err_msg=name)


@pytest.mark.slow
def test_the_second_compiled_training_of_a_stack_is_the_same_with_the_program_of_the_first(compiled):
    one, _, _ = worker_fit(told(epochs=3, seed=7))
    one.give_back()
    again, _, _ = worker_fit(told(epochs=3, seed=2))
    assert again.steps is one.steps
    ready._waiting.clear()
    alone, _, _ = worker_fit(told(epochs=3, seed=2))
    assert alone.steps is not one.steps
    for name, values in get_weights(alone.model).items():
        np.testing.assert_array_equal(get_weights(again.model)[name], values, err_msg=name)


WINE = RECIPES["wine_dense"].run
CHANGES = {
    "sparse": (WINE, {"loss": "sparse_categorical_crossentropy"}),
    "smoothed": (WINE, {"label_smoothing": 0.1, "clipping": "clipnorm"}),
    "logits": (WINE, {"from_logits": True, "clipping": "global_clipnorm", "optimizer": "lion"}),
    "penalties": (WINE, {"l1": 0.01, "l2": 0.01, "optimizer": "rmsprop", "momentum": 0.5}),
    "squared": (CIRCLE, {"loss": "mean_squared_error", "clipping": "clipnorm", "optimizer": "adamw"}),
    "nesterov": (CIRCLE, {"momentum": 0.9, "nesterov": True, "class_weight": "balanced"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_xla_takes_each_loss_and_way_of_learning(compiled, change, monkeypatch):
    run, training = CHANGES[change]
    run = replace(run, training=replace(run.training, epochs=1, **training))
    whole, _, _ = worker_fit(run)
    assert run.training.batch_size in whole.steps._graphs
    monkeypatch.setattr(steps, "compiles", lambda: False)
    ready._waiting.clear()
    plain, _, _ = worker_fit(run)
    assert set(plain.steps._graphs) == {None}
    for name, values in get_weights(plain.model).items():
        np.testing.assert_allclose(get_weights(whole.model)[name], values, atol=1e-4, err_msg=name)
