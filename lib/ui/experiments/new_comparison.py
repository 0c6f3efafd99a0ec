"""The form of a new comparison: what is compared, how often, and the guess that comes first."""

from __future__ import annotations

import streamlit as st

from lib.engine.experiments.comparison import DEFAULT_PAIRS, MOST_SEED, PAIRS, ComparisonPlan, Guess, Winner
from lib.specs.run import RunSpec
from lib.ui.experiments.a_and_b import a_and_b
from lib.ui.experiments.starting import estimate, start
from lib.ui.experiments.what_differs import what_differs
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.decimal_number import DecimalNumber
from lib.ui.kit.key import Key
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.session.engine import settings
from lib.ui.session.state import FIRST_SEED

WINNERS: dict[Winner | str, str] = {"": "I have not guessed yet", "a": "A", "b": "B", "neither": "neither, or hardly"}
_PAIRS = WholeNumber("pairs", DEFAULT_PAIRS)
_SEED = WholeNumber("first_seed", 1)
_GUESS = Choice("guess", WINNERS, "")
_BY_POINTS = DecimalNumber("guess_by", 1.0, "by")
_BY_LOSS = DecimalNumber("guess_by_loss", 0.01, "by")


def new_comparison() -> None:
    """Show the form."""
    lessons.show("experiments.new_ab")
    with st.container(key="experiment_two"):
        a, b, why = a_and_b()
    what_differs(a, b)
    left, right = st.columns([1, 2], gap="medium")
    with left:
        pairs = _pairs()
        first_seed = _first_seed()
    with right:
        guess = _guess(b)
    plan = ComparisonPlan(a, b, pairs, guess or Guess("neither"), first_seed)
    problem = why or plan.problem(settings())
    seconds = None if problem else estimate([a, b])
    whole = None if seconds is None else pairs * seconds
    start(plan, plan.members, whole, problem, "" if guess else lessons.text("experiments.guess_first"))


def _pairs() -> int:
    low, high, about = int(PAIRS.low), int(PAIRS.high), lessons.text("experiments.help_pairs")
    return _PAIRS.written(st.slider("pairs", low, high, _PAIRS.shown(low, high), key=_PAIRS.key, help=about))


def _first_seed() -> int:
    asked = FIRST_SEED.take()
    if asked is not None:
        Key(_SEED.key, 1).set(asked)
    return _SEED.field(lessons.text("experiments.first_seed"), 0, MOST_SEED, help=lessons.text("experiments.help_seed"))


def _guess(b: RunSpec) -> Guess | None:
    winner = _GUESS.segments(lessons.text("experiments.guess_question"))
    by = 0.0
    if winner in ("a", "b"):
        if b.regression:
            by = _BY_LOSS.field(lessons.text("experiments.guess_by_loss"), 0.0, 1_000.0, 0.01)
        else:
            by = _BY_POINTS.field(lessons.text("experiments.guess_by_points"), 0.0, 100.0, 0.5) / 100
    return Guess(winner, by) if winner else None  # type: ignore[arg-type]
