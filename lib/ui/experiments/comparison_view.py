"""A comparison of A and B: what differs, the curves and pairs, what they say, and the test part."""

from __future__ import annotations

import streamlit as st

from lib.engine.experiments.comparison import ComparisonPlan, compared
from lib.engine.experiments.snapshot import ExperimentSnapshot
from lib.specs.differences import difference, in_words
from lib.ui.experiments import outcome
from lib.ui.experiments.break_it import broken_question, what_usually_happens
from lib.ui.experiments.closed_part import closed_part
from lib.ui.experiments.tested_pairs import tested_pairs
from lib.ui.experiments.what_differs import what_differs
from lib.ui.kit import lessons

_MOST_SEEDS = 6


def title(plan: ComparisonPlan) -> str:
    """What differs, in a line."""
    return ", ".join(in_words(difference(plan.a, plan.b))) or "A and B equal"


def amount(plan: ComparisonPlan) -> str:
    """How much of it there is."""
    return f"{plan.pairs} pairs"


def above(experiment: ExperimentSnapshot) -> None:
    """Show what is compared."""
    plan = compared(experiment.plan)
    broken_question(plan)
    what_differs(plan.a, plan.b)


def progress(experiment: ExperimentSnapshot) -> None:
    """Draw what the runs have reached so far, and say what that carries."""
    outcome.pictures(experiment)
    outcome.verdict(experiment)
    plan = compared(experiment.plan)
    leaked = "leaked" in (plan.a.data.spoiling, plan.b.data.spoiling)
    made = "experiments.how_it_was_made_leaked" if leaked else "experiments.how_it_was_made"
    st.caption(lessons.text(made, seeds=_seeds(experiment)))


def below(experiment: ExperimentSnapshot) -> None:
    """Show what concerns an experiment that is over."""
    what_usually_happens(experiment, compared(experiment.plan))
    if experiment.pairs():
        closed_part(experiment, lambda: tested_pairs(experiment))


def _seeds(experiment: ExperimentSnapshot) -> str:
    """The pairs' seeds, the first ones of many."""
    seeds = [str(a.seed) for a in experiment.members[::2]]
    return ", ".join(seeds[:_MOST_SEEDS]) + ("" if len(seeds) <= _MOST_SEEDS else f", … {seeds[-1]}")
