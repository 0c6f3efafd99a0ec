"""What the engine does when workers, hosts and schedulers stop, freeze, or are not there."""

import dataclasses
import time

import pytest
from helpers.told_trainings import RUN, STARTED, becomes, seeded, sent, with_checkpoint
from helpers.waiting import wait_until

from lib import events
from lib.engine.errors import EngineError
from lib.engine.work import dispatcher, flights, life
from lib.engine.work.cluster import WorkerEndedError


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


def test_a_lost_worker_is_told_and_the_next_one_in_line_goes_on(engine, clusters):
    lost, following = engine.submit(RUN, "ann"), engine.submit(RUN, "bob")
    sent(clusters, lost)
    clusters.newest.tell(lost, STARTED)
    clusters.newest.lose(lost)
    assert "The worker process is gone" in becomes(engine, lost, "failed").message
    sent(clusters, lost, following)


def test_a_worker_near_its_limit_of_memory_is_blamed_for_it(engine, clusters):
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED, memory_mb=0.9 * life.worker_memory_mb(engine.settings))
    clusters.newest.lose(run_id)
    assert "ran out of memory" in becomes(engine, run_id, "failed").message


def test_a_worker_is_replaced_after_its_share_of_jobs(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "JOBS_PER_WORKER", 2)
    for number in (1, 2):
        run_id = engine.submit(seeded(number), "ann")
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


def ending_worker(asked):
    """What asks a worker that ends at the first question."""

    def look(function, *arguments, timeout):
        asked.append(function)
        if len(asked) == 1:
            raise WorkerEndedError
        return function(*arguments)

    return look


def test_what_a_worker_was_asked_while_it_was_replaced_is_asked_again(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "JOBS_PER_WORKER", 1)
    run_id = engine.submit(RUN, "ann")
    sent(clusters, run_id)
    clusters.newest.tell(run_id, STARTED)
    held = []
    monkeypatch.setattr(clusters.newest, "replace_worker", lambda worker, on_answer: held.append(on_answer))
    asked = []
    monkeypatch.setattr(clusters.newest, "look", ending_worker(asked))
    clusters.newest.finish(run_id)
    wait_until(lambda: held, 10)
    assert engine.looks.ask(lambda: "looked") == "looked"
    assert len(asked) == 2


def test_a_question_that_ends_its_worker_is_not_asked_again_and_says_so(engine, clusters, monkeypatch):
    engine.warm()
    wait_until(lambda: clusters.newest is not None, 10)
    asked = []
    monkeypatch.setattr(clusters.newest, "look", ending_worker(asked))
    with pytest.raises(EngineError, match="The worker ended while it was at this"):
        engine.looks.ask(lambda: "looked")
    assert len(asked) == 1


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
        engine.looks.ask(lambda: "looked")
    clusters.refusal, clusters.pause = "", 0.3
    assert engine.looks.ask(lambda: "looked") == "looked"


def test_a_question_to_a_starting_engine_has_its_whole_time_once_the_engine_is_there(engine, clusters):
    clusters.pause = 0.5
    assert engine.looks._dispatcher.look(lambda: "looked", timeout=0.1) == "looked"


def test_who_asks_an_engine_that_does_not_come_up_in_time_is_told_so(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "START_SECONDS", 0.05)
    clusters.pause = 1.0
    with pytest.raises(EngineError, match="still starting"):
        engine.looks.ask(lambda: "looked")


def test_an_idle_engine_lets_its_workers_go_and_starts_them_again_when_needed(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "IDLE_SECONDS", 0.2)
    engine.warm()
    wait_until(lambda: clusters.newest is not None and clusters.newest.closed, 10)
    assert engine.state().status == "off"
    run_id = engine.submit(RUN, "ann")
    wait_until(lambda: len(clusters.made) == 2 and clusters.newest.training == [run_id], 10)
    time.sleep(0.2 + 2 * dispatcher.TICK_SECONDS)
    assert not clusters.newest.closed  # it has work


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


def test_a_silent_host_is_given_up_and_a_new_one_started(engine, clusters, monkeypatch):
    monkeypatch.setattr(life, "PING_SECONDS", 0.05)
    lost, waiting = engine.submit(RUN, "ann"), engine.submit(RUN, "bob")
    sent(clusters, lost)
    clusters.newest.tell(lost, STARTED)
    before = clusters.newest
    before.silent = True
    assert "The worker process is gone" in becomes(engine, lost, "failed").message
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
    assert "The worker process is gone" in becomes(engine, waiting, "failed").message
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
    wait_until(lambda: engine.snapshot(run_id).place == 1 and clusters.newest is not None, 10)
    assert clusters.newest.training == []
    clusters.newest._workers = 1
    sent(clusters, run_id)
