"""The data of exported scripts; that whole scripts run is shown in test_keras_code.py."""

import numpy as np
import pytest

from lib.data.bundled.table import load_table
from lib.data.preparing import prepare
from lib.export.data_code import data_lines, import_lines
from lib.specs.data import DataSpec
from lib.specs.datasets import DATASETS, POINT_FEATURES, POINT_KINDS
from lib.specs.layers.known import Dense
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec


def run_on(data):
    # The sparse loss leaves labels as they are.
    model = ModelSpec(data.input_shape, (Dense(units=3, activation="softmax"),))
    return RunSpec(data, model, TrainSpec(loss="sparse_categorical_crossentropy"))


def data_of(run):
    """The arrays that the exported lines make."""
    names = {}
    exec("\n".join([*import_lines(run), *data_lines(run)]), names)
    return {name: names[name] for name in ("x_train", "y_train", "x_test", "y_test")}


def rows(parts):
    """Samples with their labels, in an order of their own."""
    both = np.concatenate([np.column_stack([x, y]) for x, y in parts])
    return both[np.lexsort(both.T)]


@pytest.mark.parametrize("noise", [0, 20])
@pytest.mark.parametrize("kind", POINT_KINDS)
def test_the_exported_points_are_those_of_the_run(kind, noise):
    run = run_on(DataSpec("points", points_kind=kind, noise=noise, points_seed=5, test_share=30))
    theirs, ours = data_of(run), prepare(run.data, 0.0)
    assert len(theirs["x_train"]) == len(ours.train)
    np.testing.assert_allclose(
        rows([(theirs["x_train"], theirs["y_train"]), (theirs["x_test"], theirs["y_test"])]),
        rows([(part.x, part.y) for part in (ours.train, ours.test)]),
        atol=1e-6,
    )


@pytest.mark.parametrize("feature", POINT_FEATURES)
def test_every_feature_of_a_point_is_exported(feature):
    run = run_on(DataSpec("points", features=feature))
    theirs, ours = data_of(run), prepare(run.data, 0.0)
    np.testing.assert_allclose(
        np.sort(np.concatenate([theirs["x_train"], theirs["x_test"]]), axis=0),
        np.sort(np.concatenate([ours.train.x, ours.test.x]), axis=0),
        rtol=1e-6,
        atol=1e-6,
    )


@pytest.mark.parametrize(("scaling", "low", "high"), [("unit", 0, 1), ("standard", -5, 5), ("raw", 0.1, 1700)])
def test_columns_are_scaled_by_what_the_training_part_shows(scaling, low, high):
    data = data_of(run_on(DataSpec("wine", scaling=scaling)))
    assert data["x_train"].shape == (133, 13)
    assert low - 1e-6 <= data["x_train"].min() <= data["x_train"].max() <= high + 1e-6
    if scaling == "standard":
        np.testing.assert_allclose(data["x_train"].mean(axis=0), 0, atol=1e-5)
        assert np.abs(data["x_test"].mean(axis=0)).max() > 0.01


@pytest.mark.parametrize("name", [name for name, dataset in DATASETS.items() if dataset.kind == "table"])
def test_the_table_of_a_script_is_the_bundled_one(name):
    theirs, ours = data_of(run_on(DataSpec(name, scaling="raw"))), load_table(DATASETS[name]).part
    np.testing.assert_array_equal(
        rows([(theirs["x_train"], theirs["y_train"]), (theirs["x_test"], theirs["y_test"])]),
        rows([(ours.x, ours.y)]),
    )


def test_cutting_and_padding_at_the_end_is_exported_and_the_default_is_left_out():
    behind = data_lines(run_on(DataSpec("movies", padding="post", truncating="post", length=50)))
    assert "x_test = keras.utils.pad_sequences(x_test, maxlen=50, padding='post', truncating='post')" in behind
    assert "x_test = keras.utils.pad_sequences(x_test, maxlen=100)" in data_lines(run_on(DataSpec("movies")))
