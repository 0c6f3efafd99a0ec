"""Experiments with real workers: equal seeds mean equal curves, whoever else trains meanwhile."""

import pytest
from helpers.waiting import wait_for_status, wait_until

from lib.engine.experiments.comparison import ComparisonPlan, Guess
from lib.specs.codec import from_query
from lib.specs.one_change import applied

pytestmark = pytest.mark.engine

TINY = from_query(
    {
        "dataset": "mnist",
        "samples": "500",
        "epochs": "3",
        "layers": "Flatten;Dropout;Dense(units=10,activation=softmax)",
    }
)


def done(engine, name):
    return wait_until(lambda: (now := engine.experiment(name)).status == "done" and now, 240)


def curve(run):
    return [(point.loss, point.accuracy, point.val_loss, point.val_accuracy) for point in run.epoch_points]


def test_a_pair_of_the_same_spec_has_the_same_curve_to_the_last_bit_while_a_third_person_trains(pair):
    long = pair.submit(applied(TINY, "epochs", 1_000), "eve")
    wait_until(lambda: pair.snapshot(long).epoch_points)
    now = done(pair, pair.experiments.start(ComparisonPlan(TINY, TINY, 2, Guess("neither")), "ann"))
    assert pair.snapshot(long).status == "running"
    pair.stop(long)
    for a, b in now.pairs():
        assert a.run_id != b.run_id
        assert curve(a.run) == curve(b.run)
        assert a.run.batch_curve == b.run.batch_curve
        weights = [pair.weights(member.run_id) for member in (a, b)]
        assert all((weights[0][name] == weights[1][name]).all() for name in weights[0])
    assert curve(now.pairs()[0][0].run) != curve(now.pairs()[1][0].run)
    wait_for_status(pair, long, "stopped")


def test_with_one_change_both_begin_with_the_same_weights_and_see_the_same_batches(pair):
    """What is changed acts after the first batch, or after the second epoch: up to there both curves are one."""
    slow, longer = applied(TINY, "learning_rate", 1e-6), applied(TINY, "epochs", 4)
    slower, more = (pair.experiments.start(ComparisonPlan(TINY, b, 1, Guess("a")), "ann") for b in (slow, longer))
    ((a, b),) = done(pair, slower).pairs()
    assert a.run.batch_curve.loss[0] == b.run.batch_curve.loss[0]
    assert a.run.batch_curve.loss[1] != b.run.batch_curve.loss[1]
    ((a, b),) = done(pair, more).pairs()
    assert curve(a.run) == curve(b.run)[:3]
    assert a.run.batch_curve.loss == b.run.batch_curve.loss[: len(a.run.batch_curve.loss)]
