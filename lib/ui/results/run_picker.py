"""Which past run to look at; the address names it, so that a result can be shared."""

from __future__ import annotations

import datetime

import streamlit as st

from lib.engine.runs.snapshot import RunRow, RunSnapshot
from lib.specs.datasets import DATASETS
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.session import draft, visitor
from lib.ui.session.engine import engine, find_run
from lib.ui.session.state import CHOSEN_RUN

_PICKER = Key("run_picker", "")
_PICKED = Key("results_picked", False)
"""Whether the visitor has picked a run since the page was drawn last: the browser's address still names the one before,
and for this one request the choice is newer."""


def run_picker() -> RunSnapshot | None:
    """Choose among this visitor's runs and the one that the address names; None when there is none at all."""
    asked, picked = st.query_params.get("run", ""), _PICKED.take()
    if asked and not picked and asked != CHOSEN_RUN.get():
        if find_run(asked) is None:
            st.warning(lessons.text("results.unknown_run", run=words.escaped(f"{asked!r:.40}")))
        else:
            CHOSEN_RUN.set(asked)
    rows = {row.id: row for row in engine().runs(visitor.owner())}
    chosen = _default(rows)
    if chosen is None:
        return None
    ids = list(rows) if chosen.id in rows else [chosen.id, *rows]
    pin(_PICKER.name, chosen.id)
    st.selectbox(
        "Run",
        ids,
        ids.index(chosen.id),
        key=_PICKER.name,
        format_func=lambda run_id: _title(rows[run_id]) if run_id in rows else f"{chosen.title} (from the address)",
        on_change=_pick,
    )
    if st.query_params.to_dict() != {"run": chosen.id}:
        st.query_params.from_dict({"run": chosen.id})
    return chosen


def _pick() -> None:
    CHOSEN_RUN.set(_PICKER.get())
    _PICKED.set(True)


def _default(rows: dict[str, RunRow]) -> RunSnapshot | None:
    """The run chosen before, else the one the Build page follows, else the newest that was tested, else the newest."""
    wanted = [CHOSEN_RUN.get(), draft.attached_run()]
    wanted += [row.id for row in rows.values() if row.test_accuracy is not None][:1] + list(rows)[:1]
    for run_id in wanted:
        found = find_run(run_id) if run_id else None
        if found is not None:
            CHOSEN_RUN.set(found.id)
            return found
    return None


def _title(row: RunRow) -> str:
    """A run in one line: when, what, how far, how good."""
    when = datetime.datetime.fromtimestamp(row.created_at, datetime.UTC).strftime("%d %b %H:%M UTC")
    dataset = DATASETS[row.dataset].title if row.dataset in DATASETS else ""
    title = row.title if dataset in row.title else f"{row.title} on {dataset}"
    return f"{_result(row)} · {title} · {row.epochs_trained:,} epochs · {when}"


def _result(row: RunRow) -> str:
    """How good, or how far. Where a number is predicted the list says 0, and the run itself is asked for its loss."""
    if row.test_accuracy is None:
        return row.status
    run = find_run(row.id) if row.test_accuracy == 0 else None
    if run is not None and run.spec.regression and run.evaluation is not None:
        return f"loss {run.evaluation.loss:.4f}"
    return words.percent(row.test_accuracy)
