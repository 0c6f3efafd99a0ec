"""What is trained for each fold, what is refused, and that a plan is kept as it is."""

import dataclasses
import json

import pytest
from helpers.told_trainings import RUN

from lib.engine.experiments.folds import FoldsPlan, folded
from lib.engine.experiments.kinds import from_json, to_json
from lib.engine.experiments.plan import SoFar
from lib.settings import Settings
from lib.specs.codec import from_query
from lib.specs.data import DataSpec
from lib.specs.fields import SpecError
from lib.specs.model import ModelSpec
from lib.specs.start import Start

LIMITS = Settings.from_environment()
WINES = from_query({"dataset": "wine", "layers": "Dense(units=3,activation=softmax)"})


def on(run, **data):
    return dataclasses.replace(run, data=dataclasses.replace(run.data, **data))


@pytest.mark.parametrize("guess", [None, 0.93])
def test_a_plan_is_read_as_it_was_written(guess):
    plan = FoldsPlan(RUN, 7, guess)
    assert from_json(to_json(plan)) == plan
    assert folded(plan) is plan


def test_a_run_for_each_fold_with_the_same_seed_and_nothing_else_that_differs():
    plan = FoldsPlan(on(RUN, folds=3, fold=2), 4)
    specs = [plan.spec(place, SoFar()) for place in range(plan.members)]
    assert [(spec.data.folds, spec.data.fold) for spec in specs] == [(4, 1), (4, 2), (4, 3), (4, 4)]
    assert [on(spec, folds=0, fold=1) for spec in specs] == [RUN] * 4
    assert {plan.seed(place) for place in range(4)} == {RUN.training.seed}
    assert plan.label(2) == "fold 3 of 4"
    assert plan == FoldsPlan(RUN, 4)


@pytest.mark.parametrize("folds", [2, 11, 3.5, "5", None])
def test_there_are_3_to_10_folds(folds):
    with pytest.raises(SpecError, match="folds must be a whole number from 3 to 10"):
        FoldsPlan(RUN, folds)


@pytest.mark.parametrize("guess", ["abc", -0.1, float("nan"), True])
def test_a_guess_that_is_no_number_is_refused(guess):
    with pytest.raises(SpecError, match="the guessed mean must be a number"):
        FoldsPlan(RUN, 5, guess)


def test_what_cannot_be_folded_is_said():
    assert FoldsPlan(RUN, 5).problem(LIMITS) == ""
    assert FoldsPlan(WINES, 10).problem(LIMITS) == ""
    broken = dataclasses.replace(RUN, model=ModelSpec(RUN.model.input_shape, ()))
    assert FoldsPlan(broken, 5).problem(LIMITS) == broken.mismatch
    started = dataclasses.replace(RUN, start=Start("0" * 16, 1))
    assert "begin from a seed" in FoldsPlan(started, 5).problem(LIMITS)
    few = FoldsPlan(on(WINES, samples=12), 5).problem(LIMITS)
    assert few.startswith("5 folds need 5 samples of each class, one for each fold, but the rarest class has 3")


def test_points_with_folds_are_not_validated_on_their_test_points():
    points = dataclasses.replace(RUN, data=DataSpec("points"), model=ModelSpec((2,), ()))
    assert points.data.validates_on_test
    assert not FoldsPlan(points, 5).base.data.validates_on_test


@pytest.mark.parametrize("key", ["run", "folds", "guess"])
def test_a_damaged_plan_is_refused(key):
    plain = json.loads(to_json(FoldsPlan(RUN, 5)))
    del plain[key]
    with pytest.raises(SpecError):
        from_json(json.dumps(plain))
