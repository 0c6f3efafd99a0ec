import pytest

from lib.engine.runs.live import MOST_POINTS, LiveRun, Points
from lib.specs.recipes import RECIPES

SPEC = RECIPES["simple_cnn"].run
QUEUED = {"kind": "queued", "attempt": 1, "epochs": 10, "learning_rate": 0.001, "time": 1.0}
STARTED = {"kind": "started", "device": "CPU (2 cores)", "batches": 4, "epoch": 1, "batch": 0}


def batch(epoch, number, loss=1.0):
    at = epoch - 1 + number / 4
    speed = {"samples_per_second": 100.0, "seconds_left": 5.0}
    return {"kind": "batch", "epoch": epoch, "batch": number, "points": [[at, loss, 0.5]], **speed}


def epoch(number):
    return {"kind": "epoch", "epoch": number, "loss": 1.0, "accuracy": 0.5, "seconds": 2.0, "learning_rate": 0.001}


def after(*events):
    live = LiveRun("0" * 16, "ann", "title", SPEC, created=1.0)
    for event in events:
        live.apply(event)
    return live.snapshot()


def test_a_training_is_told_step_by_step():
    now = after(QUEUED, STARTED, batch(1, 2))
    assert (now.status, now.epoch, now.epochs, now.batch, now.batches) == ("running", 1, 10, 2, 4)
    assert now.device == "CPU (2 cores)"
    assert now.progress == pytest.approx(0.05)
    assert now.batch_curve.epoch == (0.5,)


def test_progress_counts_whole_epochs_and_the_part_of_the_current_one():
    assert after(QUEUED, STARTED, batch(1, 4), epoch(1)).progress == pytest.approx(0.1)
    assert after(QUEUED, STARTED, epoch(1), batch(2, 2)).progress == pytest.approx(0.15)


def test_going_on_forgets_what_will_be_trained_again():
    events = [QUEUED, STARTED, batch(1, 4), epoch(1), batch(2, 1), batch(2, 3)]
    again = {**QUEUED, "attempt": 2}
    now = after(*events, {"kind": "failed", "message": "lost"}, again, {**STARTED, "epoch": 2, "batch": 1})
    assert now.batch_curve.epoch == (1.0, 1.25)
    assert [point.epoch for point in now.epoch_points] == [1]
    assert (now.epoch, now.batch, now.message) == (2, 1, "")


def test_a_stopped_run_is_still_looked_at_while_its_test_part_is_seen():
    now = after(QUEUED, STARTED, batch(1, 2), {"kind": "stopped", "message": "", "evaluating": True, "time": 9.0})
    assert (now.status, now.active, now.changing, now.ended) == ("stopped", False, True, 9.0)
    evaluated = {"kind": "evaluated", "loss": 0.1, "accuracy": 0.9, "samples": 10, "seconds": 0.5}
    live = LiveRun("0" * 16, "ann", "title", SPEC, created=1.0)
    for event in (QUEUED, STARTED, {"kind": "stopped", "evaluating": True}, evaluated):
        live.apply(event)
    assert not live.snapshot().changing
    assert live.snapshot().evaluation.accuracy == 0.9


def test_a_snapshot_stays_the_same_object_until_something_changes():
    live = LiveRun("0" * 16, "ann", "title", SPEC, created=1.0)
    before = live.snapshot()
    assert live.snapshot() is before
    live.apply(QUEUED)
    assert live.snapshot().version > before.version


def test_an_event_from_a_newer_program_changes_nothing():
    assert after(QUEUED, {"kind": "tomorrow"}) == after(QUEUED)


@pytest.mark.parametrize("count", [1, 499, 500, 501, 4_096, 12_345])
@pytest.mark.parametrize("step", [1, 50])
def test_a_drawn_curve_has_at_most_500_points_and_loses_none_of_what_it_averages(count, step):
    points = Points()
    numbers = [(float(i), float(i % 7), 0.5) for i in range(count)]
    for start in range(0, count, step):
        points.add(numbers[start : start + step])
    curve = points.curve()
    assert len(curve.epoch) == len(curve.loss) <= MOST_POINTS
    assert list(curve.epoch) == sorted(curve.epoch)
    assert sum(curve.loss) / len(curve.loss) == pytest.approx(3.0, abs=3.0 if count < 7 else 0.1)
    assert len(curve.epoch) >= min(count, MOST_POINTS // 2)


def test_a_curve_that_was_cut_goes_on_from_there():
    points = Points()
    points.add([(float(i), 1.0, 0.5) for i in range(1_000)])
    points.cut(499.0)
    assert points.curve().epoch[-1] <= 499.0
    points.add([(500.0, 9.0, 0.5), (501.0, 9.0, 0.5)])
    assert points.curve().loss[-1] == 9.0
