"""The notebook's lines: what was guessed of experiments of each kind, and what their runs have reached."""

import dataclasses
import math

import pytest
from helpers.told_trainings import RUN

from lib.engine.experiments.comparison import ComparisonPlan, Guess
from lib.engine.experiments.folds import FoldsPlan
from lib.engine.experiments.plan import SoFar
from lib.engine.experiments.snapshot import ExperimentRow
from lib.engine.experiments.sweep import SweepPlan
from lib.engine.runs.scores import Score
from lib.specs.codec import from_query
from lib.specs.one_change import applied
from lib.specs.sweeping import Range, Several
from lib.ui.experiments.guessed import Guessed, guessed

FASTER = applied(RUN, "learning_rate", 0.01)
RATES = (Range("learning_rate", 0.001, 0.1, 3),)
NUMBERS = from_query(
    {
        "dataset": "points",
        "points_kind": "regression_plane",
        "layers": "Dense(units=1,activation=linear)",
        "loss": "mean_squared_error",
    }
)


def score(run_id, spec, figure, status="done"):
    """A run that has reached a share of right answers, or a loss where a number is predicted."""
    accuracy, loss = (None, figure) if spec.regression else (figure, 0.5)
    return Score(
        run_id, "run", status, spec, 10, 1, 1.0, loss, accuracy, loss, accuracy, None, None, 0.0, False, "", ()
    )


def after(plan, figures, missing=()):
    """What the notebook says when the runs of a plan have reached these figures; a text is a run's other status."""
    runs = {}
    for place, figure in enumerate(figures):
        run_id, spec = f"{place:016x}", plan.spec(place, SoFar())
        runs[run_id] = score(run_id, spec, 0.5, figure) if isinstance(figure, str) else score(run_id, spec, figure)
    row = ExperimentRow("e" * 16, plan, "done", dict(enumerate(runs)), 0.0)
    return guessed(row, {name: run for name, run in runs.items() if int(name, 16) not in missing})


def test_a_guess_about_two_networks_is_right_if_it_names_the_winner():
    plan = ComparisonPlan(RUN, FASTER, 3, Guess("b", 0.1))
    about = "B differs in: learning_rate 0.001 → 0.01"
    assert after(plan, [0.5, 0.9, 0.6, 0.9, 0.5, 0.8]) == Guessed(about, "B is better", "B is better", True, "3 pairs")
    worse = after(plan, [0.9, 0.5, 0.9, 0.6, 0.8, "failed"])
    assert (worse.came, worse.right, worse.amount) == ("A is better", False, "2 pairs")
    assert after(plan, [0.5, 0.9, 0.6, 0.9], missing=(1, 2)) is None  # no pair has both


@pytest.mark.parametrize(("guess", "right"), [("0.01", True), ("0.1", False)])
def test_a_guess_about_a_sweep_is_right_if_the_best_run_has_that_value(guess, right):
    plan = SweepPlan(RUN, RATES, guess=guess)
    row = after(plan, [0.5, 0.7, 0.7])  # the first one of equals
    assert row == Guessed("learning_rate of the best run of a sweep", guess, "0.01", right, "3 runs")
    assert after(plan, [0.5, 0.6, 0.7]).came == "0.1"
    assert after(plan, [0.5, 0.7, "stopped"]).amount == "2 runs"
    assert after(plan, [math.nan, "failed", "stopped"]) is None
    assert after(dataclasses.replace(plan, guess=""), [0.5, 0.7, 0.6]) is None


def test_a_guess_about_a_half_and_about_a_name_are_told_as_on_the_page():
    drawn = SweepPlan(RUN, RATES, "random", 3, guess="upper")
    rates = [drawn.spec(place, SoFar()).training.learning_rate for place in range(3)]
    for best in rates:
        row = after(drawn, [0.9 if rate == best else 0.5 for rate in rates])
        half = "upper" if best >= 0.01 else "lower"  # a rate grows by factors: 0.01 is the middle of 0.001 and 0.1
        assert (row.expected, row.came, row.right) == ("the upper half", f"the {half} half", half == "upper")
    names = SweepPlan(RUN, (Several("optimizer", ("adam", "sgd")),), guess="sgd")
    assert after(names, [0.5, 0.9]).right


def test_a_guess_about_folds_is_right_between_the_lowest_and_the_highest():
    plan = FoldsPlan(RUN, 3, 0.8)
    row = after(plan, [0.7, 0.8, 0.9])
    assert row == Guessed("mean accuracy of a k-fold validation", "80.00%", "80.00%", True, "3 folds")
    for figures, right in (([0.81, 0.9, 0.95], False), ([0.7, 0.79], False), ([0.8, 0.9], True)):
        assert after(plan, figures).right == right
    assert after(plan, [0.8, "failed", "stopped"]) is None
    assert after(FoldsPlan(RUN, 3), [0.7, 0.8, 0.9]) is None
    loss = after(FoldsPlan(NUMBERS, 3, 3_000.0), [2_900.0, 3_100.0])
    assert (loss.about, loss.came, loss.right) == ("mean loss of a k-fold validation", "3000.0000", True)
    lower = ComparisonPlan(NUMBERS, applied(NUMBERS, "learning_rate", 0.01), 3, Guess("b"))
    assert after(lower, [10.0, 1.0, 11.0, 1.5, 9.0, 1.1]).right  # the lower loss is the better one
