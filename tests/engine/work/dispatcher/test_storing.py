"""What the engine does when the store is slow, full or broken: nothing is seen that is not stored."""

import threading
import time

import pytest
from helpers.fake_cluster import FakeFuture
from helpers.told_trainings import EPOCH, EVALUATION, RUN, STARTED, becomes, sent, with_checkpoint
from helpers.waiting import wait_until
from sqlalchemy.exc import OperationalError

from lib import events
from lib.engine.errors import EngineError
from lib.worker import tasks


def test_an_epoch_is_shown_when_its_weights_are_kept_and_not_before(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    clusters.newest.frozen = True
    with_checkpoint(clusters, run_id)
    wait_until(lambda: clusters.newest.waiting, 10)
    assert not engine.snapshot(run_id).epoch_points
    clusters.newest.frozen = False
    clusters.newest.waiting.pop()(clusters.newest.checkpoints.pop(run_id))
    wait_until(lambda: engine.snapshot(run_id).epoch_points, 10)
    assert engine.snapshot(run_id).can_resume
    assert engine.epochs_kept(run_id) == [1]


def test_a_training_that_ends_while_its_weights_are_fetched_is_done_when_all_that_it_told_is_kept(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    clusters.newest.frozen = True
    kept = []
    for epoch in (1, 2):
        with_checkpoint(clusters, run_id, epoch)
        kept += clusters.newest.checkpoints.pop(run_id)
    clusters.newest._ends[run_id](FakeFuture("finished", {"outcome": "done", "message": "", "epochs": 2}))
    for checkpoints in ([kept[0]], [kept[1]], []):
        wait_until(lambda: clusters.newest.waiting, 10)
        assert engine.snapshot(run_id).status == "running"
        clusters.newest.waiting.pop()(checkpoints)
    assert becomes(engine, run_id, "done").epochs_trained == 2
    assert engine.epochs_kept(run_id) == [1, 2]
    assert clusters.newest.training == [run_id]


def test_checkpoints_that_came_along_are_not_fetched_again_so_that_a_slow_machine_is_not_seen_later_and_later(
    engine, clusters
):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    clusters.newest.frozen = True
    kept = []
    for epoch in range(1, 21):
        with_checkpoint(clusters, run_id, epoch)
        kept += clusters.newest.checkpoints.pop(run_id)
    clusters.newest.tell(run_id, events.Paused())
    for checkpoints in (kept[-tasks.CHECKPOINTS_WAITING :], []):
        wait_until(lambda: clusters.newest.waiting, 10)
        assert engine.snapshot(run_id).status == "running"
        clusters.newest.waiting.pop()(checkpoints)
    assert becomes(engine, run_id, "paused").epochs_trained == 20
    assert [name for _, name, *_ in clusters.newest.asked] == ["fetch", "fetch"]
    assert engine.epochs_kept(run_id)[-1] == 20


def test_a_run_that_cannot_be_sent_ends_with_a_sentence_and_the_next_one_is_sent(engine, clusters):
    first = engine.submit(RUN, "ann")
    sent(clusters, first)
    clusters.newest.full = True
    second, third = engine.submit(RUN, "bob"), engine.submit(RUN, "eve")
    clusters.newest.finish(first)
    for run_id in (second, third):
        assert (
            "could not send the run to a worker (no room for another job)" in becomes(engine, run_id, "failed").message
        )
    clusters.newest.full = False
    fourth = engine.submit(RUN, "joe")
    sent(clusters, first, fourth)


@pytest.mark.parametrize("broken", ["checkpoint", "add_event"])
def test_a_store_that_fails_when_a_run_is_sent_frees_its_slot(engine, clusters, monkeypatch, broken):
    engine.warm()
    wait_until(lambda: engine.state().status == "ready", 10)
    with monkeypatch.context() as patch:
        reached = fail_when(patch, engine._book.store, broken, lambda *arguments: "queued" not in str(arguments))
        run_id = engine.submit(RUN, "ann")
        wait_until(lambda: reached, 10)
        assert "disk is full" in becomes(engine, run_id, "failed").message
    following = engine.submit(RUN, "bob")
    sent(clusters, following)
    assert engine.state().running == 1


def fail_when(patch, store, method, condition=lambda *_: True):
    """Let a method of the store raise as SQLite does on a full disk; returns the list of calls that it refused."""
    refused, real = [], getattr(store, method)

    def full(*arguments):
        if condition(*arguments):
            refused.append(arguments)
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        return real(*arguments)

    patch.setattr(store, method, full)
    return refused


@pytest.mark.parametrize("broken", ["add_event", "add_checkpoint", "set_evaluation"])
def test_a_disk_that_fills_up_ends_the_run_with_a_sentence_and_the_line_moves_on(engine, clusters, monkeypatch, broken):
    run_id, following = engine.submit(RUN, "ann"), engine.submit(RUN, "bob")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    wait_until(lambda: engine.snapshot(run_id).device == "CPU", 10)
    with monkeypatch.context() as patch:
        fail_when(patch, engine._book.store, broken)
        with_checkpoint(clusters, run_id)
        if broken == "set_evaluation":
            clusters.newest.finish(run_id, evaluation=EVALUATION)
        message = becomes(engine, run_id, "failed").message
        assert "could not store what this run reported (database or disk is full)" in message
        assert "look at its disk" in message
    if broken != "set_evaluation":
        wait_until(lambda: (f"{run_id}/1", "stop", None) in clusters.newest.commands, 10)
        clusters.newest.tell(run_id, events.Halted(not_a_number=False))
        clusters.newest.finish(run_id)
    sent(clusters, run_id, following)
    assert engine.snapshot(run_id).status == "failed"


@pytest.fixture
def slow(engine, monkeypatch):
    """A store whose writes wait for a test to let them through; reads are as fast as ever."""
    door = threading.Event()
    door.set()
    for method in ("add_run", "add_event", "add_checkpoint", "set_evaluation"):
        real = getattr(engine._book.store, method)

        def write(*arguments, real=real):
            assert door.wait(30)
            real(*arguments)

        monkeypatch.setattr(engine._book.store, method, write)
    yield door
    door.set()


def test_no_page_waits_for_a_slow_write_and_what_is_seen_is_stored(engine, clusters, slow):
    run_id, other = engine.submit(RUN, "ann"), engine.submit(RUN, "bob")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    wait_until(lambda: engine.snapshot(run_id).device, 10)
    slow.clear()
    started = time.monotonic()
    third = engine.submit(RUN, "eve")
    assert engine.submit(RUN, "eve") == third  # a double click
    engine.stop(other)
    engine.set_learning_rate(run_id, 0.5)
    engine.add_epoch(run_id)
    engine.add_epoch(run_id)
    assert [row.id for row in engine.runs("eve")] == [third]
    assert engine.state().running == 1
    seen = engine.snapshot(run_id)
    assert (seen.epochs, seen.learning_rate) == (RUN.training.epochs, RUN.training.learning_rate)
    assert engine.snapshot(third).status == "queued"
    clusters.newest.tell(run_id, EPOCH)
    # The worker has its commands already, and another page's run is stopped, although nothing could be written.
    key = f"{run_id}/1"
    wait_until(lambda: clusters.newest.commands[-2:] == [(key, "epochs", 3), (key, "epochs", 4)], 10)
    assert not engine.snapshot(run_id).epoch_points
    wait_until(lambda: engine._book.newest(other).status == "stopped", 10)
    with pytest.raises(EngineError, match="This run is stopped"):
        engine.stop(other)
    assert time.monotonic() - started < 25  # else the door had opened by itself
    slow.set()
    wait_until(lambda: engine.snapshot(run_id).epoch_points, 10)
    assert (engine.snapshot(run_id).epochs, engine.snapshot(run_id).learning_rate) == (4, 0.5)
    assert becomes(engine, other, "stopped").message == "Stopped before its first batch."
    clusters.newest.finish(run_id)
    sent(clusters, run_id, third)


def test_what_could_not_be_stored_is_not_shown_either(engine, clusters, slow, monkeypatch):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    clusters.newest.tell(run_id, events.Batch(1, 3, [(0.1, 2.0, 0.2), (0.2, 1.9, 0.3)], 100.0, 2.0))
    wait_until(lambda: engine.snapshot(run_id).batch == 3, 10)
    with monkeypatch.context() as patch:
        unkept = ("epoch", "done")
        fail_when(
            patch, engine._book.store, "add_event", lambda _, event, *rest: slow.wait(30) and event["kind"] in unkept
        )
        slow.clear()
        clusters.newest.tell(run_id, EPOCH)
        clusters.newest.finish(run_id)
        wait_until(lambda: engine._book.newest(run_id).status == "done", 10)
        assert engine.snapshot(run_id).status == "running"
        slow.set()
        now = becomes(engine, run_id, "failed")
    assert "could not store what this run reported (database or disk is full)" in now.message
    assert now.epoch_points == ()
    assert now.batch_curve.loss == (2.0, 1.9)
    stored = [event["kind"] for event in engine._book.store.events(run_id)]
    assert stored == ["queued", "submitted", "started", "batch", "failed"]
    found = engine._book._read(run_id).snapshot()
    assert (found.status, found.message, found.epoch_points) == ("failed", now.message, ())
    assert found.batch_curve == now.batch_curve
