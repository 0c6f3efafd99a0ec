import io

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lib.arrays import pack, unpack
from lib.engine.runs.store import Store, StoredRun, spread


def row(letter, owner, created_at=0.0):
    return StoredRun(letter * 16, owner, "title", "mnist", "{}", "queued", 0, created_at)


@pytest.fixture
def store(tmp_path):
    opened = Store(f"sqlite:///{tmp_path / 'deep' / 'runs.sqlite3'}", weights_mb=1)
    opened.add_run(row("a", "ann"))
    yield opened
    opened.close()


def checkpoint(epoch, batch=0, floats=1):
    weights = pack({"dense/kernel": np.full(floats, epoch, np.float32)})
    return {"epoch": epoch + 1, "batch": batch, "sums": (1.0, 2.0, 3.0), "weights": weights, "state": pack({})}


def test_a_checkpoint_comes_back_whole(store):
    store.add_checkpoint("a" * 16, checkpoint(3, batch=5))
    back = store.checkpoint("a" * 16)
    assert (back["epoch"], back["batch"], back["sums"]) == (4, 5, [1.0, 2.0, 3.0])
    assert unpack(back["weights"])["dense/kernel"].tolist() == [3.0]


def test_only_the_newest_checkpoint_can_be_gone_on_from(store):
    for epoch in (1, 2):
        store.add_checkpoint("a" * 16, checkpoint(epoch))
    assert store.checkpoint("a" * 16)["epoch"] == 3
    assert unpack(store.weights("a" * 16, 1))["dense/kernel"].tolist() == [1.0]


def test_a_checkpoint_in_mid_epoch_is_replaced_by_the_next(store):
    store.add_checkpoint("a" * 16, checkpoint(1, batch=5))
    store.add_checkpoint("a" * 16, checkpoint(2))
    assert store.epochs_kept("a" * 16) == [2]


def test_a_checkpoint_writes_only_the_newest_of_those_before_it_anew(store):
    """Each row holds weights: writing all of them for each epoch was most of the store's work."""
    with store.database.begin() as connection:
        connection.execute(sa.text("CREATE TABLE written (epoch INTEGER)"))
        noted = "BEGIN INSERT INTO written VALUES (old.epoch); END"
        connection.execute(sa.text(f"CREATE TRIGGER noted AFTER UPDATE ON checkpoints {noted}"))
    for epoch in range(1, 6):
        store.add_checkpoint("a" * 16, checkpoint(epoch))
    with store.database.connect() as connection:
        assert list(connection.execute(sa.text("SELECT epoch FROM written")).scalars()) == [2, 3, 4, 5]
    assert store.epochs_kept("a" * 16) == [1, 2, 3, 4, 5]


def test_weights_beyond_the_limit_are_thinned_evenly_at_every_length(store):
    for epoch in range(1, 41):
        store.add_checkpoint("a" * 16, checkpoint(epoch, floats=25_000))  # 0.1 MB each, 1 MB allowed
        kept = store.epochs_kept("a" * 16)
        assert len(kept) <= 9
        assert (kept[0], kept[-1]) == (1, epoch)
        # All gaps are the same, but for the one before the newest epoch.
        gaps = np.diff(kept[:-1])
        assert len(set(gaps.tolist())) <= 1, kept
        # And half of the room at least is used.
        assert len(kept) >= min(epoch, 5), kept


@given(st.sets(st.integers(0, 5_000), min_size=1), st.integers(2, 40))
def test_spread_keeps_first_and_last_and_never_more_than_asked_for(values, most):
    chosen = spread(sorted(values), most)
    assert len(chosen) <= most
    assert set(chosen) <= values
    assert (chosen[0], chosen[-1]) == (min(values), max(values))
    assert spread(chosen, most) == chosen


def test_events_come_back_in_order(store):
    for number in range(5):
        store.add_event("a" * 16, {"kind": "batch", "number": number}, "running", 0)
    assert [event["number"] for event in store.events("a" * 16)] == [0, 1, 2, 3, 4]
    assert store.run("a" * 16).status == "running"


def test_a_person_sees_their_own_runs_newest_first(store):
    store.add_run(row("b", "bob", created_at=1.0))
    store.add_run(row("c", "ann", created_at=2.0))
    evaluation = {"loss": 0.1, "accuracy": 0.9, "seconds": 1.0, "probabilities": b""}
    store.set_evaluation("a" * 16, evaluation)
    assert [(row.id[0], *tested) for row, *tested in store.list_runs("ann", 10)] == [("c", None, None), ("a", 0.9, 0.1)]
    assert len(store.list_runs(None, 10)) == 3


def test_bytes_that_are_no_arrays_are_refused_without_unpickling():
    with pytest.raises(ValueError, match="hold no arrays"):
        unpack(b"junk")
    hostile = np.array([{"a": 1}], dtype=object)
    with pytest.raises(ValueError, match="Object arrays"):
        pack({"x": hostile})
    stream = io.BytesIO()
    np.savez(stream, x=hostile)
    with pytest.raises(ValueError, match="hold no arrays"):
        unpack(stream.getvalue())
