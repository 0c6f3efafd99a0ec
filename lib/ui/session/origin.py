"""Where a run's first weights come from, in a line, where its seed did not draw them."""

from __future__ import annotations

import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.changes import describe_changes, from_text
from lib.ui.kit import lessons, words
from lib.ui.session import own_visit
from lib.ui.session.engine import find_run


def origin(run: RunSnapshot) -> None:
    """Say which run and epoch a run went on from, and which layers are frozen; nothing for other runs."""
    start = run.spec.start
    if start is None:
        return
    parts = [lessons.text("inside.went_on", origin=_named(start.run), epoch=f"{start.epoch:,}")]
    if start.frozen:
        rows = [row for row in run.spec.model.trace if row.name in start.frozen]
        numbers = sum(row.parameters.total for row in rows)
        parts.append(
            lessons.text(
                "inside.frozen_layers", layers=", ".join(f"`{name}`" for name in start.frozen), numbers=f"{numbers:,}",
                all=f"{run.spec.model.parameters:,}",
            )
        )  # fmt: skip
    if start.by_hand:
        what = words.escaped(describe_changes(from_text(start.by_hand)))
        parts.append(lessons.text("inside.begun_by_hand", what=what))
    with st.container(key="origin"):
        st.caption(" ".join(parts))


def _named(run_id: str) -> str:
    """A link to the run that the weights come from; its bare id where it is gone or not for this visitor."""
    found = find_run(run_id)
    if found is None:
        return lessons.text("inside.origin_gone", run=run_id)
    if own_visit.closed(found.spec.data.dataset):
        return f"`{run_id}`"
    return f"[{words.escaped(found.title)}](inside?run={run_id}) (`{run_id}`)"
