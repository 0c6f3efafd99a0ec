"""What the engine decides by itself, without a single process: the line, commands, refusals, events."""

import dataclasses
import threading
from concurrent.futures import Future, wait

import pytest
from helpers.fake_cluster import FakeFuture
from helpers.told_trainings import EPOCH, RUN, STARTED, becomes, seeded, sent
from helpers.waiting import wait_until

from lib import events
from lib.engine.errors import EngineError
from lib.engine.work import dispatcher, flights


def test_the_first_in_line_trains_and_the_next_one_follows_when_it_has_ended(engine, clusters):
    first, second = engine.submit(RUN, "ann"), engine.submit(RUN, "bob")
    sent(clusters, first)
    wait_until(lambda: engine.snapshot(second).place == 1)
    clusters.newest.finish(first)
    sent(clusters, first, second)
    assert engine.snapshot(first).status == "done"


def test_with_one_slot_the_line_is_first_come_first_served_whoever_comes(engine, clusters):
    mine, also_mine, other = (engine.submit(RUN, "ann"), engine.submit(seeded(2), "ann"), engine.submit(RUN, "bob"))
    sent(clusters, mine)
    clusters.newest.finish(mine)
    sent(clusters, mine, also_mine)
    clusters.newest.finish(also_mine)
    sent(clusters, mine, also_mine, other)


def test_with_two_slots_a_person_still_has_one_training(open_fake, clusters):
    engine = open_fake(workers=2)
    mine, also_mine, other = (engine.submit(RUN, "ann"), engine.submit(seeded(2), "ann"), engine.submit(RUN, "bob"))
    sent(clusters, mine, other)
    assert engine.snapshot(also_mine).status == "queued"


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


def test_too_many_waiting_runs_are_refused_with_their_number(engine, clusters, monkeypatch):
    monkeypatch.setattr("lib.engine.new_runs.MOST_WAITING", 2)
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
    engine.looks.ask(lambda: asked_on.append(threading.current_thread()))
    assert asked_on == [threading.current_thread()]


def test_looks_of_30_people_take_turns_beside_a_training_and_each_knows_its_place(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    begun, go_on, looked, now = threading.Event(), threading.Event(), [], []

    def look(name):
        now.append(name)
        begun.set()
        assert go_on.wait(10)
        looked.append((name, len(now)))
        now.remove(name)

    def ask(asker, name):
        answer = Future()
        engine.line.join(asker, name, answer, lambda: engine.looks.ask(look, name))
        return answer

    first = ask("ann", "first")
    assert begun.wait(10)
    hers = [ask("ann", f"ann {number}") for number in range(10)]
    theirs = [ask(f"person {number}", f"person {number}") for number in range(29)]
    assert [engine.line.number(answer) for answer in (*theirs, *hers)] == list(range(1, 40))
    assert engine.line.number(first) is None
    go_on.set()
    assert not wait([first, *theirs, *hers], 10).not_done
    names = ["first", *(f"person {number}" for number in range(29)), *(f"ann {number}" for number in range(10))]
    assert looked == [(name, 1) for name in names]
    assert engine.snapshot(run_id).active


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
    clusters.newest._ends[run_id](
        FakeFuture("finished", {"outcome": "done", "message": "", "epochs": 2, "evaluation": None})
    )
    sent(clusters, run_id, run_id)
    assert (clusters.newest.jobs[1]["attempt"], clusters.newest.jobs[1]["epochs"]) == (2, 3)
    kinds = [event["kind"] for event in engine._book.store.events(run_id)]
    assert "done" not in kinds
