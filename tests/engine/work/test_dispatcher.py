"""What the engine decides by itself, without a single process: the line, deadlines, refusals, events."""

import dataclasses
import threading
import time

import numpy as np
import pytest
from helpers.fake_cluster import Clusters, FakeFuture
from helpers.waiting import wait_until
from sqlalchemy.exc import OperationalError

from lib import events
from lib.arrays import pack
from lib.engine.api import Engine, EngineError
from lib.engine.work import dispatcher, flights, life
from lib.settings import Settings
from lib.specs.data import DataSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

RUN = RunSpec(DataSpec(samples=1_000), RECIPES["dense_128"].run.model, TrainSpec(epochs=2, batch_size=64))
STARTED = events.Started("CPU", batches=15, epoch=1)
PROBABILITIES = pack({"probabilities": np.full((4, 10), 0.1, np.float32)})
EVALUATION = {"loss": 2.3, "accuracy": 0.1, "seconds": 0.5, "probabilities": PROBABILITIES}
EPOCH = events.Epoch(1, loss=0.5, accuracy=0.8, seconds=1.0, learning_rate=0.001)


@pytest.fixture
def clusters():
    return Clusters()


@pytest.fixture
def open_fake(tmp_path, clusters):
    """Opens engines whose cluster has no processes."""
    opened = []

    def open_engine(**changes):
        url = f"sqlite:///{tmp_path / 'runs.sqlite3'}"
        settings = dataclasses.replace(Settings.from_environment(), home=tmp_path, database_url=url, **changes)
        opened.append(Engine(settings, clusters))
        return opened[-1]

    yield open_engine
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_fake):
    return open_fake(workers=1)


def becomes(engine, run_id, status):
    wait_until(lambda: engine.snapshot(run_id).status == status, 10, otherwise=lambda: engine.snapshot(run_id))
    return engine.snapshot(run_id)


def sent(clusters, *run_ids):
    """Wait until these runs, and no others, were sent to a worker, in this order."""
    wait_until(lambda: clusters.newest is not None and clusters.newest.training == list(run_ids), 10)


def test_the_first_in_line_trains_and_the_next_one_follows_when_it_has_ended(engine, clusters):
    first, second = engine.submit(RUN, "ann"), engine.submit(RUN, "bob")
    sent(clusters, first)
    wait_until(lambda: engine.snapshot(second).place == 1)
    clusters.newest.finish(first)
    sent(clusters, first, second)
    assert engine.snapshot(first).status == "done"


def test_with_one_slot_the_line_is_first_come_first_served_whoever_comes(engine, clusters):
    mine, also_mine, other = (engine.submit(RUN, "ann"), engine.submit(_seeded(2), "ann"), engine.submit(RUN, "bob"))
    sent(clusters, mine)
    clusters.newest.finish(mine)
    sent(clusters, mine, also_mine)
    clusters.newest.finish(also_mine)
    sent(clusters, mine, also_mine, other)


def test_with_two_slots_a_person_still_has_one_training(open_fake, clusters):
    engine = open_fake(workers=2)
    mine, also_mine, other = (engine.submit(RUN, "ann"), engine.submit(_seeded(2), "ann"), engine.submit(RUN, "bob"))
    sent(clusters, mine, other)
    assert engine.snapshot(also_mine).status == "queued"


def _seeded(seed):
    return dataclasses.replace(RUN, training=dataclasses.replace(RUN.training, seed=seed))


def test_stop_takes_a_run_out_of_the_line(engine, clusters):
    first, second, third = (engine.submit(RUN, owner) for owner in ("ann", "bob", "eve"))
    sent(clusters, first)
    engine.stop(second)
    assert becomes(engine, second, "stopped").message == "Stopped before its first batch."
    clusters.newest.finish(first)
    sent(clusters, first, third)


def test_commands_given_before_the_worker_is_known_reach_it_in_their_order(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    engine.set_learning_rate(run_id, 0.5)
    engine.add_epoch(run_id)
    clusters.newest.tell(run_id, events.Accepted())
    key = f"{run_id}/1"
    wait_until(lambda: clusters.newest.commands == [(key, "learning_rate", 0.5), (key, "epochs", 3)], 10)


def test_a_worker_that_does_not_stop_in_time_is_replaced_and_the_run_says_so(engine, clusters, monkeypatch):
    monkeypatch.setattr(flights, "STOP_SECONDS", 0.05)
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    engine.stop(run_id)
    wait_until(lambda: clusters.newest.replaced == ["tcp://worker"], 10)
    clusters.newest.lose(run_id)
    assert "did not stop in time and was replaced" in becomes(engine, run_id, "stopped").message


def test_a_worker_that_stops_in_time_is_not_replaced(engine, clusters, monkeypatch):
    monkeypatch.setattr(flights, "STOP_SECONDS", 0.3)
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    engine.stop(run_id)
    wait_until(lambda: (f"{run_id}/1", "stop", None) in clusters.newest.commands, 10)
    clusters.newest.tell(run_id, events.Halted(not_a_number=False))
    becomes(engine, run_id, "stopped")
    time.sleep(0.3 + 2 * dispatcher.TICK_SECONDS)
    assert clusters.newest.replaced == []


def test_deadlines_are_looked_at_also_while_events_keep_coming(engine, clusters, monkeypatch):
    monkeypatch.setattr(flights, "STOP_SECONDS", 0.05)
    # An empty inbox would wake the thread by itself only after this.
    monkeypatch.setattr(dispatcher, "TICK_SECONDS", 60.0)
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    engine.stop(run_id)

    def told_again():
        clusters.newest.tell(run_id, events.Batch(1, 1, [], None, None))
        return clusters.newest.replaced

    assert wait_until(told_again, 10) == ["tcp://worker"]


def test_a_lost_worker_is_told_and_the_next_one_in_line_goes_on(engine, clusters):
    lost, following = engine.submit(RUN, "ann"), engine.submit(RUN, "bob")
    sent(clusters, lost)
    clusters.newest.tell(lost, STARTED)
    clusters.newest.lose(lost)
    assert "The worker process was lost" in becomes(engine, lost, "failed").message
    sent(clusters, lost, following)


def test_a_worker_near_its_limit_of_memory_is_blamed_for_it(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED, memory_mb=0.9 * life.worker_memory_mb(engine.settings))
    clusters.newest.lose(run_id)
    assert "ran out of memory" in becomes(engine, run_id, "failed").message


def test_events_of_an_earlier_attempt_are_not_taken(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    clusters.newest.tell(run_id, EPOCH)
    clusters.newest.tell(run_id, events.Checkpoint(2, 0))
    wait_until(lambda: engine.snapshot(run_id).can_resume, 10)
    clusters.newest.lose(run_id)
    becomes(engine, run_id, "failed")
    first = clusters.newest.jobs[0]
    engine.resume(run_id)
    sent(clusters, run_id, run_id)
    late = events.Told(events.Epoch(2, 9.0, 0.1, 1.0, 0.001), run_id, first["attempt"], 9, "tcp://worker", 0, 600.0)
    clusters.newest._on_event(late.to_plain())
    clusters.newest.tell(run_id, dataclasses.replace(STARTED, epoch=2))
    wait_until(lambda: (now := engine.snapshot(run_id)).activity == "training" and now.epoch == 2, 10)
    assert [point.epoch for point in engine.snapshot(run_id).epoch_points] == [1]


def test_a_loss_that_is_no_number_stops_the_run_with_its_reason(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    clusters.newest.tell(run_id, events.Halted(not_a_number=True))
    now = becomes(engine, run_id, "stopped")
    assert "learning rate 0.001 is probably too high" in now.message
    assert not now.evaluating


def test_an_event_that_no_worker_tells_stops_nothing(engine, clusters, caplog):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    plain = events.Told(STARTED, run_id, 1, 1, "tcp://worker", 0, 600.0).to_plain()
    clusters.newest._on_event({**plain, "event": {"kind": "strated"}})
    clusters.newest.tell(run_id, STARTED)
    wait_until(lambda: engine.snapshot(run_id).device == "CPU", 10)
    assert "'strated'" in caplog.text


def test_a_worker_is_replaced_after_its_share_of_jobs(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "JOBS_PER_WORKER", 2)
    for number in (1, 2):
        run_id = engine.submit(_seeded(number), "ann")
        wait_until(lambda run_id=run_id: clusters.newest is not None and run_id in clusters.newest.training, 10)
        assert clusters.newest.replaced == []
        clusters.newest.tell(run_id, STARTED)
        clusters.newest.finish(run_id)
        becomes(engine, run_id, "done")
    wait_until(lambda: clusters.newest.replaced == ["tcp://worker"], 10)


def test_nothing_is_sent_while_a_worker_is_being_replaced(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "JOBS_PER_WORKER", 1)
    first, second = engine.submit(RUN, "ann"), engine.submit(RUN, "bob")
    sent(clusters, first)
    clusters.newest.tell(first, STARTED)
    wait_until(lambda: engine.snapshot(first).device, 10)
    held = []
    monkeypatch.setattr(clusters.newest, "replace_worker", lambda worker, on_answer: held.append(on_answer))
    clusters.newest.finish(first)
    wait_until(lambda: held, 10)
    time.sleep(2 * dispatcher.TICK_SECONDS)
    assert clusters.newest.training == [first]
    held.pop()(None)
    sent(clusters, first, second)


def test_whoever_waits_for_an_engine_that_does_not_start_is_told_why(engine, clusters):
    clusters.refusal = "no room on this machine"
    run_id = engine.submit(RUN, "ann")
    assert becomes(engine, run_id, "failed").message == "no room on this machine. Try again."
    assert engine.state().status == "failed"
    clusters.refusal = ""
    again = engine.submit(RUN, "ann")
    sent(clusters, again)
    assert engine.state().status == "ready"


def test_who_waits_for_an_engine_that_is_starting_knows_the_place_in_line(engine, clusters):
    clusters.pause = 1.0
    runs = [engine.submit(RUN, owner) for owner in ("ann", "bob", "eve")]
    wait_until(lambda: [engine.snapshot(run_id).place for run_id in runs] == [1, 2, 3], 0.9)
    sent(clusters, runs[0])


def test_after_a_failed_start_the_next_question_waits_for_a_new_one(engine, clusters):
    clusters.refusal = "no memory left"
    with pytest.raises(EngineError, match="no memory left"):
        engine._look(lambda: "looked")
    clusters.refusal, clusters.pause = "", 0.3
    assert engine._look(lambda: "looked") == "looked"


def test_an_idle_engine_lets_its_workers_go_and_starts_them_again_when_needed(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "IDLE_SECONDS", 0.2)
    engine.warm()
    wait_until(lambda: clusters.newest is not None and clusters.newest.closed, 10)
    assert engine.state().status == "off"
    run_id = engine.submit(RUN, "ann")
    wait_until(lambda: len(clusters.made) == 2 and clusters.newest.training == [run_id], 10)
    time.sleep(0.2 + 2 * dispatcher.TICK_SECONDS)
    assert not clusters.newest.closed  # it has work


def test_too_many_waiting_runs_are_refused_with_their_number(engine, clusters, monkeypatch):
    monkeypatch.setattr("lib.engine.api.MOST_WAITING", 2)
    sent(clusters, *[engine.submit(RUN, "ann")])
    for owner in ("bob", "eve"):
        engine.submit(RUN, owner)
    wait_until(lambda: engine.state().waiting == 2, 10)
    with pytest.raises(EngineError, match="2 runs are waiting already"):
        engine.submit(RUN, "joe")


def test_a_look_waits_for_the_cluster_and_does_not_wait_behind_a_training(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    asked_on = []
    engine._look(lambda: asked_on.append(threading.current_thread()))
    assert asked_on == [threading.current_thread()]


def with_checkpoint(clusters, run_id, epoch=1):
    """Let an epoch of a run be trained and its checkpoint wait on the worker."""
    packed = pack({"dense/kernel": np.zeros(1, np.float32)})
    place = {"epoch": epoch + 1, "batch": 0, "sums": [0.0, 0.0, 0.0]}
    clusters.newest.checkpoints[run_id] = [{**place, "weights": packed, "state": pack({})}]
    clusters.newest.tell(run_id, events.Checkpoint(epoch + 1, 0))
    clusters.newest.tell(run_id, dataclasses.replace(EPOCH, epoch=epoch))


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


def test_a_worker_that_answers_nothing_stops_neither_the_line_nor_the_deadline(open_fake, clusters, monkeypatch):
    monkeypatch.setattr(flights, "STOP_SECONDS", 0.05)
    engine = open_fake(workers=2)
    frozen = engine.submit(RUN, "ann")
    sent(clusters, frozen)
    clusters.newest.tell(frozen, STARTED)
    clusters.newest.frozen = True
    clusters.newest.tell(frozen, events.Checkpoint(2, 0))
    wait_until(lambda: clusters.newest.waiting, 10)
    other = engine.submit(RUN, "bob")
    sent(clusters, frozen, other)
    engine.stop(frozen)
    wait_until(lambda: clusters.newest.replaced == ["tcp://worker"], 10)
    clusters.newest.lose(frozen)
    assert "did not stop in time" in becomes(engine, frozen, "stopped").message


def test_a_run_that_cannot_be_sent_ends_with_a_sentence_and_the_next_one_is_sent(engine, clusters):
    first = engine.submit(RUN, "ann")
    sent(clusters, first)
    clusters.newest.full = True
    second, third = engine.submit(RUN, "bob"), engine.submit(RUN, "eve")
    clusters.newest.finish(first)
    for run_id in (second, third):
        assert "could not be sent to a worker (no room for another job)" in becomes(engine, run_id, "failed").message
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
        assert "could not be stored (database or disk is full)" in message
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
    assert "could not be stored (database or disk is full)" in now.message
    assert now.epoch_points == ()
    assert now.batch_curve.loss == (2.0, 1.9)
    stored = [event["kind"] for event in engine._book.store.events(run_id)]
    assert stored == ["queued", "submitted", "started", "batch", "failed"]
    found = engine._book._read(run_id).snapshot()
    assert (found.status, found.message, found.epoch_points) == ("failed", now.message, ())
    assert found.batch_curve == now.batch_curve


def test_a_silent_host_is_given_up_and_a_new_one_started(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "PING_SECONDS", 0.05)
    lost, waiting = engine.submit(RUN, "ann"), engine.submit(RUN, "bob")
    sent(clusters, lost)
    clusters.newest.tell(lost, STARTED)
    before = clusters.newest
    before.silent = True
    assert "The worker process was lost" in becomes(engine, lost, "failed").message
    wait_until(lambda: len(clusters.made) == 2 and before.closed, 10)
    sent(clusters, waiting)


def test_a_host_without_workers_is_started_anew(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "PING_SECONDS", 0.05)
    monkeypatch.setattr(life, "WORKERLESS_SECONDS", 0.2)
    waiting = engine.submit(RUN, "ann")
    sent(clusters, waiting)
    before = clusters.newest
    time.sleep(2 * dispatcher.TICK_SECONDS)
    assert not before.closed  # it has its worker
    before._workers = 0
    assert "The worker process was lost" in becomes(engine, waiting, "failed").message
    wait_until(lambda: before.closed, 10)
    following = engine.submit(RUN, "bob")
    wait_until(lambda: len(clusters.made) == 2 and clusters.newest.training == [following], 10)


def test_a_lost_scheduler_is_looked_for_and_its_runs_go_on_from_their_last_epoch(open_fake, clusters, monkeypatch):
    monkeypatch.setattr(life, "PING_SECONDS", 0.05)
    monkeypatch.setattr(life, "RETRY_SECONDS", 0.05)
    engine = open_fake(workers=1, scheduler="tcp://127.0.0.1:8786")
    ended, lost, waiting = (engine.submit(RUN, owner) for owner in ("ann", "bob", "eve"))
    sent(clusters, ended)
    clusters.newest.tell(ended, STARTED)
    clusters.newest.finish(ended)
    sent(clusters, ended, lost)
    clusters.newest.tell(lost, STARTED)
    with_checkpoint(clusters, lost)
    wait_until(lambda: engine.snapshot(lost).can_resume, 10)
    clusters.refusal = "connection refused"
    clusters.newest.silent = True
    wait_until(lambda: engine.state().status == "lost", 10)
    assert "tcp://127.0.0.1:8786 does not answer" in engine.state().message
    states = ["done", "queued", "queued"]
    wait_until(lambda: [engine.snapshot(i).status for i in (ended, lost, waiting)] == states, 10)
    clusters.refusal = ""
    wait_until(lambda: len(clusters.made) == 2, 10)
    sent(clusters, lost)
    job = clusters.newest.jobs[0]
    assert (job["attempt"], job["checkpoint"]["epoch"]) == (2, 2)
    assert ("", "abandon", [f"{lost}/1"]) in clusters.newest.asked
    assert engine.state().status == "ready"
    clusters.newest.tell(lost, dataclasses.replace(STARTED, epoch=2))
    clusters.newest.finish(lost)
    sent(clusters, lost, waiting)
    assert [point.epoch for point in engine.snapshot(lost).epoch_points] == [1, 2]


def test_a_run_whose_scheduler_disconnects_is_in_line_again_and_has_not_failed(open_fake, clusters):
    engine = open_fake(workers=1, scheduler="tcp://127.0.0.1:8786")
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    wait_until(lambda: engine.snapshot(run_id).device, 10)
    clusters.refusal = "connection refused"
    clusters.newest.disconnect(run_id)
    assert becomes(engine, run_id, "queued").message == ""
    wait_until(lambda: engine.state().status == "lost", 10)


def test_a_scheduler_without_workers_keeps_the_line_waiting(open_fake, clusters):
    clusters.workers = 0
    engine = open_fake(workers=1, scheduler="tcp://127.0.0.1:8786")
    run_id = engine.submit(RUN, "ann")
    wait_until(lambda: engine.snapshot(run_id).place == 1, 10)
    assert clusters.newest.training == []
    clusters.newest._workers = 1
    sent(clusters, run_id)


def test_an_event_that_comes_twice_is_taken_once(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    batch = events.Told(events.Batch(1, 5, [[0.3, 1.0, 0.5]], None, None), run_id, 1, 7, "tcp://worker", 0, 600.0)
    for _ in range(2):
        clusters.newest._on_event(batch.to_plain())
    clusters.newest._on_event(dataclasses.replace(batch, event=EPOCH, number=8).to_plain())
    wait_until(lambda: engine.snapshot(run_id).epoch_points, 10)
    assert engine.snapshot(run_id).batch_curve.epoch == (0.3,)


def test_one_more_epoch_asked_for_after_the_last_batch_is_trained_at_once(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    engine.add_epoch(run_id)
    wait_until(lambda: (f"{run_id}/1", "epochs", 3) in clusters.newest.commands, 10)
    clusters.newest.tell(run_id, dataclasses.replace(EPOCH, epoch=2))
    clusters.newest._ends[run_id](FakeFuture("finished", {"outcome": "done", "message": "", "evaluation": None}))
    sent(clusters, run_id, run_id)
    assert (clusters.newest.jobs[1]["attempt"], clusters.newest.jobs[1]["epochs"]) == (2, 3)
    kinds = [event["kind"] for event in engine._book.store.events(run_id)]
    assert "done" not in kinds
