"""A new experiment: of which kind it is, and the form of that kind."""

from __future__ import annotations

import streamlit as st

from lib.engine.experiments.comparison import ComparisonPlan
from lib.ui.experiments.kinds import KINDS
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.key import Key
from lib.ui.session.state import ASKED_KIND

_KIND = Choice("experiment_kind", {name: kind.label for name, kind in KINDS.items()}, ComparisonPlan.kind)


def new_experiment() -> str:
    """Show the form; the id of the kind."""
    lessons.show("experiments.new")
    _take_over()
    kind = _KIND.segments(lessons.text("experiments.kind"))
    others = {each for other in KINDS.values() for each in (*other.parameters, *other.of_view)}
    for parameter in others - {*KINDS[kind].parameters}:
        st.query_params.pop(parameter, None)  # of the form of another kind, or of an experiment that was shown
    with st.container(border=True, key="experiment_form"):
        KINDS[kind].form()
    return kind


def _take_over() -> None:
    """Show the kind that was asked for elsewhere, or by an address that has settings of it and does not name it."""
    widget, address = Key(_KIND.key, ""), st.query_params
    asked = ASKED_KIND.take()
    if not widget.is_set() and _KIND.key not in address:
        asked = asked or next((name for name, kind in KINDS.items() if {*kind.parameters} & {*address}), "")
    if asked in KINDS:
        widget.set(asked)
