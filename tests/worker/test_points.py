"""Points in the plane: single steps, slow motion, and the same curve from the same seed."""

import dataclasses
import threading
from itertools import count

import numpy as np
import pytest
from helpers.clocks import give_clock
from helpers.waiting import wait_for_status, wait_until

from lib import events
from lib.arrays import unpack
from lib.specs.recipes import RECIPES
from lib.worker import train as loop
from lib.worker.control import Control
from lib.worker.train import StoppedError, Training

CIRCLE = RECIPES["points_circle"].run
SHORT = dataclasses.replace(CIRCLE, training=dataclasses.replace(CIRCLE.training, epochs=40))
LONG = dataclasses.replace(CIRCLE, training=dataclasses.replace(CIRCLE.training, epochs=5_000))


def curve(now):
    return [(point.epoch, point.loss, point.val_loss) for point in now.epoch_points]


def begun(run, control):
    """A training on a thread of its own, and its events as they come."""
    told = []

    def fit():
        try:
            Training(run, control, told.append, lambda checkpoint: None).fit()
        except StoppedError:
            told.append("stopped")

    thread = threading.Thread(target=fit)
    thread.start()
    return told, thread


def only(kind, told):
    return [event for event in told if isinstance(event, kind)]


def test_a_step_trains_exactly_one_batch():
    control = Control(SHORT.training.epochs, SHORT.training.learning_rate)
    control.apply("pause")
    told, thread = begun(SHORT, control)
    wait_until(lambda: len(only(events.Paused, told)) == 1)
    assert not only(events.Batch, told)
    for step in (1, 2, 3):
        control.apply("step")
        wait_until(lambda step=step: len(only(events.Paused, told)) == step + 1)
        assert only(events.Batch, told)[-1].batch == step
    shown = [event.at for event in only(events.Weights, told)]
    assert shown[-1] == pytest.approx(3 / 25)
    control.apply("stop")
    thread.join(timeout=30)
    assert told[-1] == "stopped"


def test_slow_motion_waits_after_each_single_batch_and_shows_it(monkeypatch):
    control, waits, told = Control(SHORT.training.epochs, SHORT.training.learning_rate), [], []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 6:
            control.apply("stop")

    monkeypatch.setattr(control, "wait", wait)
    control.apply("pace", 1_000.0)
    with pytest.raises(StoppedError):
        Training(SHORT, control, told.append, lambda checkpoint: None).fit()
    assert all(0 < seconds < 1_000 for seconds in waits)
    shown = [round(event.at * 25) for event in only(events.Weights, told)]
    assert shown == list(range(7))


@pytest.mark.slow
def test_the_time_left_does_not_take_the_first_validation_for_all_of_them(monkeypatch):
    control, told, clock = Control(LONG.training.epochs, LONG.training.learning_rate), [], count(step=0.001)
    give_clock(monkeypatch, loop, lambda: next(clock))
    training = Training(LONG, control, told.append, lambda checkpoint: None)
    predict, seconds = training._predict, []

    def slow_at_first(part, **options):
        seconds.append(training.validation_seconds)
        if len(seconds) == 1:
            give_clock(monkeypatch, loop, lambda: next(clock) + 1_000)
        if len(seconds) == 4:
            control.apply("stop")
        return predict(part, **options)

    monkeypatch.setattr(training, "_predict", slow_at_first)
    with pytest.raises(StoppedError):
        training.fit()
    assert max(seconds) < 1
    assert seconds[2] > 0
    assert max(event.seconds_left for event in only(events.Batch, told) if event.seconds_left is not None) < 1_000


@pytest.mark.engine
def test_the_same_seed_gives_the_same_curve_also_while_somebody_else_trains(engine, pair):
    alone = curve(wait_for_status(engine, engine.submit(SHORT, "alone"), "done"))
    other = pair.submit(LONG, "other")
    wait_until(lambda: pair.snapshot(other).batch_curve.epoch)
    beside = curve(wait_for_status(pair, pair.submit(SHORT, "beside"), "done"))
    assert pair.snapshot(other).status == "running"
    pair.stop(other)
    wait_for_status(pair, other, "stopped")
    assert len(alone) == 40
    assert beside == alone


@pytest.mark.engine
def test_a_run_submitted_paused_shows_its_first_weights_and_goes_on_as_any_other(engine):
    run_id = engine.submit(SHORT, "held", paused=True)
    now = wait_for_status(engine, run_id, "paused")
    assert (now.batch, now.weights_now.at, now.batch_curve.epoch) == (0, 0.0, ())
    first = unpack(now.weights_now.packed)
    engine.step(run_id)
    wait_until(lambda: engine.snapshot(run_id).batch == 1 and engine.snapshot(run_id).status == "paused")
    second = unpack(engine.snapshot(run_id).weights_now.packed)
    assert not np.array_equal(first["dense/kernel"], second["dense/kernel"])
    engine.resume(run_id)
    held = wait_for_status(engine, run_id, "done")
    again = engine.submit(SHORT, "again", paused=True)
    now = wait_for_status(engine, again, "paused")
    assert all(np.array_equal(array, first[name]) for name, array in unpack(now.weights_now.packed).items())
    engine.resume(again)
    assert curve(wait_for_status(engine, again, "done")) == curve(held)


@pytest.mark.engine
def test_pictures_of_a_training_are_not_kept_in_the_store(engine):
    run_id = engine.submit(SHORT, "kinds")
    now = wait_for_status(engine, run_id, "done")
    assert now.weights_now is not None
    kinds = {event["kind"] for event in engine._book.store.events(run_id)}
    assert "weights" not in kinds
    assert {"started", "epoch", "done"} <= kinds
    assert kinds & {"batch", "curve"}
