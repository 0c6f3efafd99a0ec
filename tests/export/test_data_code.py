"""The data of exported scripts; that whole scripts run is shown in test_keras_code.py."""

import keras
import numpy as np
import pytest

from lib.data import spoiling
from lib.data.bundled.table import load_table
from lib.data.preparing import prepare
from lib.export.data_code import data_lines, import_lines
from lib.export.keras_code import keras_code
from lib.specs.data import SPOILED, DataSpec
from lib.specs.datasets import DATASETS, POINT_FEATURES, POINT_KINDS
from lib.specs.layers.known import Dense, Flatten
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


def test_a_script_holds_a_fold_back_and_scales_with_the_others():
    run = run_on(DataSpec("wine", scaling="standard", folds=4, fold=2))
    names = {}
    exec("\n".join([*import_lines(run), *data_lines(run)]), names)
    x_train, y_train, x_val, y_val = (names[name] for name in ("x_train", "y_train", "x_val", "y_val"))
    assert (len(x_train), len(x_val)) == (100, 33)
    np.testing.assert_allclose(x_train.mean(axis=0), 0, atol=1e-5)
    assert np.abs(x_val.mean(axis=0)).max() > 0.01
    quarter = np.bincount(np.concatenate([y_train, y_val])) / 4
    assert np.abs(np.bincount(y_val) - quarter).max() < 1


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


@pytest.mark.parametrize("spoiled", SPOILED[1:])
def test_a_script_spoils_the_images_as_the_run_does(spoiled, monkeypatch):
    """In Keras' own order of the images: the last ones are held back."""
    random = np.random.default_rng(0)
    x, y = random.integers(0, 255, (100, 28, 28), np.uint8), np.repeat(np.arange(10, dtype=np.uint8), 10)
    y = random.permutation(y)
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: ((x, y), (x[:10], y[:10])))
    data = DataSpec(spoiled=spoiled, scaling="raw")
    training = TrainSpec(loss="sparse_categorical_crossentropy", validation_split=0.2)
    run = RunSpec(data, ModelSpec(data.input_shape, (Flatten(), Dense(units=10, activation="softmax"))), training)
    names = {"keras": keras, "np": np}
    exec("\n".join(data_lines(run)), names)
    x = x[..., None].astype(np.float32)
    mine = {"x_val": x[80:], "y_val": y[80:], "x_test": x[:10]}
    images, labels = x[:80], y[:80]
    match spoiled:
        case "shuffled_pixels":
            images = spoiling.shuffled_pixels(images)
            mine = {name: spoiling.shuffled_pixels(part) if name[0] == "x" else part for name, part in mine.items()}
        case "shuffled_labels":
            images, labels = spoiling.shuffled_labels(images, labels)
        case "leaked":
            images, labels = spoiling.leaked(images, labels, x[80:], y[80:])
        case "left_out":
            images, labels = images[labels != 4], labels[labels != 4]
        case "sorted":  # Keras' own `validation_split` is left to hold the last ones back
            images, labels = x[np.argsort(y, kind="stable")], np.sort(y)
            mine = {"x_test": mine["x_test"]}
            assert "x_val" not in names
    for name, part in {"x_train": images, "y_train": labels, **mine}.items():
        np.testing.assert_array_equal(names[name], part, err_msg=name)
    fitted = keras_code(run).split("model.fit(")[1]
    assert ("validation_data=(x_val, y_val)" in fitted) == (spoiled != "sorted")
    assert ("validation_split=0.2" in fitted) == (spoiled == "sorted")
