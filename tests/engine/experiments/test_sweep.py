"""What a sweep trains, in which order, what it stops early and what it refuses; without a single process."""

import dataclasses

import pytest
from helpers.told_trainings import RUN, STARTED
from helpers.waiting import wait_until

from lib import events
from lib.engine.errors import EngineError
from lib.engine.experiments.kinds import from_json, to_json
from lib.engine.experiments.plan import SoFar
from lib.engine.experiments.sweep import AT_RANDOM, SweepPlan
from lib.settings import Settings
from lib.specs import combining
from lib.specs.codec import from_query
from lib.specs.fields import SpecError
from lib.specs.start import Start
from lib.specs.sweeping import Range, Several

LIMITS = Settings.from_environment()
RATES = Range("learning_rate", 0.001, 0.1, 3)
UNITS = Range("dense.units", 8, 64, 2)
MANY = tuple(Range(name, 0.1, 0.9, 8) for name in ("decay_rate", "alpha", "plateau_factor", "clip_norm"))
SMALL = from_query(
    {"dataset": "mnist", "layers": "Conv2D;MaxPooling2D(pool_size=8,strides=8);Conv2D;Flatten;Dense(units=10)"}
)
GRID = SweepPlan(RUN, (RATES, UNITS), "grid")


@pytest.fixture
def engine(open_fake):
    return open_fake(workers=1)


def training(clusters, number):
    """The run that was given to a worker as so many-th, from 0."""
    wait_until(lambda: clusters.made and len(clusters.newest.training) > number, 60)
    return clusters.newest.training[number]


def epoch(number, accuracy, seconds=1.0):
    return events.Epoch(number, 0.5, 0.8, seconds, 0.001, val_loss=0.5, val_accuracy=accuracy)


def train(clusters, run_id, accuracies, seconds=1.0):
    """Let a run be trained to its end."""
    for number, accuracy in enumerate(accuracies, 1):
        clusters.newest.tell(run_id, epoch(number, accuracy, seconds))
    answer = {"outcome": "done", "message": "", "epochs": len(accuracies), "evaluation": None}
    clusters.newest._ends[run_id](type("F", (), {"status": "finished", "result": lambda _: answer, "release": print})())


def becomes(engine, name, status):
    return wait_until(
        lambda: (now := engine.experiment(name)).status == status and now, 60,
        otherwise=lambda: engine.experiment(name),
    )  # fmt: skip


def trained(engine, now):
    return [now.plan.values(engine.snapshot(member.run_id).spec) for member in now.members if member.run_id]


def test_a_grid_is_trained_combination_by_combination_from_one_seed(engine, clusters):
    name = engine.experiments.start(GRID, "ann")
    for number in range(6):
        train(clusters, training(clusters, number), [0.5, 0.6])
    now = becomes(engine, name, "done")
    pairs = [(rate, units) for rate in (0.001, 0.01, 0.1) for units in (8, 64)]
    assert [tuple(values.values()) for values in trained(engine, now)] == pairs
    assert {member.run.spec.training.seed for member in now.members} == {RUN.training.seed}
    assert now.members[1].label == "learning_rate 0.001, dense.units 64"
    assert (now.ended, now.message, now.pairs()) == (6, "", [])


def test_a_run_that_is_worse_than_the_median_is_stopped_early_and_is_no_failure(engine, clusters):
    name = engine.experiments.start(SweepPlan(RUN, (RATES, Range("dense.units", 8, 64, 3)), "grid"), "ann")
    for number in range(5):
        train(clusters, training(clusters, number), [0.5, 0.7])
    long = training(clusters, 5)
    clusters.newest.tell(long, STARTED)
    engine._book.apply(long, events.Command("epochs", 4))  # so that its second epoch is not its last one
    clusters.newest.tell(long, epoch(1, 0.1))
    assert not engine.snapshot(long).pruned
    clusters.newest.tell(long, epoch(2, 0.6))
    wait_until(lambda: engine.snapshot(long).pruned)
    wait_until(lambda: [each for each in clusters.newest.commands if each[1] == "stop"])
    clusters.newest.tell(long, events.Halted(not_a_number=False))
    wait_until(lambda: engine.snapshot(long).status == "stopped")
    assert engine.snapshot(long).message.startswith("Its sweep stopped it after epoch 2")
    assert engine.experiment(name).status == "running"
    engine.experiments.stop(name, "ann")


def test_without_pruning_every_run_is_trained_to_its_end():
    class Done:
        status, epoch_points = "done", (epoch(1, 0.9), epoch(2, 0.9))

    class Bad:
        status, epoch_points = "running", (epoch(1, 0.1), epoch(2, 0.1))

    so_far = SoFar({**dict.fromkeys(range(5), Done()), 5: Bad()})
    assert GRID.hopeless(5, so_far)
    assert not dataclasses.replace(GRID, prunes=False).hopeless(5, so_far)


def test_when_its_minutes_are_over_no_further_run_begins_and_what_was_trained_is_kept(engine, clusters):
    name = engine.experiments.start(dataclasses.replace(GRID, minutes=1), "ann")
    train(clusters, training(clusters, 0), [0.5, 0.6], seconds=16.0)
    wait_until(lambda: engine.experiment(name).members[2].run_id)  # in line before the minute is over
    for number in (1, 2):
        train(clusters, training(clusters, number), [0.5, 0.6], seconds=16.0)
    now = becomes(engine, name, "done")
    assert now.message == "The sweep used up its 1 minute of training after 3 of 6 runs"
    assert [bool(member.run_id) for member in now.members] == [True] * 3 + [False] * 3


@pytest.mark.slow
def test_tpe_draws_at_random_first_and_then_goes_on_where_runs_were_good_also_after_a_restart(open_fake, clusters):
    engine = open_fake(workers=1)
    plan = SweepPlan(RUN, (Range("learning_rate", 0.0001, 10.0), UNITS), "tpe", runs=14, prunes=False)
    name = engine.experiments.start(plan, "ann")

    def reached(run_id):
        rate = engine.snapshot(run_id).spec.training.learning_rate
        return [0.9 if 0.001 <= rate <= 0.1 else 0.2] * 2

    for number in range(AT_RANDOM + 1):
        train(clusters, training(clusters, number), reached(training(clusters, number)))
    wait_until(lambda: engine.experiment(name).ended == AT_RANDOM + 1)
    before = [member.run_id for member in engine.experiment(name).members][: AT_RANDOM + 1]
    engine.close()
    engine = open_fake(workers=1)
    wait_until(lambda: len(clusters.made) == 2)
    for number in range(14 - AT_RANDOM - 1):
        train(clusters, training(clusters, number), reached(training(clusters, number)))
    now = becomes(engine, name, "done")
    assert [member.run_id for member in now.members][: AT_RANDOM + 1] == before
    drawn = combining.drawn(RUN, plan.varied, AT_RANDOM, 1).specs
    assert tuple(member.run.spec for member in now.members[:AT_RANDOM]) == drawn
    proposed = [member.run.spec.training.learning_rate for member in now.members[AT_RANDOM:]]
    assert sum(0.0005 <= rate <= 0.2 for rate in proposed) >= 3
    assert len({combining.what_is_trained(member.run.spec) for member in now.members}) == 14


def test_tpe_ends_when_every_combination_has_been_trained(engine, clusters):
    few = (Several("optimizer", ("adam", "sgd", "lion")), Range("dense.units", 8, 11))
    name = engine.experiments.start(SweepPlan(RUN, few, "tpe", runs=40, prunes=False), "ann")
    for number in range(12):
        train(clusters, training(clusters, number), [0.5, 0.6])
    now = becomes(engine, name, "done")
    assert len({str(values) for values in trained(engine, now)}) == len(now.members) == 12


def test_a_worker_that_cannot_answer_ends_the_sweep_with_a_sentence(engine, clusters, monkeypatch):
    def lacking(*_, **__):
        raise ImportError("No module named 'optuna'")

    monkeypatch.setattr(engine._dispatcher, "look", lacking)
    name = engine.experiments.start(SweepPlan(RUN, (RATES,), "tpe", runs=12), "ann")
    for number in range(AT_RANDOM):
        train(clusters, training(clusters, number), [0.5, 0.6])
    now = becomes(engine, name, "stopped")
    assert now.message == "It could not go on: The worker lacks a package for this: No module named 'optuna'"
    assert now.ended == AT_RANDOM


def changed(**training):
    return dataclasses.replace(RUN, training=dataclasses.replace(RUN.training, **training))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (SweepPlan(RUN, (RATES,), "random", runs=10_000), "This sweep has 10,000 runs, and a sweep may have 60"),
        (SweepPlan(RUN, (RATES,), "tpe", runs=1), "take 2 to 60"),
        (SweepPlan(RUN, MANY), "This grid has 4,096 combinations"),
        (SweepPlan(RUN, (Range("learning_rate", 0.1, 0.1),)), "The range of learning_rate is empty"),
        (SweepPlan(RUN, ()), "1 to 4 settings, not 0"),
        (SweepPlan(SMALL, (Range("conv2d_1.kernel_size", 3, 5, 3),)), "Fewer than 2 different combinations"),
        (SweepPlan(RUN, (Range("dense.units", 8, 2_048, 2),)), "With dense.units 2048 it cannot be trained"),
        (SweepPlan(RUN, (Range("dense.units", 8, 2_048),), "random"), "With dense.units 2048 it cannot be trained"),
        (SweepPlan(RUN, (Range("decay_rate", 0.1, 0.9),)), "these settings change nothing in this training"),
        (SweepPlan(changed(validation_split=0.0), (RATES,)), "no validation part"),
        (SweepPlan(dataclasses.replace(RUN, start=Start("0" * 16, 1)), (RATES,)), "begins from a seed"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_is_refused_with_a_sentence(engine, plan, said):
    limits = dataclasses.replace(LIMITS, max_parameters=1_000_000)
    assert said in plan.problem(limits)
    monkey = dataclasses.replace(engine.settings, max_parameters=1_000_000)
    engine.experiments._settings = monkey
    with pytest.raises(EngineError):
        engine.experiments.start(plan, "ann")
    assert engine.experiments.of("ann") == ()


def test_a_guess_is_one_of_the_values_of_the_first_setting_or_a_half_of_its_range():
    fast, slow = (changed(learning_rate=rate) for rate in (0.1, 0.001))
    assert GRID.guesses == ("0.001", "0.01", "0.1")
    assert (GRID.guessed(fast), GRID.guessed(slow)) == ("0.1", "0.001")
    drawn = dataclasses.replace(GRID, method="random")
    assert drawn.guesses == ("lower", "upper")
    assert [drawn.guessed(changed(learning_rate=rate)) for rate in (0.0099, 0.011)] == ["lower", "upper"]
    names = dataclasses.replace(drawn, varied=(Several("optimizer", ("adam", "sgd")),))
    assert (names.guesses, names.guessed(RUN)) == (("adam", "sgd"), "adam")


@pytest.mark.parametrize(
    "wrong",
    [
        {"guess": None},
        {"guess": "x" * 99},
        {"method": "best"},
        {"runs": 2.5},
        {"minutes": 0},
        {"minutes": 601},
        {"prunes": 1},
    ],
)
def test_a_plan_that_is_none_is_refused(wrong):
    with pytest.raises(SpecError):
        dataclasses.replace(GRID, **wrong)


def test_a_plan_is_read_as_it_was_written_and_one_that_asks_too_much_is_not():
    varied = (RATES, Several("optimizer", ("adam", "sgd")), Several("early_stopping", (False, True)))
    plan = SweepPlan(RUN, varied, "tpe", 20, 5, False, 9, "upper")
    assert from_json(to_json(plan)) == plan
    for wrong in ('"runs": 99999', '"runs": null'):
        with pytest.raises(SpecError):
            from_json(to_json(plan).replace('"runs": 20', wrong))
    with pytest.raises(SpecError):
        from_json(to_json(plan).replace("learning_rate", "seed"))
