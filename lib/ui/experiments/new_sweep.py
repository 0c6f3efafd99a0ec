"""The form of a new sweep: what is varied, how combinations are chosen, and what it may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from lib.engine.experiments.pruning import STARTUP_RUNS
from lib.engine.experiments.sweep import (
    AT_RANDOM,
    DEFAULT_MINUTES,
    DEFAULT_RUNS,
    FEWEST_RUNS,
    HALVES,
    MINUTES,
    MOST_RUNS,
    SweepPlan,
)
from lib.specs.run import RunSpec
from lib.specs.sweeping import Varied
from lib.ui.experiments.a_and_b import first_network
from lib.ui.experiments.starting import estimate, start
from lib.ui.experiments.varied import label_of, varied_settings
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.session.engine import settings

METHODS = {"grid": "grid", "random": "at random", "tpe": "TPE"}
_METHOD = Choice("method", METHODS, "grid")
_ABOUT = {"grid": "sweep.grid", "random": "sweep.random", "tpe": "sweep.tpe"}
_RUNS = WholeNumber("sweep_runs", DEFAULT_RUNS, "runs")
_MINUTES = WholeNumber("minutes", DEFAULT_MINUTES)
_PRUNE = Choice("prune", {"on": "yes", "off": "no"}, "on")
PARAMETERS = ("a", "vary", "method", "runs", "minutes", "prune", "guess")
_MOST_WHY = 160
_NAMED = dict(zip(HALVES, ("in the lower half", "in the upper half"), strict=True))


def new_sweep() -> None:
    """Show the form."""
    lessons.show("sweep.new")
    base = first_network("network", lessons.text("sweep.help_base"))
    above = st.container()
    method = _METHOD.segments(lessons.text("sweep.method"))
    with above:  # only a grid needs to know how many values each number takes
        varied = varied_settings(base, in_grid=method == "grid")
    st.caption(lessons.text(_ABOUT[method], first=AT_RANDOM))
    plan = _plan(base, varied, method)
    problem = plan.problem(settings())
    if problem:
        start(plan, 0, None, problem)
        return
    plan = replace(plan, guess=_guess(plan))
    found = plan.combinations
    if found.left_out:
        why = found.why if len(found.why) <= _MOST_WHY else found.why[:_MOST_WHY] + "…"
        passage = "sweep.left_out" if method == "grid" else "sweep.drawn_anew"
        st.info(lessons.text(passage, count=found.left_out, why=words.escaped(why)), icon=":material/info:")
    start(plan, plan.members, _seconds(plan), "")


def _plan(base: RunSpec, varied: Sequence[Varied], method: str) -> SweepPlan:
    """Ask for the budget."""
    runs = DEFAULT_RUNS
    left, middle, right = st.columns(3, gap="medium", vertical_alignment="bottom")
    if method != "grid":
        with left:
            about = lessons.text("sweep.help_runs", most=MOST_RUNS)
            shown = _RUNS.shown(FEWEST_RUNS, MOST_RUNS)
            runs = _RUNS.written(st.slider("runs", FEWEST_RUNS, MOST_RUNS, shown, key=_RUNS.key, help=about))
    with middle if method != "grid" else left:
        low, high = int(MINUTES.low), int(MINUTES.high)
        minutes = _MINUTES.field(lessons.text("sweep.minutes"), low, high, help=lessons.text("sweep.help_minutes"))
    with right if method != "grid" else middle:
        about = lessons.text("sweep.help_prune", first=STARTUP_RUNS)
        prunes = _PRUNE.segments(lessons.text("sweep.prune"), help=about) == "on"
    return SweepPlan(base, tuple(varied), method, runs, minutes, prunes)  # type: ignore[arg-type]


def _guess(plan: SweepPlan) -> str:
    """Ask what the best run will have of the first setting; nobody has to answer."""
    labels = {"": lessons.text("sweep.no_guess"), **{each: _NAMED.get(each, each) for each in plan.guesses}}
    question = lessons.text("sweep.guess", setting=label_of(plan.varied[0].change))
    return Choice("sweep_guess", labels, "", "guess").segments(question)


def _seconds(plan: SweepPlan) -> float | None:
    """What all runs take together; of those that TPE will propose nothing is known but the mean of the first ones."""
    specs = plan.combinations.specs
    seconds = estimate(specs)
    whole = None if seconds is None else seconds * plan.members / len(specs)
    return None if whole is None else min(whole, 60.0 * plan.minutes)
