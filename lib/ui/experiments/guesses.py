"""The notebook of guesses: what a person expected of each experiment, what came, and how often they were right."""

from __future__ import annotations

import streamlit as st

from lib.engine.experiments.snapshot import UNFINISHED, ExperimentSnapshot
from lib.specs.differences import difference, in_words
from lib.ui.experiments import outcome
from lib.ui.kit import lessons, words
from lib.ui.session import visitor
from lib.ui.session.engine import engine

_MOST = 50


def guesses() -> None:
    """Show the notebook; nothing before the first experiment is over."""
    over = [each for each in engine().experiments.of(visitor.owner(), _MOST) if each.status not in UNFINISHED]
    told = [(each, came) for each in over if (came := outcome.winner(each)) is not None]
    if not told:
        return
    right = sum(came == each.plan.guess.winner for each, came in told)
    with st.container(key="guesses"):
        lessons.show("experiments.guesses", right=right, all=len(told))
        with st.expander("The notebook", icon=":material/edit_note:"):
            st.markdown(words.table(["B differs in", "you expected", "it came", "pairs"], map(_row, told)))


def _row(told: tuple[ExperimentSnapshot, str]) -> list[str]:
    experiment, came = told
    plan = experiment.plan
    what = ", ".join(in_words(difference(plan.a, plan.b))) or "nothing"
    return [what, outcome.named(plan.guess.winner), outcome.named(came), f"{len(experiment.pairs())}"]
