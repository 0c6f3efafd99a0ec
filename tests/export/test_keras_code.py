"""The exported Python runs and gives the same model as the worker's."""

import dataclasses
from pathlib import Path

import keras
import numpy as np
import pytest
from helpers.keras_twins import without_seeds
from helpers.strategies import runs
from hypothesis import given

from lib.arrays import pack
from lib.data.loading import load
from lib.data.own import shelf
from lib.export.keras_code import FIRST_WEIGHTS, keras_code, model_lines
from lib.settings import Settings
from lib.specs.data import SCALINGS, DataSpec
from lib.specs.datasets import DATASETS, IMAGES
from lib.specs.layers.known import (
    GRU,
    LSTM,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GaussianNoise,
    GlobalAveragePooling2D,
    LayerNormalization,
    ParallelConv2D,
    RandomContrast,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
)
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.start import Start
from lib.specs.training import TrainSpec
from lib.worker.build import build_model, build_run
from lib.worker.weights import get_weights

SETTINGS = Settings(home=Path(), database_url="")
ODD = ModelSpec(
    (32, 32, 3),
    (
        Conv2D(filters=4, kernel_size=5, strides=2, padding="same", activation="tanh", use_bias=False),
        BatchNormalization(momentum=0.9),
        Conv2D(filters=5, dilation_rate=2, activation="linear"),
        AveragePooling2D(pool_size=3, strides=1, padding="same"),
        GlobalAveragePooling2D(),
        Dropout(rate=0.25),
        Dense(units=10, activation="softmax"),
    ),
)
VARIED = ModelSpec(
    (32, 32, 3),
    (
        RandomFlip(), RandomTranslation(width_factor=0.2, fill_mode="nearest"), RandomRotation(factor=0.1),
        RandomZoom(height_factor=0.3), RandomContrast(factor=0.4), GaussianNoise(stddev=0.05), Flatten(),
        Dense(units=10, activation="softmax"),
    ),
)  # fmt: skip
FEW = 64
"""Samples that a script is trained and tested with."""
ODD_TRAINING = TrainSpec(optimizer="sgd", momentum=0.9, nesterov=True, learning_rate=0.05, seed=7)


def little_data(name):
    """What `keras.datasets.<name>.load_data` gives, in small and with no download."""

    def load_data(num_words=None):
        if name == "imdb":
            rng = np.random.default_rng(0)
            reviews = np.array([rng.integers(1, num_words, n).tolist() for n in range(1, 81)], object)
            return (reviews, np.arange(80) % 2), (reviews, np.arange(80) % 2)
        loaded = load(name)
        images = [part.x[:200] for part in (loaded.train, loaded.test)]
        if images[0].shape[-1] == 1:
            images = [x[..., 0] for x in images]
        labels = [part.y[:200] if images[0].ndim == 3 else part.y[:200, None] for part in (loaded.train, loaded.test)]
        return (images[0], labels[0]), (images[1], labels[1])

    return load_data


def execute(run, monkeypatch, capsys, functional=False, graphs=False):
    """Run the exported script for one epoch of a few samples.

    To build graphs takes ten times as long as these few batches. So most scripts are run without; an image's, a text's
    and those with losses and callbacks of their own are run with graphs, as are all notebooks.

    Returns its names, the weights before training, and what it printed.
    """
    for name in ("imdb", *IMAGES):
        monkeypatch.setattr(f"keras.datasets.{name}.load_data", little_data(name))
    first_weights = []
    fit, evaluate = keras.Model.fit, keras.Model.evaluate

    def fit_few(self, x, y, **words):
        first_weights.extend(self.get_weights())
        self.run_eagerly = not graphs
        return fit(self, x[:FEW], y[:FEW], **words, verbose=0)

    def evaluate_few(self, x, y, **words):
        return evaluate(self, x[:FEW], y[:FEW], **words)

    monkeypatch.setattr(keras.Model, "fit", fit_few)
    monkeypatch.setattr(keras.Model, "evaluate", evaluate_few)
    names = {}
    run = dataclasses.replace(run, training=dataclasses.replace(run.training, epochs=1))
    exec(compile(keras_code(run, functional), "exported.py", "exec"), names)
    return names, first_weights, capsys.readouterr().out


SIGMOID = Dense(units=1, activation="sigmoid")


def small_run(data, layers, loss):
    return RunSpec(data, ModelSpec(data.input_shape, layers), TrainSpec(loss=loss, epochs=1))


OTHER_KINDS = {
    "text": small_run(
        DataSpec("movies", vocabulary=200, length=20, padding="post", truncating="post"),
        (Embedding(input_dim=200, output_dim=4, mask_zero=True), LSTM(units=3, bidirectional=True), SIGMOID),
        "binary_crossentropy",
    ),
    "text with a unit for each class": small_run(
        DataSpec("movies", vocabulary=200, length=20),
        (Embedding(input_dim=200, output_dim=4), GRU(units=3), Dense(units=2, activation="softmax")),
        "categorical_crossentropy",
    ),
    "another table": small_run(
        DataSpec("penguins"), (LayerNormalization(), Dense(units=3, activation="softmax")), "categorical_crossentropy"
    ),
    **{
        f"table, {scaling}": small_run(
            DataSpec("wine", scaling=scaling), (Dense(units=3, activation="softmax"),), "categorical_crossentropy"
        )
        for scaling in SCALINGS
    },
    "a fold of a table": small_run(
        DataSpec("wine", scaling="standard", folds=4, fold=3),
        (Dense(units=3, activation="softmax"),),
        "categorical_crossentropy",
    ),
    **{
        kind: small_run(
            DataSpec("points", points_kind=kind, noise=10, features="x-y-x_squared-y_squared-x_times_y-sin_x-sin_y"),
            {
                "three_classes": (Dense(units=3, activation="softmax"),),
                "regression_plane": (Dense(units=1, activation="linear"),),
            }.get(kind, (SIGMOID,)),
            {"three_classes": "sparse_categorical_crossentropy", "regression_plane": "mean_squared_error"}.get(
                kind, "binary_crossentropy"
            ),
        )
        for kind in ("spiral", "three_classes", "regression_plane")
    },
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "run",
    [
        *(recipe.run for recipe in RECIPES.values()),
        RunSpec(DataSpec("cifar10", scaling="standard"), ODD, ODD_TRAINING),
        RunSpec(DataSpec("cifar10", scaling="raw"), VARIED, ODD_TRAINING),
        *OTHER_KINDS.values(),
    ],
    ids=[*RECIPES, "odd", "varied", *OTHER_KINDS],
)
def test_the_exported_code_runs_and_gives_the_same_model(run, monkeypatch, capsys):
    assert run.problem(SETTINGS) == ""
    names, first_weights, printed = execute(run, monkeypatch, capsys)
    model = names["model"]
    ours = build_run(run)
    assert model.count_params() == ours.count_params() == run.model.parameters
    assert [layer.output.shape for layer in model.layers] == [layer.output.shape for layer in ours.layers]
    configs = [[without_seeds(layer.get_config()) for layer in each.layers] for each in (model, ours)]
    if run.model.branched:  # branches are named after the layer they belong to, in a script they are numbered
        configs = [[{**config, "name": ""} for config in each] for each in configs]
    assert configs[0] == configs[1]
    for exported, built in zip(first_weights, ours.get_weights(), strict=True):
        assert np.array_equal(exported, built)
    assert ("test loss" if run.regression else "test accuracy") in printed


@pytest.mark.slow
@pytest.mark.parametrize("name", ["simple_cnn", "text_average"])
def test_a_plain_stack_written_with_the_functional_api_is_the_same_model(name, monkeypatch, capsys):
    run = RECIPES[name].run
    names, first_weights, _ = execute(run, monkeypatch, capsys, functional=True, graphs=True)
    assert not isinstance(names["model"], keras.Sequential)
    for exported, built in zip(first_weights, build_model(run.model, run.training.seed).get_weights(), strict=True):
        assert np.array_equal(exported, built)


STARTS = {
    "simple CNN": RECIPES["simple_cnn"].run,
    "branches": small_run(
        DataSpec(),
        (ParallelConv2D(filters=2), Flatten(), Dense(units=10, activation="softmax")),
        "categorical_crossentropy",
    ),
    **{name: OTHER_KINDS[name] for name in ("text", "another table", "spiral")},
}  # fmt: skip


@pytest.mark.parametrize("name", STARTS)
def test_the_code_of_a_run_that_went_on_reads_its_first_weights_and_freezes_what_was_frozen(
    name, monkeypatch, tmp_path
):
    run, frozen = STARTS[name], STARTS[name].model.learners[:-1]
    run = dataclasses.replace(run, start=Start("0123456789abcdef", 3, frozen))
    monkeypatch.chdir(tmp_path)
    ours = build_model(run.model, 77, frozen)
    (tmp_path / FIRST_WEIGHTS).write_bytes(pack(get_weights(ours)))
    assert "# The run went on from epoch 3 of the run 0123456789abcdef" in keras_code(run)
    assert "import numpy as np" in keras_code(run)
    names = {"keras": keras, "layers": keras.layers, "np": np}
    exec("\n".join(model_lines(run)), names)
    for exported, built in zip(names["model"].get_weights(), ours.get_weights(), strict=True):
        assert np.array_equal(exported, built)
    shapes = [[weight.shape for weight in model.trainable_weights] for model in (names["model"], ours)]
    assert shapes[0] == shapes[1]
    assert ("trainable=False" in keras_code(run)) == bool(frozen)


def test_own_data_is_read_from_a_file_of_arrays(monkeypatch, capsys, tmp_path):
    name = "own-0123456789abcdef"
    own = dataclasses.replace(DATASETS["wine"], name=name, input_shape=(2,), class_names=("a", "b"))
    monkeypatch.setitem(shelf._facts, name, own)
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    arrays = {f"x_{part}": rng.random((40, 2)) for part in ("train", "test")}
    np.savez("own_data.npz", y_train=np.arange(40) % 2, y_test=np.arange(40) % 2, **arrays)
    run = small_run(DataSpec(name), (SIGMOID,), "binary_crossentropy")
    _, _, printed = execute(run, monkeypatch, capsys)
    assert "test accuracy" in printed


def test_what_is_keras_default_is_left_out():
    code = keras_code(RECIPES["simple_cnn"].run)
    assert 'layers.Conv2D(32, 3, activation="relu"),' in code
    assert "layers.MaxPooling2D(2)," in code
    assert 'model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])' in code
    assert "# LayerLab used 8,000 of these 60,000 training samples." in code


@pytest.mark.slow
@given(runs())
def test_code_of_any_run_is_python(run):
    compile(keras_code(run), "exported.py", "exec")


WATCHED = DataSpec("wine", scaling="standard")
CRAFT = {
    "step_decay": {
        "schedule": "step_decay", "decay_rate": 0.3, "decay_epochs": 3, "l1": 0.01, "l2": 0.001,
        "clipping": "clipnorm", "clip_norm": 0.5, "optimizer": "sgd", "learning_rate": 0.01,
        "kernel_initializer": "he_normal",
    },
    "cosine_decay": {
        "schedule": "cosine_decay", "alpha": 0.2, "l2": 0.001, "label_smoothing": 0.1, "class_weight": "balanced",
    },
    "softmax twice": {"loss": "sparse_categorical_crossentropy", "from_logits": True},
    "both callbacks": {
        "schedule": "reduce_on_plateau", "plateau_factor": 0.5, "early_stopping": True, "monitor": "val_accuracy",
        "loss": "sparse_categorical_crossentropy", "class_weight": "balanced", "kernel_initializer": "zeros",
    },
}  # fmt: skip


def crafted(**settings):
    return small_run_with(WATCHED, (Dense(units=6), Dense(units=3, activation="softmax")), settings)


def small_run_with(data, layers, settings):
    return RunSpec(data, ModelSpec(data.input_shape, layers), TrainSpec(**{"batch_size": 16, **settings}))


@pytest.mark.slow
@pytest.mark.parametrize("name", CRAFT)
def test_a_script_with_settings_of_the_training_runs_and_gives_the_same_model(name, monkeypatch, capsys):
    run = crafted(**CRAFT[name])
    names, first_weights, printed = execute(run, monkeypatch, capsys, graphs=True)
    ours = build_run(run)
    configs = [[without_seeds(layer.get_config()) for layer in each.layers] for each in (names["model"], ours)]
    assert configs[0] == configs[1]
    for exported, built in zip(first_weights, ours.get_weights(), strict=True):
        assert np.array_equal(exported, built)
    assert "test accuracy" in printed


def test_a_schedule_of_the_script_gives_the_rates_of_the_run():
    from lib.export.craft_code import schedule_code
    from lib.specs.schedules import factor

    for name in ("step_decay", "cosine_decay"):
        training = crafted(**CRAFT[name]).training
        schedule = eval(schedule_code(training), {"keras": keras})
        for epoch in range(1, 12):
            rate = training.learning_rate * factor(training, epoch)
            assert float(schedule(epoch - 1)) == pytest.approx(rate, rel=1e-5)
