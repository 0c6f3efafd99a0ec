"""The runs of a sweep as a table that sorts; what is picked in it can be opened or compared."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import streamlit as st

from lib.concepts.measures import MEASURES
from lib.engine.experiments.snapshot import ExperimentSnapshot, Member
from lib.engine.experiments.sweep import SweepPlan
from lib.ui.experiments.columns import DOWNWARDS, Kind
from lib.ui.experiments.outcome import measure_name
from lib.ui.experiments.swept_runs import axes_of, figure_of, state, values_of
from lib.ui.kit import lessons, links, words
from lib.ui.kit.component import component, whole
from lib.ui.kit.key import Key
from lib.ui.kit.noted import Noted
from lib.ui.session import draft
from lib.ui.session.comparing import compare

_TABLE: Key[Any] = Key("sweep_rows", None)
PARAMETERS = _SORT, _PICKED = "sweep_sort", "sweep_picked"
_COLUMN = re.compile(r"-?([a-z_]{1,20}[0-9]?)")
_RUNS = re.compile(r"[0-9a-f]{16}(-[0-9a-f]{16})?|")
_PAGES = (
    ("results", "Results", ":material/query_stats:"),
    ("build", "Build", ":material/model_training:"),
    ("inside", "Inside", ":material/frame_inspect:"),
)


def sweep_table(experiment: ExperimentSnapshot, plan: SweepPlan) -> None:
    """Show the table, and what may be done with the runs that are picked in it; nothing before the first run."""
    begun = {member.run_id: member for member in experiment.members if member.run is not None}
    if not begun:
        return
    lessons.show("sweep.table")
    picked = _table(experiment.id, list(begun.values()), plan)
    if len(picked) == 1:
        _one(begun[picked[0]])
    elif picked:
        _two(experiment, plan, begun[picked[0]], begun[picked[1]])


def _table(experiment: str, members: list[Member], plan: SweepPlan) -> list[str]:
    """Draw the table; ids of the runs that are picked, in the order in which they were."""
    columns = _columns(plan)
    known, ids = {column["id"] for column in columns}, {member.run_id for member in members}

    def column_of(text: str) -> str | None:
        found = _COLUMN.fullmatch(text)
        return text if found is not None and found[1] in known else None

    def runs_of(text: str) -> str | None:
        known = [run_id for run_id in dict.fromkeys(text.split("-")) if run_id in ids]
        return "-".join(known) if _RUNS.fullmatch(text) else None

    # Of each sweep its own: another one has other columns and other runs, and what an address says of it is news.
    sort = Noted(f"{_SORT} {experiment}", _SORT, "-figure" if plan.share else "figure", column_of)
    picks = Noted(f"{_PICKED} {experiment}", _PICKED, "", runs_of)
    picks.set(runs_of(picks.shown()) or "")  # a run may have been deleted meanwhile
    picked = picks.shown().split("-") if picks.get() else []
    data = {"columns": columns, "rows": [[member.run_id, _cells(member, plan)] for member in members],
            "sort": sort.shown(), "picked": picked, "label": "Runs of this sweep", "pick": "Pick"}  # fmt: skip
    component("score_table")(
        key=_TABLE.name, data=whole(data), on_sort_change=partial(_sort, sort), on_picked_change=partial(_pick, picks)
    )
    return picked


def _columns(plan: SweepPlan) -> list[dict[str, Any]]:
    """Number and state of a run, what it has of each setting, and what it reached."""
    measure = MEASURES[measure_name(plan)]
    axes: list[tuple[str, str, Kind]] = [
        (f"setting{place}", axis.name, "words" if axis.choices else "number")
        for place, axis in enumerate(axes_of(plan))
    ]
    figure: Kind = "share" if measure.share else "number"
    last: list[tuple[str, str, Kind]] = [
        ("figure", f"validation {measure.title}", figure), ("epochs", "epochs", "whole"),
        ("seconds", "time", "seconds"),
    ]  # fmt: skip
    every: list[tuple[str, str, Kind]] = [("run", "run", "words"), ("state", "state", "words"), *axes, *last]
    return [{"id": name, "title": title, "kind": kind, "down": kind in DOWNWARDS} for name, title, kind in every]


def _cells(member: Member, plan: SweepPlan) -> list[Any]:
    assert member.run is not None
    points = member.run.epoch_points
    seconds = sum(point.seconds for point in points) or None
    return [f"run {member.place + 1}", state(member), *values_of(plan, member), figure_of(member, plan),
            member.run.epochs_trained, seconds]  # fmt: skip


def _sort(noted: Noted[str]) -> None:
    """Take over what the table was sorted by. A browser may send anything."""
    told = _TABLE.get().sort
    if isinstance(told, str) and noted.read(told) is not None:
        noted.set(told)


def _pick(noted: Noted[str]) -> None:
    """Take over which runs were picked."""
    told = _TABLE.get().picked
    picked = (
        noted.read("-".join(told)) if isinstance(told, list) and all(isinstance(each, str) for each in told) else None
    )
    if picked is not None:
        noted.set(picked)


def _one(member: Member) -> None:
    """Lead to the pages that show a run, and make it the draft."""
    st.markdown(f"**{words.escaped(member.label)}**")
    assert member.run is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Open as draft", key="open_as_draft", icon=":material/edit:", type="primary"):
            draft.open_new(member.run.spec)
            links.go("build")
        for page, label, icon in _PAGES:
            links.page_link(page, label, icon, {"run": member.run_id})


def _two(experiment: ExperimentSnapshot, plan: SweepPlan, first: Member, second: Member) -> None:
    """Offer a comparison of two runs, with several seeds."""
    assert first.run is not None
    assert second.run is not None
    st.markdown(f"**A**: {words.escaped(first.label)}  \n**B**: {words.escaped(second.label)}")
    st.caption(lessons.text("sweep.compare_luck", runs=experiment.ended, seed=plan.base.training.seed))
    if st.button("Compare these two", key="compare_swept", icon=":material/science:", type="primary"):
        compare(first.run.spec, second.run.spec, first_seed=plan.base.training.seed + 1)
        st.rerun()  # the whole page: the form of a new experiment takes its place
