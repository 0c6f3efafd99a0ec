"""People's own data from the upload to the trained run, against a real Dask cluster with a Keras worker."""

import dataclasses

import keras
import numpy as np
import pytest
from helpers.own_files import digits_zip, wine_csv
from helpers.waiting import wait_for_status, wait_until

from lib.concepts.forward import forward
from lib.data.own import shelf
from lib.data.own.dataset import images_of, table_of
from lib.data.preparing import prepare
from lib.data.preparing import test_labels as labels_of
from lib.engine.api import open_engine
from lib.engine.errors import EngineError
from lib.engine.runs.own_data import OwnDataBook
from lib.engine.runs.store import Store
from lib.errors import DataError
from lib.settings import Settings
from lib.specs.data import DataSpec
from lib.specs.recipes import RECIPES, on
from lib.specs.training import TrainSpec

ANN, BOB = "a" * 32, "b" * 32


def digits(classes=("zero", "one", "two")):
    return images_of(digits_zip(classes), "my digits.zip", 28, 1).data


def run_on(data, recipe, **training):
    spec = on(RECIPES[recipe], DataSpec(dataset=data.facts.name))
    return dataclasses.replace(spec, training=dataclasses.replace(spec.training, **training))


def gone(name):
    try:
        shelf.data(name)
    except DataError:
        return True
    return False


@pytest.mark.engine
def test_a_small_cnn_learns_the_three_classes_of_an_uploaded_zip(engine, tmp_path):
    data = digits()
    visit = shelf.put(data, ANN)
    spec = run_on(data, "simple_cnn", epochs=8, batch_size=16)
    run_id = engine.submit(spec, ANN)
    now = wait_for_status(engine, run_id, "done")
    assert now.title == "Simple CNN on my digits"
    probabilities = engine.probabilities(run_id)
    assert probabilities.shape == (12, 3)
    ready = prepare(spec.data, spec.training.validation_split)
    assert np.mean(probabilities.argmax(axis=1) == data.test.y) == pytest.approx(now.evaluation.accuracy)
    assert now.evaluation.accuracy > 0.6
    one = forward(spec.model, engine.weights(run_id), ready.scaling.apply(ready.test.x[0]))[-1]
    assert np.allclose(one, probabilities[0], atol=1e-5)

    (tmp_path / "model.keras").write_bytes(engine.export_keras(run_id))
    model = keras.models.load_model(tmp_path / "model.keras")
    assert np.allclose(model.predict(data.test.x.astype("float32"), verbose=0), probabilities, atol=1e-5)

    visit.release()
    assert gone(data.facts.name)
    assert engine.snapshot(run_id).spec.data.class_names == ("one", "two", "zero")
    assert labels_of(spec.data).tolist() == data.test.y.tolist()
    for refused in (engine.export_keras, engine.add_epoch):
        with pytest.raises(EngineError, match="private to a visit and are gone"):
            refused(run_id)
    visit = shelf.put(digits(), ANN)
    engine.add_epoch(run_id)
    wait_until(lambda: len(engine.snapshot(run_id).epoch_points) == 9)
    visit.release()


@pytest.mark.engine
def test_a_table_of_ones_own_trains_also_when_its_owner_leaves(engine):
    data = table_of(wine_csv(), "wine.csv", None).data
    visit = shelf.put(data, ANN)
    run_id = engine.submit(run_on(data, "wine_dense", epochs=30), ANN)
    visit.release()
    now = wait_for_status(engine, run_id, "done")
    assert engine.probabilities(run_id).shape == (len(data.test), 3)
    assert now.evaluation.accuracy > 0.8
    assert wait_until(lambda: gone(data.facts.name))


@pytest.mark.engine
def test_data_that_are_gone_cannot_be_trained_on(engine):
    data = digits(("zero", "one", "two", "three"))
    visit = shelf.put(data, ANN)
    spec = run_on(data, "mlp", epochs=1)
    shelf.remember(data.facts, data.test.y)
    visit.release()
    with pytest.raises(EngineError, match="are gone"):
        engine.submit(spec, ANN)


@pytest.fixture
def book(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    yield OwnDataBook(store)
    store.close()


def test_what_is_kept_is_found_again_by_its_owner_only_until_it_is_deleted(book):
    data = digits()
    book.keep(ANN, data)
    book.keep(ANN, data)
    assert [facts.title for facts in book.kept(ANN)] == ["my digits"]
    assert np.array_equal(book.open(ANN, data.facts.name).test.x, data.test.x)
    assert book.kept(BOB) == []
    assert book.open(BOB, data.facts.name) is None
    book.delete(BOB, data.facts.name)
    assert book.kept(ANN)
    book.delete(ANN, data.facts.name)
    assert book.kept(ANN) == []
    assert book.open(ANN, data.facts.name) is None


def test_one_person_keeps_so_much_and_no_more(book, monkeypatch):
    data = digits()
    monkeypatch.setattr("lib.engine.runs.own_data.MOST_KEPT_MB", data.size_mb * 1.5)
    book.keep(ANN, data)
    other = digits(("zero", "one"))
    with pytest.raises(DataError, match="Delete one of them first"):
        book.keep(ANN, other)
    book.keep(BOB, other)
    assert len(book.kept(ANN)) == len(book.kept(BOB)) == 1


def settings_at(home):
    """Those of `open_fake`'s engines."""
    return dataclasses.replace(
        Settings.from_environment(), home=home, database_url=f"sqlite:///{home / 'runs.sqlite3'}"
    )


def forget(name, monkeypatch):
    """What a restart of the app does."""
    monkeypatch.delitem(shelf._facts, name, raising=False)
    monkeypatch.delitem(shelf._test_labels, name, raising=False)


def test_after_a_restart_a_run_on_vanished_data_still_opens_and_a_waiting_one_says_what_is_missing(
    open_fake, clusters, monkeypatch
):
    data = digits(("three", "four", "five"))
    visit = shelf.put(data, ANN)
    spec = run_on(data, "mlp", epochs=1)
    monkeypatch.setattr("lib.engine.work.dispatcher.Dispatcher.enqueue", lambda *_, **__: None)
    before = open_fake()
    run_id = before.submit(spec, ANN)
    before.close()
    visit.release()
    before._book._holds.clear()
    forget(data.facts.name, monkeypatch)
    assert gone(data.facts.name)
    monkeypatch.undo()

    after = open_fake()
    now = after.snapshot(run_id)
    assert now.spec == spec
    assert now.spec.data.class_names == ("five", "four", "three")
    assert labels_of(now.spec.data).tolist() == data.test.y.tolist()
    assert "private to a visit and are gone" in wait_for_status(after, run_id, "failed").message
    assert clusters.newest.training == []  # no worker has heard of it


@pytest.mark.engine
def test_after_a_restart_a_waiting_run_on_data_that_its_owner_keeps_is_trained(tmp_path, open_fake, host, monkeypatch):
    data = digits(("six", "seven"))
    visit = shelf.put(data, ANN)
    spec = dataclasses.replace(run_on(data, "mlp"), training=TrainSpec(epochs=1, loss="binary_crossentropy"))
    with monkeypatch.context() as patch:
        patch.setattr("lib.engine.work.dispatcher.Dispatcher.enqueue", lambda *_, **__: None)
        before = open_fake()  # its workers have nothing to do
        run_id = before.submit(spec, ANN)
        before.own_data.keep(ANN, data)
        before.close()
    visit.release()
    before._book._holds.clear()
    forget(data.facts.name, monkeypatch)
    assert gone(data.facts.name)

    after = open_engine(dataclasses.replace(settings_at(tmp_path), scheduler=host.address))
    try:
        wait_for_status(after, run_id, "done")
        assert after.probabilities(run_id).shape[0] == len(data.test)
    finally:
        after.close()
