"""What may be compared, and that a plan is kept as it is."""

import dataclasses
import json

import pytest
from helpers.told_trainings import RUN

from lib.engine.experiments.comparison import ComparisonPlan, Guess, compared
from lib.engine.experiments.kinds import from_json, to_json
from lib.engine.experiments.plan import SoFar
from lib.settings import Settings
from lib.specs.data import DataSpec
from lib.specs.fields import SpecError
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.start import Start

LIMITS = Settings.from_environment()
GUESS = Guess("neither")


def changed(**training):
    return dataclasses.replace(RUN, training=dataclasses.replace(RUN.training, **training))


def test_a_plan_is_read_as_it_was_written():
    plan = ComparisonPlan(RUN, RECIPES["simple_cnn"].run, 20, Guess("a", 0.015), first_seed=7)
    assert from_json(to_json(plan)) == plan


def test_a_plan_that_was_stored_before_there_were_other_kinds_is_read():
    run = '{"data": {"dataset": "mnist", "samples": 500}, "training": {"epochs": 2}, "layers": [{"kind": "Flatten"}]}'
    guess = '{"winner": "b", "by": 0.05}'
    text = f'{{"kind": "ab", "pairs": 4, "first_seed": 2, "guess": {guess}, "a": {run}, "b": {run}}}'
    plan = compared(from_json(text))
    assert (plan.pairs, plan.first_seed, plan.guess, plan.members) == (4, 2, Guess("b", 0.05), 8)
    assert plan.a == plan.b
    assert plan.label(3) == "B, seed 3"


@pytest.mark.parametrize("kind", ["c", "", None, 5, []])
def test_a_kind_that_is_not_known_is_refused(kind):
    with pytest.raises(SpecError):
        from_json(json.dumps({**json.loads(to_json(ComparisonPlan(RUN, RUN, 3, GUESS))), "kind": kind}))


TOO_MANY = to_json(ComparisonPlan(RUN, RUN, 3, GUESS)).replace('"pairs": 3', '"pairs": 99')


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"a": 1, "b": 2}', "x" * 30_000, TOO_MANY],
)  # fmt: skip
def test_a_damaged_plan_is_refused(text):
    with pytest.raises(SpecError):
        from_json(text)


@pytest.mark.parametrize("pairs", [0, 21, 2.5, "3", None])
def test_there_are_1_to_20_pairs(pairs):
    with pytest.raises(SpecError, match="pairs must be a whole number from 1 to 20"):
        ComparisonPlan(RUN, RUN, pairs, GUESS)


@pytest.mark.parametrize(("winner", "by"), [("abc", 0.1), ("a", "abc"), ("a", -1), ("b", float("nan")), (None, 0)])
def test_a_guess_that_is_none_is_refused(winner, by):
    with pytest.raises(SpecError):
        Guess(winner, by)


def test_seeds_of_the_drafts_do_not_count():
    plan = ComparisonPlan(changed(seed=5), changed(seed=9), 2, GUESS, first_seed=3)
    assert [plan.spec(place, SoFar()).training.seed for place in range(4)] == [3, 3, 4, 4]


def test_what_cannot_be_compared_is_said():
    def why(a, b):
        return ComparisonPlan(a, b, 3, GUESS).problem(LIMITS)

    assert why(RUN, changed(learning_rate=0.01)) == ""
    broken = dataclasses.replace(RUN, model=ModelSpec(RUN.model.input_shape, ()))
    assert why(RUN, broken).startswith("B cannot be trained: ")
    assert "A has no validation part" in why(changed(validation_split=0.0), RUN)
    other = dataclasses.replace(RUN, data=dataclasses.replace(RUN.data, dataset="fashion_mnist"))
    assert "Choose the same data for both" in why(RUN, other)
    started = dataclasses.replace(RUN, start=Start("0" * 16, 1))
    assert "begin from a seed" in why(started, RUN)
    assert why(RUN, dataclasses.replace(RUN, data=DataSpec(samples=2_000))) == ""
