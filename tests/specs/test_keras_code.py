"""The exported Python runs and gives the same model as the worker's."""

import dataclasses

import keras
import numpy as np
import pytest
from helpers.strategies import runs
from hypothesis import given

from lib.data.loading import load
from lib.specs.data import DataSpec
from lib.specs.keras_code import keras_code
from lib.specs.layers import AveragePooling2D, BatchNormalization, Conv2D, Dense, Dropout, GlobalAveragePooling2D
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec
from lib.worker.build import build_model

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
ODD_TRAINING = TrainSpec(optimizer="sgd", momentum=0.9, nesterov=True, learning_rate=0.05, seed=7)


def execute(run, monkeypatch, capsys):
    """Run the exported script, with the bundled samples in place of the download, for one epoch."""
    loaded = load(run.data.dataset)

    def load_data():
        images = [part.x[:200] for part in (loaded.train, loaded.test)]
        if images[0].shape[-1] == 1:
            images = [x[..., 0] for x in images]
        labels = [part.y[:200] if images[0].ndim == 3 else part.y[:200, None] for part in (loaded.train, loaded.test)]
        return (images[0], labels[0]), (images[1], labels[1])

    monkeypatch.setattr(f"keras.datasets.{run.data.dataset}.load_data", load_data)
    first_weights = []
    original = keras.Model.fit
    monkeypatch.setattr(
        keras.Model,
        "fit",
        lambda self, *a, **k: (first_weights.extend(self.get_weights()), original(self, *a, **k, verbose=0))[1],
    )
    names = {}
    exec(compile(keras_code(run), "exported.py", "exec"), names)
    return names["model"], first_weights, capsys.readouterr().out


@pytest.mark.parametrize(
    "run",
    [*(recipe.run for recipe in RECIPES.values()), RunSpec(DataSpec("cifar10", scaling="standard"), ODD, ODD_TRAINING)],
    ids=[*RECIPES, "odd"],
)
def test_the_exported_code_runs_and_gives_the_same_model(run, monkeypatch, capsys):
    run = dataclasses.replace(run, training=dataclasses.replace(run.training, epochs=1))
    model, first_weights, printed = execute(run, monkeypatch, capsys)
    ours = build_model(run.model, run.training.seed)
    assert model.count_params() == ours.count_params() == run.model.parameters
    assert [layer.output.shape for layer in model.layers] == [layer.output.shape for layer in ours.layers]
    ignored = ("name", "seed", "kernel_initializer")
    configs = [
        [{k: v for k, v in layer.get_config().items() if k not in ignored} for layer in each.layers]
        for each in (model, ours)
    ]
    assert configs[0] == configs[1]
    for exported, built in zip(first_weights, ours.get_weights(), strict=True):
        assert np.array_equal(exported, built)
    assert "test accuracy" in printed


def test_what_is_keras_default_is_left_out():
    code = keras_code(RECIPES["simple_cnn"].run)
    assert 'layers.Conv2D(32, 3, activation="relu"),' in code
    assert "layers.MaxPooling2D(2)," in code
    assert 'model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])' in code
    assert "# LayerLab used 8,000 of these 60,000 training samples." in code


@given(runs())
def test_code_of_any_run_is_python(run):
    compile(keras_code(run), "exported.py", "exec")
