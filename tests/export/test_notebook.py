"""The exported notebook is one, holds the very samples of its run, and reaches what the run reached."""

import dataclasses
import json
import os
import re
import subprocess
import sys

import keras
import nbformat
import numpy as np
import pytest
from helpers.strategies import runs
from helpers.waiting import wait_for_status
from hypothesis import given

from lib.data.own import shelf
from lib.data.own.dataset import table_of, to_plain
from lib.data.parts import Part
from lib.data.preparing import prepare
from lib.export import run_data
from lib.export.notebook import PASSAGES, Trained, notebook
from lib.specs.codec import from_query
from lib.specs.data import SPOILED, DataSpec
from lib.specs.datasets import CIFAR10, POINT_KINDS
from lib.specs.layers.known import Dense, Flatten
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.start import Start
from lib.specs.training import TrainSpec
from lib.ui.results import written

TEXTS = {name: f"the text {name}" for name in PASSAGES}


def run_on(data, split=0.1):
    layers = (Flatten(), Dense(units=3, activation="softmax")) if data.kind == "images" else (Dense(units=3),)
    training = TrainSpec(loss="sparse_categorical_crossentropy", validation_split=split)
    return RunSpec(data, ModelSpec(data.input_shape, layers), training)


def code_of(text):
    cells = json.loads(text)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def samples_of(run):
    """The arrays that a notebook's first cells make, before any scaling."""
    names = {}
    cells = code_of(notebook(run, Trained(1, 0.0), TEXTS))
    for code in cells[: 3 if run_data.way_of(run) == "embedded" else 2]:
        exec(code, names)
    return names


def assert_same_samples(run):
    theirs, ours = samples_of(run), prepare(run.data, run.training.validation_split)
    parts = {"train": ours.train, "test": ours.test}
    if run_data.validated(run):
        parts["val"] = ours.validation
    for name, part in parts.items():
        np.testing.assert_allclose(theirs[f"x_{name}"], part.x[:], rtol=1e-6, atol=1e-6)
        np.testing.assert_array_equal(theirs[f"y_{name}"], part.y)


@pytest.mark.slow
@given(runs())
def test_a_notebook_of_any_run_is_valid_and_its_cells_are_python(run):
    text = notebook(run, Trained(3, 0.5, 0.75, {2: 0.01}), TEXTS)
    nbformat.validate(nbformat.reads(text, as_version=4))
    for code in code_of(text):
        compile(code, "notebook.ipynb", "exec")


@pytest.mark.slow
@pytest.mark.parametrize(
    "run",
    [
        run_on(DataSpec("mnist")),
        run_on(DataSpec("mnist", samples=2_000), split=0.0),
        run_on(DataSpec("fashion_mnist", samples=1_500), split=0.3),
        *(run_on(DataSpec("mnist", samples=500, spoiled=name), split=0.2) for name in SPOILED[1:]),
        run_on(DataSpec("mnist", samples=500, spoiled="left_out"), split=0.0),
        run_on(DataSpec("movies", vocabulary=500, length=30, neutral=0.5, padding="post")),
        run_on(DataSpec("movies", vocabulary=500, length=10, truncating="post", samples=500), split=0.0),
        run_on(DataSpec("wine")),
        run_on(DataSpec("penguins", samples=0), split=0.25),
        run_on(DataSpec("mnist", samples=1_000, folds=5, fold=2)),
        run_on(DataSpec("movies", vocabulary=500, length=10, samples=500, folds=3, fold=3)),
        run_on(DataSpec("wine", folds=4, fold=3), split=0.0),
        run_on(DataSpec("points", points_kind="circle", folds=4, fold=2)),
        run_on(DataSpec("points", points_kind="regression_plane", folds=4, fold=4)),
        *(run_on(DataSpec("points", points_kind=kind, noise=20, test_share=30)) for kind in POINT_KINDS),
    ],
    ids=lambda run: (
        f"{run.data.dataset} {run.data.points_kind} {run.data.spoiled} {run.training.validation_split} {run.data.folds}"
    ),
)
def test_a_notebook_has_the_very_samples_of_the_run_and_no_need_of_a_network(run, monkeypatch):
    for name in ("mnist", "fashion_mnist", "imdb"):
        monkeypatch.delattr(f"keras.datasets.{name}.load_data")
    assert_same_samples(run)


def test_large_bundled_images_are_chosen_from_the_published_ones_as_they_were_for_bundling(monkeypatch):
    labels = np.random.default_rng(0).permutation(np.arange(50_000) % 10)[:, None]
    published = np.arange(50_000, dtype=np.uint16).view(np.uint8).reshape(50_000, 2)
    monkeypatch.setattr(run_data, "_split", lambda run: [])
    images = np.zeros((50_000, 32, 32, 3), np.uint8)
    images[:, 0, 0, :2] = published
    monkeypatch.setattr(
        keras.datasets.cifar10, "load_data", lambda: ((images, labels), (images[:10_000], labels[:10_000]))
    )
    names = samples_of_unsplit(run_on(DataSpec("cifar10")))
    from tools.build_datasets import choose

    y = labels.ravel().astype(np.uint8)
    kept = choose("cifar10", {"train": Part(images, y), "test": Part(images[:10_000], y[:10_000])})
    assert len(kept["train"]) == CIFAR10.bundled_train
    np.testing.assert_array_equal(names["x"], kept["train"].x)
    np.testing.assert_array_equal(names["x_test"], kept["test"].x)


def samples_of_unsplit(run):
    names = {"keras": keras, "np": np}
    exec("\n".join(run_data.sample_lines(run)), names)
    return names


def test_own_data_are_read_from_the_arrays_that_build_saves(tmp_path, monkeypatch):
    rows = "\n".join(f"{i % 7},{i % 11},7,{'cat' if i % 7 > 3 else 'dog'}" for i in range(80))
    data = table_of(f"a,b,always,animal\n{rows}\n".encode(), "pets.csv", None).data
    hold = shelf.put(data)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_data.npz").write_bytes(to_plain(data)["samples"])
    for scaling in ("unit", "standard"):
        run = run_on(DataSpec(data.facts.name, scaling=scaling), split=0.2)
        assert_same_samples(run)
        names = samples_of(run)
        exec("\n".join(run_data.preprocessing_lines(run)), names)
        ready = prepare(run.data, 0.2)
        # The column of one value is 0 or as it was less its mean, and never not a number.
        np.testing.assert_allclose(names["x_val"], ready.scaling.apply(ready.validation.x[:]), atol=1e-5)
    hold.release()


def test_a_rate_that_was_changed_by_hand_is_changed_in_the_notebook_too():
    cells = code_of(notebook(run_on(DataSpec("wine")), Trained(5, 0.5, 0.9, {3: 0.0001}), TEXTS))
    training = next(code for code in cells if "model.fit(" in code)
    assert "rates = {3: 0.0001}" in training
    assert "for epoch in range(1, 6):" in training


def test_a_schedule_stands_in_the_notebook_or_the_rates_that_it_gave():
    run = run_on(DataSpec("wine"))
    run = dataclasses.replace(run, training=dataclasses.replace(run.training, schedule="step_decay"))
    for trained, words in ((Trained(5, 0.5, 0.9), "ExponentialDecay("), (Trained(5, 0.5, 0.9, {3: 0.1}), "{3: 0.1}")):
        training = next(code for code in code_of(notebook(run, trained, TEXTS)) if "model.fit(" in code)
        assert words in training
        assert training.count("model.optimizer.learning_rate = ") == 1


def test_the_notebook_of_a_run_that_went_on_reads_its_first_weights_and_says_so():
    run = run_on(DataSpec("wine"))
    went_on = dataclasses.replace(run, start=Start("0123456789abcdef", 2))
    assert "first_weights" not in "".join(code_of(notebook(run, Trained(5, 0.5, 0.9), TEXTS)))
    text = notebook(went_on, Trained(5, 0.5, 0.9), TEXTS)
    model = next(code for code in code_of(text) if "keras.Sequential" in code)
    assert 'first = np.load("first_weights.npz")' in model.replace("'", '"')
    assert model.index("set_weights") < model.index("model.compile")
    assert TEXTS["went_on"] in text
    assert TEXTS["model"] not in text


ASKED = {
    "digits": {
        "dataset": "mnist", "samples": "1000", "epochs": "3",
        "layers": "RandomTranslation;RandomContrast;Conv2D(filters=8);MaxPooling2D;Flatten;Dropout;"
        "Dense(units=10,activation=softmax)",
    },
    "sentences": {
        "dataset": "movies", "samples": "1500", "vocabulary": "2000", "length": "20", "epochs": "2",
        "layers": "Embedding(input_dim=2000,output_dim=8);LSTM(units=8);Dense(units=1,activation=sigmoid)",
        "loss": "binary_crossentropy", "learning_rate": "0.01",
    },
    "wines": {
        "dataset": "wine", "scaling": "standard", "epochs": "8", "learning_rate": "0.01", "folds": "4", "fold": "3",
        "layers": "Dense(units=8);Dense(units=3,activation=softmax)",
    },
    "points": {
        "dataset": "points", "points_kind": "spiral", "epochs": "20", "loss": "binary_crossentropy",
        "layers": "Dense(units=8,activation=tanh);Dense(units=1,activation=sigmoid)", "learning_rate": "0.03",
    },
    "plane": {
        "dataset": "points", "points_kind": "regression_plane", "epochs": "3", "loss": "mean_squared_error",
        "layers": "Dense(units=1,activation=linear)", "learning_rate": "0.03",
    },
}  # fmt: skip


# Each script in its own folder and with names of its own, one after the other: TensorFlow is loaded once for all.
EACH_IN_TURN = """
import contextlib, io, json, os, sys
import keras
said = {}
for folder in sys.argv[1:]:
    os.chdir(folder)
    keras.backend.clear_session()
    with contextlib.redirect_stdout(io.StringIO()) as out, open("notebook.py", encoding="utf-8") as script:
        exec(compile(script.read(), folder, "exec"), {"__name__": "__main__"})
    said[os.path.basename(folder)] = out.getvalue()
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def written_out(engine, tmp_path_factory):
    """The run, the notebook and what its cells print, for each kind of data."""
    folder = tmp_path_factory.mktemp("notebooks")
    submitted = {kind: engine.submit(from_query(asked), kind) for kind, asked in ASKED.items()}
    runs = {kind: wait_for_status(engine, run_id, "done") for kind, run_id in submitted.items()}
    texts = {kind: written.notebook_of(run) for kind, run in runs.items()}
    for kind, text in texts.items():
        (folder / kind).mkdir()
        (folder / kind / "notebook.py").write_text("\n\n".join(code_of(text)), encoding="utf-8")
    command = [sys.executable, "-c", EACH_IN_TURN, *(str(folder / kind) for kind in ASKED)]
    environment = {**os.environ, "MPLBACKEND": "agg", "PYTHONPATH": ""}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    said = json.loads(done.stdout.splitlines()[-1])
    return {kind: (runs[kind], texts[kind], said[kind]) for kind in ASKED}


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.parametrize("kind", ASKED)
def test_the_notebook_reaches_the_test_accuracy_of_its_run(written_out, kind):
    run, text, printed = written_out[kind]
    said = re.search(r"test (?:accuracy|loss) (\d\.\d+); in LayerLab (\d\.\d+)", printed)
    here, there = float(said[1]), float(said[2])
    assert there == round(run.evaluation.loss if run.spec.regression else run.evaluation.accuracy, 4)
    assert abs(here - there) <= 0.005
    words = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    assert f"{run.epochs_trained} epochs" in words


def test_equal_rates_are_not_told_and_others_from_their_epoch_on():
    from lib.engine.runs.snapshot import EpochPoint

    points = tuple(
        EpochPoint(epoch, 1.0, 0.5, None, None, 1.0, rate)
        for epoch, rate in enumerate((0.001, 0.001, 0.01, 0.01, 0.001), 1)
    )
    assert written.changed_rates(points, TrainSpec()) == {3: 0.01, 5: 0.001}
    assert written.changed_rates(points[:2], TrainSpec()) == {}


def test_rates_that_the_schedule_gives_are_not_told_but_all_where_a_person_changed_one():
    from lib.engine.runs.snapshot import EpochPoint

    def told(*rates):
        return tuple(EpochPoint(epoch, 1.0, 0.5, None, None, 1.0, rate) for epoch, rate in enumerate(rates, 1))

    training = TrainSpec(schedule="step_decay", decay_rate=0.1, decay_epochs=2)
    assert written.changed_rates(told(0.001, 0.001, 0.0001), training) == {}
    assert written.changed_rates(told(0.001, 0.01, 0.001), training) == {2: 0.01, 3: 0.001}
