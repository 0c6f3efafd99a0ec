"""The form of a new k-fold validation: which network, how many folds, and a guess for whoever wants to make one."""

from __future__ import annotations

import streamlit as st

from lib.concepts.measures import MEASURES
from lib.engine.experiments.folds import DEFAULT_FOLDS, FOLDS, FoldsPlan
from lib.ui.experiments.a_and_b import first_network
from lib.ui.experiments.outcome import measure_name
from lib.ui.experiments.starting import estimate, start
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.decimal_number import DecimalNumber
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.session.engine import settings

PARAMETERS = ("a", "k", "guessed", "mean")
_FOLDS = WholeNumber("number_of_folds", DEFAULT_FOLDS, "k")
_GUESSED = Choice("folds_guessed", {"no": "I make no guess", "yes": "I make a guess"}, "no", "guessed")
_PERCENT = DecimalNumber("folds_guess", 90.0, "mean")
_LOSS = DecimalNumber("folds_guess_loss", 0.1, "mean")


def new_folds() -> None:
    """Show the form."""
    lessons.show("folds.new")
    left, right = st.columns([2, 1], gap="medium")
    with left:
        run = first_network("network", lessons.text("folds.help_network"))
    with right:
        folds = _number_of_folds()
    plan = FoldsPlan(run, folds)
    plan = FoldsPlan(run, folds, _guess(measure_name(plan)))
    problem = plan.problem(settings())
    seconds = None if problem else estimate([plan.base])
    start(plan, folds, None if seconds is None else folds * seconds, problem)


def _number_of_folds() -> int:
    low, high = int(FOLDS.low), int(FOLDS.high)
    slider = st.slider("folds", low, high, _FOLDS.shown(low, high), key=_FOLDS.key, help=lessons.text("folds.help"))
    return _FOLDS.written(slider)


def _guess(measure: str) -> float | None:
    """What the person expects as the mean, in the unit of the measure."""
    left, right = st.columns([2, 1], gap="medium")
    with left:
        guessed = _GUESSED.segments(lessons.text("folds.guess", measure=MEASURES[measure].title))
    if guessed == "no":
        st.query_params.pop("mean", None)
        return None
    with right:
        if MEASURES[measure].share:
            return _PERCENT.field(lessons.text("folds.guess_percent"), 0.0, 100.0, 0.5) / 100
        return _LOSS.field(lessons.text("folds.guess_loss"), 0.0, 1_000.0, 0.01)
