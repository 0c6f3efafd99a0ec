"""Which experiment the page shows: a list of one's own, a new one, or the one that the address names."""

from __future__ import annotations

import datetime

import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.experiments.snapshot import ExperimentRow, ExperimentSnapshot
from lib.ui.experiments.kinds import KINDS
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.session import visitor
from lib.ui.session.engine import engine
from lib.ui.session.state import CHOSEN_EXPERIMENT, EXPERIMENT_B

NEW = "new"
_PICKER = Key("experiment_picker", NEW)
_ASKED = Key("experiment_asked", "")
"""The experiment that the address named last: it is taken over once, so that a choice on the page is newer."""
_TROUBLE = Key("experiment_unknown", "")
_MOST_LETTERS = 90


def chosen_experiment() -> ExperimentSnapshot | None:
    """Let a person choose; None for a new experiment."""
    _read_address()
    mine = {each.id: each for each in engine().experiments.of(visitor.owner())}
    shown = _shown()
    if mine or shown is not None:
        _list(mine, shown)
    if _TROUBLE.get():
        st.warning(lessons.text("experiments.unknown", why=words.escaped(_TROUBLE.get())))
    _write_address(shown.id if shown else "")
    return shown


def _read_address() -> None:
    asked = st.query_params.get("experiment", "")
    if asked and asked != _ASKED.get():
        CHOSEN_EXPERIMENT.set(asked)
        _TROUBLE.drop()
    _ASKED.set(asked)


def _write_address(shown: str) -> None:
    _ASKED.set(shown)
    if not shown:
        st.query_params.pop("experiment", None)
    elif st.query_params.get("experiment") != shown:
        st.query_params.clear()  # what a form says of a new one
        st.query_params["experiment"] = shown


def _shown() -> ExperimentSnapshot | None:
    wanted = CHOSEN_EXPERIMENT.get()
    if not wanted:
        return None
    try:
        return engine().experiment(wanted)
    except EngineError as error:
        CHOSEN_EXPERIMENT.drop()
        _TROUBLE.set(str(error))
        return None


def _list(mine: dict[str, ExperimentRow], shown: ExperimentSnapshot | None) -> None:
    titles = {shown.id: title(shown)} if shown is not None and shown.id not in mine else {}
    titles |= {each.id: title(each) for each in mine.values()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="experiment_choice"):
        ids = [NEW, *titles]
        now = shown.id if shown else NEW
        pin(_PICKER.name, now)
        st.selectbox(
            "Experiment", ids, ids.index(now), key=_PICKER.name, on_change=_pick,
            format_func=lambda name: titles.get(name, "a new one"),
        )  # fmt: skip
        if shown is not None:
            st.button("New experiment", key="new_experiment", icon=":material/add:", on_click=_begin_new)


def _pick() -> None:
    picked = _PICKER.get()
    CHOSEN_EXPERIMENT.set("" if picked == NEW else picked)
    _TROUBLE.drop()


def _begin_new() -> None:
    CHOSEN_EXPERIMENT.drop()
    EXPERIMENT_B.drop()


def title(experiment: ExperimentSnapshot | ExperimentRow) -> str:
    """An experiment in a line that no other one has and that stays: a browser knows the list's entries by their words.

    It says what it is about, on which data, how many runs it has, when it was begun, and the beginning of its id.
    """
    plan = experiment.plan
    about = KINDS[plan.kind].title(plan)
    what = about if len(about) <= _MOST_LETTERS else about[:_MOST_LETTERS] + "…"
    when = datetime.datetime.fromtimestamp(experiment.created_at, datetime.UTC).strftime("%d %b %H:%M UTC")
    return f"{what} · {plan.base.dataset.title} · {KINDS[plan.kind].amount(plan)} · {when} · {experiment.id[:4]}"
