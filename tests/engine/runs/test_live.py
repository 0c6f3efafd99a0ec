import dataclasses
from statistics import fmean

import pytest

from lib import events
from lib.engine.runs.live import MOST_POINTS, LiveRun, Points
from lib.specs.recipes import RECIPES

SPEC = RECIPES["simple_cnn"].run
QUEUED = events.Queued(attempt=1, epochs=10, learning_rate=0.001)
STARTED = events.Started(device="CPU (2 cores)", batches=4, epoch=1)


def batch(epoch, number, loss=1.0):
    at = epoch - 1 + number / 4
    return events.Batch(epoch, number, [[at, loss, 0.5]], samples_per_second=100.0, seconds_left=5.0)


def epoch(number):
    return events.Epoch(number, loss=1.0, accuracy=0.5, seconds=2.0, learning_rate=0.001)


def after(*told):
    live = LiveRun("0" * 16, "ann", "title", SPEC, created_at=1.0)
    for event in told:
        live.apply(event, at=9.0)
    return live.snapshot()


def inside(number):
    spread = {"low": -0.5, "high": 0.25, "heights": "00ff" * 15}
    row = {"name": "dense", "gradient": 0.5, "update": None, "dead": 1, "units": 10, "weights": spread, "outputs": None}
    return events.Inside(number, loss=0.7, samples=128, part="validation", share=0.05, layers=[row])


def test_a_training_is_told_step_by_step():
    now = after(QUEUED, STARTED, batch(1, 2))
    assert (now.status, now.epoch, now.epochs, now.batch, now.batches) == ("running", 1, 10, 2, 4)
    assert now.device == "CPU (2 cores)"
    assert now.progress == pytest.approx(0.05)
    assert now.batch_curve.epoch == (0.5,)


def test_progress_counts_whole_epochs_and_the_part_of_the_current_one():
    assert after(QUEUED, STARTED, batch(1, 4), epoch(1)).progress == pytest.approx(0.1)
    assert after(QUEUED, STARTED, epoch(1), batch(2, 2)).progress == pytest.approx(0.15)


def test_what_was_watched_inside_is_kept_and_forgotten_with_its_epoch():
    told = [QUEUED, STARTED, inside(1), epoch(1), inside(2), epoch(2)]
    (first, second) = after(*told).inside
    assert (first.epoch, second.epoch, first.loss, first.samples, first.part, first.share) == (
        1, 2, 0.7, 128, "validation", 0.05,
    )  # fmt: skip
    assert first.layers[0].weights.shares.tolist() == pytest.approx([0, 1 / 15] * 15)
    assert (first.layers[0].name, first.layers[0].update, first.layers[0].outputs) == ("dense", None, None)
    again = after(*told, dataclasses.replace(QUEUED, attempt=2), dataclasses.replace(STARTED, epoch=2, batch=1))
    assert again.inside == (first,)
    assert after(*told, inside(2)).inside == (first, second)


def test_going_on_forgets_what_will_be_trained_again():
    before = [QUEUED, STARTED, batch(1, 4), epoch(1), batch(2, 1), batch(2, 3)]
    again = dataclasses.replace(QUEUED, attempt=2)
    now = after(*before, events.Failed("lost"), again, dataclasses.replace(STARTED, epoch=2, batch=1))
    assert now.batch_curve.epoch == (1.0, 1.25)
    assert [point.epoch for point in now.epoch_points] == [1]
    assert (now.epoch, now.batch, now.message) == (2, 1, "")


def test_a_stopped_run_is_still_looked_at_while_its_test_part_is_seen():
    now = after(QUEUED, STARTED, batch(1, 2), events.Stopped(evaluating=True))
    assert (now.status, now.active, now.changing, now.ended_at) == ("stopped", False, True, 9.0)
    evaluated = events.Evaluated(loss=0.1, accuracy=0.9, samples=10, seconds=0.5)
    tested = after(QUEUED, STARTED, events.Stopped(evaluating=True), evaluated)
    assert not tested.changing
    assert tested.evaluation.accuracy == 0.9


def test_a_snapshot_stays_the_same_object_until_something_changes():
    live = LiveRun("0" * 16, "ann", "title", SPEC, created_at=1.0)
    before = live.snapshot()
    assert live.snapshot() is before
    live.apply(QUEUED, at=2.0)
    assert live.snapshot().version > before.version


def stretches(curve):
    """The numbers that each drawn point stands for, when the points were added at 0, 1, 2 and so on.

    The mean place of those from `begin` to `end` is (begin + end - 1) / 2.
    """
    begin = 0
    for at in curve.epoch:
        end = round(2 * at + 1 - begin)
        yield slice(begin, end)
        begin = end


@pytest.mark.parametrize("count", [1, 2, 499, 500, 501, 4_096, 12_345])
@pytest.mark.parametrize("step", [1, 50])
def test_a_drawn_curve_has_at_most_500_points_and_loses_none_of_what_it_averages(count, step):
    points = Points()
    places, losses, accuracies = [float(i) for i in range(count)], [i * i % 101 for i in range(count)], [0.5] * count
    numbers = list(zip(places, losses, accuracies, strict=True))
    for start in range(0, count, step):
        points.add(numbers[start : start + step])
    curve = points.curve()
    assert min(count, MOST_POINTS // 2) <= len(curve.epoch) <= MOST_POINTS
    averaged = list(stretches(curve))
    assert [number for stretch in averaged for number in numbers[stretch]] == numbers
    for column, drawn in ((places, curve.epoch), (losses, curve.loss), (accuracies, curve.accuracy)):
        assert drawn == pytest.approx([fmean(column[stretch]) for stretch in averaged], rel=1e-12)
    sizes = [stretch.stop - stretch.start for stretch in averaged]
    assert len(set(sizes[:-1])) <= 1
    assert sizes[-1] <= sizes[0]


def test_a_curve_that_was_cut_goes_on_from_there():
    points = Points()
    points.add([(float(i), 1.0, 0.5) for i in range(1_000)])
    before = points.curve().epoch
    points.cut(499.0)
    assert points.curve().epoch == tuple(at for at in before if at <= 499.0)
    assert points.curve().epoch[-1] > 495
    points.add([(500.0, 9.0, 0.5), (501.0, 9.0, 0.5)])
    assert points.curve().epoch[-1] == 500.5
    assert points.curve().loss[-2:] == (1.0, 9.0)


def test_a_run_that_its_sweep_gives_up_says_so_until_it_is_sent_again():
    told = [QUEUED, STARTED, epoch(1), events.Command("prune")]
    assert (after(*told).pruned, after(*told).activity) == (True, "stopping")
    assert after(*told, events.Stopped("worse than the others")).pruned
    assert not after(*told, events.Stopped(), dataclasses.replace(QUEUED, attempt=2)).pruned
    assert not after(QUEUED, STARTED, epoch(1), events.Command("stop"), events.Stopped()).pruned
