"""The foot of each form of a new experiment: how long it will take, and the button that starts it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.experiments.plan import Plan
from lib.errors import SetUpError
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.session import visitor
from lib.ui.session.engine import engine
from lib.ui.session.state import CHOSEN_EXPERIMENT

_TROUBLE = Key("experiment_trouble", "")


def estimate(specs: Sequence[RunSpec]) -> float | None:
    """Seconds that all of these take one after the other; None where a stack breaks."""
    seconds = {spec: engine().estimate_seconds(spec) for spec in set(specs)}
    each = [seconds[spec] for spec in specs]
    return None if None in each else sum(one for one in each if one is not None)


def start(plan: Plan | None, runs: int, seconds: float | None, problem: str, missing: str = "") -> None:
    """Draw the button.

    Args:
        plan: what it starts; None where there is a problem.
        runs: that it trains; 0 where that is not known.
        seconds: that they take together, as far as that is known.
        problem: why it cannot be started, in a sentence, or "".
        missing: what a person has to do before, in a sentence, or "".
    """
    if seconds is not None and not problem:
        st.caption(lessons.text("experiments.estimate", runs=runs, time=words.duration(seconds)))
    st.button(
        lessons.text("experiments.start", runs=runs or "the"), key="start_experiment", type="primary",
        icon=":material/science:", disabled=bool(problem), on_click=_begin, args=(plan, missing),
    )  # fmt: skip
    trouble = _TROUBLE.take() or problem
    if trouble:
        st.error(words.escaped(trouble), icon=":material/block:")


def _begin(plan: Plan, missing: str) -> None:
    if missing:
        _TROUBLE.set(missing)
        return
    try:
        CHOSEN_EXPERIMENT.set(engine().experiments.start(plan, visitor.owner()))
    except (EngineError, SetUpError) as error:
        _TROUBLE.set(str(error))
