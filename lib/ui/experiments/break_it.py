"""Break it on purpose: experiments at a click, each with its question before and what usually happens afterwards."""

from __future__ import annotations

import streamlit as st

from lib.engine.experiments.comparison import ComparisonPlan
from lib.engine.experiments.snapshot import ExperimentSnapshot
from lib.specs.broken import BROKEN, matching
from lib.ui.kit import lessons
from lib.ui.kit.opened import Opened
from lib.ui.session.comparing import compare
from lib.ui.session.state import EXPERIMENT_A, EXPERIMENT_B

_OPENED = Opened("break_it")
_TITLES = {name: f"break_it.{name}_title" for name in BROKEN}
_QUESTIONS = {name: f"break_it.{name}_question" for name in BROKEN}
_ANSWERS = {name: f"break_it.{name}_answer" for name in BROKEN}


def break_it() -> None:
    """Offer all broken experiments; a button puts both runs of one into the form."""
    a, b = EXPERIMENT_A.get(), EXPERIMENT_B.get()
    chosen = matching(a, b) if a is not None and b is not None else None
    with _OPENED.heading(lessons.text("break_it.heading"), ":material/bolt:"):
        lessons.show("break_it.about")
        for name, broken in BROKEN.items():
            with st.container(key=f"broken_{name}", border=True, gap="xsmall"):
                st.markdown(lessons.text(_QUESTIONS[name]))
                if broken is chosen:
                    st.caption(lessons.text("break_it.in_the_form"))
                if st.button(lessons.text(_TITLES[name]), key=f"break_{name}", icon=":material/science:"):
                    compare(broken.a, broken.b)
                    st.rerun()  # the form stands above


def broken_question(plan: ComparisonPlan) -> None:
    """Repeat the question of an experiment that was broken on purpose; nothing for any other."""
    broken = matching(plan.a, plan.b)
    if broken is not None:
        lessons.show("break_it.question", question=lessons.text(_QUESTIONS[broken.name]))


def what_usually_happens(experiment: ExperimentSnapshot, plan: ComparisonPlan) -> None:
    """Say it of a complete experiment that was broken on purpose; nothing for any other, and nothing before its end."""
    broken = matching(plan.a, plan.b)
    if broken is not None and experiment.status == "done":
        with st.container(key="what_usually_happens"):
            lessons.show("break_it.answer", answer=lessons.text(_ANSWERS[broken.name]))
