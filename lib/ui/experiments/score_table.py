"""The score table: all runs of a visitor side by side, one or two of them picked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lib.engine.runs.scores import MOST, Score
from lib.ui.experiments.columns import Column, columns_of, for_browser, scores_csv
from lib.ui.experiments.one_run import one_run
from lib.ui.experiments.two_runs import two_runs
from lib.ui.kit import lessons, links, unusable
from lib.ui.kit.component import component, whole
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.kit.noted import Noted
from lib.ui.results import keeping
from lib.ui.session import visitor
from lib.ui.session.engine import engine

_TABLE: Key[Any] = Key("score_rows", None)
_COLUMN = re.compile(r"-?([a-z_]{1,40})")
_RUNS = re.compile(r"[0-9a-f]{16}(-[0-9a-f]{16})?|")
# Also runs that are not there: until the browser has said who the visitor is, their own are somebody else's.
_PICKED = Noted("score_picked", "compare", "", lambda text: text if _RUNS.fullmatch(text) else None)
"""Ids of the picked runs, with "-" between."""


def _sorted_by(read: Callable[[str], str | None] = lambda text: text) -> Noted[str]:
    """What the table is sorted by: a column's id, with "-" in front for downwards."""
    return Noted("score_sort", "sort", "-created_at", read)


def score_table() -> None:
    """Show the table, and what may be done with the runs that are picked in it."""
    with st.container(key="score_table"):
        _part()


@fragment
@unusable.told()
def _part() -> None:
    keeping.deleted()
    rows = engine().scores(visitor.owner())
    if not rows:
        st.info(lessons.text("experiments_table.none"), icon=":material/model_training:")
        links.page_link("build", "Train a network", ":material/play_arrow:")
        return
    lessons.show("experiments_table.title")
    columns = columns_of(rows)
    picked = _table(rows, columns)
    if len(rows) == MOST:
        st.caption(lessons.text("experiments_table.most", most=f"{MOST:,}"))
    st.download_button(
        "Table (CSV)", lambda: scores_csv(rows, columns), "layerlab-runs.csv", "text/csv", key="download_scores",
        icon=":material/table:", on_click="ignore",
    )  # fmt: skip
    if len(picked) == 1:
        one_run(picked[0], _unpick)
    elif picked:
        two_runs(*picked)


def _table(rows: Sequence[Score], columns: Sequence[Column]) -> list[Score]:
    """Draw the table; the runs that are picked, in the order in which they were."""
    by_id, known = {score.id: score for score in rows}, {column.id for column in columns}

    def column_of(text: str) -> str | None:
        found = _COLUMN.fullmatch(text)
        return text if found is not None and found[1] in known else None

    sort, asked = _sorted_by(column_of).shown(), _PICKED.shown()
    if any(run_id not in by_id for run_id in asked.split("-") if run_id):
        st.warning(lessons.text("experiments_table.unknown"))
    picked = [run_id for run_id in dict.fromkeys(asked.split("-")) if run_id in by_id]
    data = {**for_browser(rows, columns), "sort": sort, "picked": picked, "label": "All your runs", "pick": "Pick"}
    component("score_table")(key=_TABLE.name, data=whole(data), on_sort_change=_sort, on_picked_change=_pick)
    return [by_id[run_id] for run_id in picked]


def _sort() -> None:
    """Take over what the table was sorted by. A browser may send anything."""
    told = _TABLE.get().sort
    if isinstance(told, str) and _COLUMN.fullmatch(told):
        _sorted_by().set(told)


def _pick() -> None:
    """Take over which runs were picked."""
    told = _TABLE.get().picked
    if isinstance(told, list) and all(isinstance(each, str) for each in told) and _RUNS.fullmatch("-".join(told)):
        _PICKED.set("-".join(told))


def _unpick() -> None:
    """A picked run was deleted."""
    _PICKED.set("")
