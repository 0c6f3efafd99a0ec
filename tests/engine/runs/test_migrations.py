"""A store from before there were versions: `version_0001.sql` is what the program of then left after two trainings."""

import dataclasses
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from helpers.damaged_stores import open_files

from lib.engine.runs import migrations, opening
from lib.engine.runs.book import RunBook
from lib.engine.runs.reached import Reached, reached
from lib.engine.runs.store import Store
from lib.engine.runs.tables import metadata
from lib.errors import StoreError

ANN = "a" * 32
COPY = "layerlab-version-0001.sqlite3"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "layerlab.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(Path(__file__).with_name("version_0001.sql").read_text(encoding="utf-8"))
    return path


def store_at(path):
    return closing(Store(f"sqlite:///{path}"))


def book_at(path):
    return closing(RunBook(Store(f"sqlite:///{path}")))


def everything(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_an_old_store_opens_with_all_its_runs(path):
    with book_at(path) as book:
        store = book.store
        rows = book.rows(ANN, 10)
        for row in rows:
            run = book.snapshot(row.id)
            assert (run.status, len(run.epoch_points)) == ("done", 6)
            assert store.weights(row.id, 6) is not None
            assert store.probabilities(row.id) is not None
            assert store.checkpoint(row.id)["epoch"] == 7
            assert not store.run(row.id).kept
    assert [row.test_accuracy for row in rows] == [0.444, None]


def test_the_accuracy_of_a_predicted_number_is_null_everywhere(path):
    with book_at(path) as book:
        store = book.store
        classes, number = (book.snapshot(row.id) for row in book.rows(ANN, 10))
        told = [event for event in store.events(number.id) if "accuracy" in event]
    assert number.spec.regression
    assert number.evaluation.accuracy is None
    assert [(point.accuracy, point.val_accuracy) for point in number.epoch_points] == [(None, None)] * 6
    assert number.batch_curve.accuracy == ()
    assert {event["accuracy"] for event in told} == {None}
    assert classes.evaluation.accuracy == 0.444
    assert None not in {point.accuracy for point in classes.epoch_points}


def test_what_the_epochs_of_old_runs_came_to_is_written_into_their_rows(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        mine = [run_id for (run_id,) in connection.execute("SELECT id FROM runs ORDER BY id")]
        # Cut and begun again at epoch 5: what was trained of it before does not count.
        started = json.dumps({"time": 1.0, "kind": "started", "device": "CPU", "batches": 1, "epoch": 5, "batch": 0})
        connection.execute("INSERT INTO events (run_id, event) VALUES (?, ?)", (mine[0], started))
    with book_at(path) as book:
        for run_id in mine:
            points = book.snapshot(run_id).epoch_points
            assert len(points) == (4 if run_id == mine[0] else 6)
            row, expected = book.store.run(run_id), reached(points)
            assert {name: getattr(row, name) for name in Reached.__slots__} == dataclasses.asdict(expected)
            assert expected.train_seconds > 0
            assert expected.best_val_loss is not None
            assert (row.note, row.tags) == ("", "")


def test_the_old_file_is_copied_before_the_first_step_and_only_then(path):
    before = everything(path)
    for _ in range(2):
        with store_at(path):
            pass
        assert sorted(os.listdir(path.parent)) == [COPY, path.name]
    assert everything(path.with_name(COPY)) == before


def test_no_copy_is_written_over(path):
    path.with_name(COPY).write_text("mine")
    with store_at(path):
        pass
    assert path.with_name(COPY).read_text() == "mine"
    assert path.with_name("layerlab-version-00012.sqlite3").exists()


def test_what_stands_in_the_log_is_brought_forward_and_copied_too(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        with connection:
            connection.execute("UPDATE runs SET title = 'in the log'")
        with store_at(path) as store:
            assert {run.title for run, *_ in store.list_runs(ANN, 10)} == {"in the log"}
        with closing(sqlite3.connect(path.with_name(COPY))) as copy:
            assert copy.execute("SELECT DISTINCT title FROM runs").fetchall() == [("in the log",)]


def test_a_new_store_and_one_brought_forward_have_the_same_tables(path, tmp_path):
    found = []
    for place in (path, tmp_path / "new.sqlite3"):
        with store_at(place) as store, store.database.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
            inspector = sa.inspect(connection)
            tables = sorted(inspector.get_table_names())
            found.append(
                {
                    table: [
                        sorted((c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)),
                        sorted(index["name"] for index in inspector.get_indexes(table)),
                        [key["referred_table"] for key in inspector.get_foreign_keys(table)],
                        inspector.get_pk_constraint(table)["constrained_columns"],
                    ]
                    for table in tables
                }
            )
    assert found[0] == found[1]


def test_the_versions_are_those_of_the_steps():
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    steps = list(ScriptDirectory.from_config(config).walk_revisions())
    assert tuple(step.revision for step in reversed(steps)) == migrations.VERSIONS


def lacking_a_column(connection):
    connection.execute("ALTER TABLE evaluations DROP COLUMN accuracy")


def lacking_a_column_that_no_step_needs(connection):
    connection.execute("ALTER TABLE own_data_kept DROP COLUMN samples")


@pytest.mark.parametrize("damage", [lacking_a_column, lacking_a_column_that_no_step_needs])
def test_an_old_store_that_cannot_be_brought_forward_is_left_as_it_is(path, damage):
    with closing(sqlite3.connect(path)) as connection:
        damage(connection)
    before = everything(path)
    for _ in range(2):
        with pytest.raises(StoreError, match="Whoever runs LayerLab should put a backup in its place"):
            Store(f"sqlite:///{path}")
    assert everything(path) == before
    assert os.listdir(path.parent) == [path.name]
    assert open_files(path.parent) == []


def test_a_step_is_taken_wholly_or_not_at_all(path, monkeypatch):
    before = everything(path)

    def lose_power(*_):
        raise OSError("no power")

    monkeypatch.setattr(opening, "_compare", lose_power)
    with pytest.raises(OSError, match="no power"):
        Store(f"sqlite:///{path}")
    monkeypatch.undo()
    assert everything(path) == before
    with store_at(path) as store:
        assert len(store.list_runs(ANN, 10)) == 2


def test_without_room_for_the_copy_nothing_is_changed(path, monkeypatch):
    before = everything(path)

    def full(self, target):
        raise sqlite3.OperationalError("database or disk is full")

    class Full(sqlite3.Connection):
        backup = full

    monkeypatch.setattr(opening.sqlite3, "connect", lambda place: Full(place))
    with pytest.raises(StoreError, match="not write the copy"):
        opening._copy(path, "0001")
    assert everything(path) == before
    assert os.listdir(path.parent) == [path.name]


def test_a_damaged_run_does_not_stop_the_way_forward(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE runs SET spec = '{' WHERE title LIKE '%'")
        connection.execute("UPDATE events SET event = '{' WHERE number = 3")
    with book_at(path) as book:
        store = book.store
        assert book.rows(ANN, 10) == ()
        assert json.dumps([run.spec for run, *_ in store.list_runs(ANN, 10)]) == '["{", "{"]'
