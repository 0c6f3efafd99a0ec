"""Stores that cannot be used, made from a real one: said in a sentence, left as they are, and nothing stays behind."""

import os
import sqlite3
import threading
from contextlib import closing

import numpy as np
import pytest
from helpers.damaged_stores import (
    behind_its_first_page,
    cut_short,
    from_the_future,
    in_its_second_half,
    open_files,
    without_a_column,
    without_a_table,
    without_header,
)  # fmt: skip

from lib.arrays import pack
from lib.engine.runs.migrations import HEAD
from lib.engine.runs.store import Store, StoredRun
from lib.errors import StoreError

RUNS = [f"{number:016x}" for number in range(40)]


def row(run_id, spec="{}"):
    return StoredRun(run_id, "ann", "title", "mnist", spec, "queued", 0, 0.0)


def store_at(path):
    return Store(f"sqlite:///{path}")


@pytest.fixture
def path(tmp_path):
    """A store with runs, events and weights, as an app has left it."""
    path = tmp_path / "home" / "layerlab.sqlite3"
    with closing(store_at(path)) as store:
        weights = pack({"dense/kernel": np.arange(3_000, dtype=np.float32)})
        for run_id in RUNS:
            store.add_run(row(run_id, "{}" + " " * 500))
            for number in range(5):
                store.add_event(run_id, {"kind": "batch", "number": number, "points": [0.5] * 100}, "running", 0)
            place = {"epoch": 2, "batch": 0, "sums": (1.0, 2.0, 3.0)}
            store.add_checkpoint(run_id, {**place, "weights": weights, "state": weights})
    return path


AT_ONCE = {
    cut_short: "is damaged (it is shorter than its own header says)",
    behind_its_first_page: "is damaged (database disk image is malformed)",
    without_header: "is damaged (file is not a database)",
    without_a_column: "lacks the column seconds of its table evaluations",
    without_a_table: "lacks the column owner of its table own_data_kept",
    from_the_future: "has version 9041: a newer LayerLab than this one has made it",
}


@pytest.mark.parametrize("damage", AT_ONCE, ids=lambda damage: damage.__name__)
def test_a_store_that_cannot_be_used_is_refused_with_a_sentence_and_left_as_it_is(path, damage):
    damage(path)
    before, threads = path.read_bytes(), threading.active_count()
    for _ in range(3):
        with pytest.raises(StoreError) as refused:
            store_at(path)
        assert AT_ONCE[damage] in str(refused.value)
        assert "Whoever runs LayerLab should" in str(refused.value)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]
    assert open_files(path.parent) == []
    assert threading.active_count() == threads


def test_damage_that_shows_later_is_said_then_and_the_file_is_not_touched_again_until_it_is_replaced(path):
    good = path.read_bytes()
    in_its_second_half(path)
    damaged = path.read_bytes()
    with closing(store_at(path)) as store:
        for _ in range(2):
            with pytest.raises(StoreError, match="is damaged"):
                store.events(RUNS[20])
            with pytest.raises(StoreError, match="is damaged"):
                store.add_run(row("f" * 16))
        assert path.read_bytes() == damaged
        assert open_files(path.parent) == []
        path.unlink()
        path.write_bytes(good)
        assert len(store.events(RUNS[20])) == 5
        store.add_run(row("f" * 16))


def test_a_store_that_may_only_be_read_says_so(path):
    before = path.read_bytes()
    with pytest.raises(StoreError, match="may only be read") as refused:
        Store(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert "allow it to write" in str(refused.value)
    assert path.read_bytes() == before


def test_a_home_that_is_a_file_says_so(tmp_path):
    home = tmp_path / "home"
    home.write_text("mine")
    with pytest.raises(StoreError, match=r"home is a file.*LAYERLAB_HOME"):
        store_at(home / "layerlab.sqlite3")
    assert home.read_text() == "mine"


@pytest.mark.parametrize("url", ["nonsense", "sqlite+nothing:///x", "postgresql+nodriver://host/name"])
def test_an_address_that_is_none_says_so(url):
    with pytest.raises(StoreError, match="DATABASE_URL cannot be used"):
        Store(url)


def test_a_missing_driver_is_named():
    with pytest.raises(StoreError, match="No module named 'cx_Oracle'"):
        Store("oracle+cx_oracle://host/name")


def test_a_full_disk_is_said_and_the_store_works_again_when_there_is_room(path):
    with closing(store_at(path)) as store:
        with store.database.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="There is no room left"):
            store.add_run(row("e" * 16, "x" * 400_000))
        with store.database.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        store.add_run(row("f" * 16))


def test_a_password_in_the_address_is_never_shown():
    with pytest.raises(StoreError) as refused:
        Store("postgresql+nodriver://ann:secret@host/name")
    assert "secret" not in str(refused.value)


def test_a_new_store_has_the_newest_version(path):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
