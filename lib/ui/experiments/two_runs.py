"""Two runs beside each other: what differs between them, and the way to an experiment."""

from __future__ import annotations

import streamlit as st

from lib.engine.runs.scores import Score
from lib.specs.differences import Value, difference, in_short, shown
from lib.ui.experiments.ways import ways
from lib.ui.kit import lessons, words
from lib.ui.kit.spoiled import spoiled_notice
from lib.ui.session.comparing import compare


def two_runs(first: Score, second: Score) -> None:
    """Say what differs between two runs, lead to their pages, and offer an experiment with both."""
    for name, score, column in zip("ab", (first, second), st.columns(2), strict=True):
        with column:
            st.markdown(f"**{words.escaped(score.title)}**")
            spoiled_notice(score.spec.data, f"_{name}")
            ways(score)
    changes = difference(first.spec, second.spec)
    lessons.show("experiments_table.two" if changes else "experiments_table.no_difference")
    if changes:
        st.markdown("\n".join(f"- {_line(first, second, *change)}" for change in map(in_short, changes)))
    if first.spec.dataset != second.spec.dataset:
        st.caption(lessons.text("experiments_table.other_data"))
    if st.button("Compare in an experiment", key="compare_runs", icon=":material/science:", type="primary",
                 disabled=not changes):  # fmt: skip
        compare(first.spec, second.spec)
        st.rerun()  # the whole page: the experiment is set up elsewhere on it


def _line(first: Score, second: Score, name: str, before: Value, after: Value) -> str:
    if name == "dataset":  # its id says nothing of a person's own data
        before, after = first.spec.dataset.title, second.spec.dataset.title
    return lessons.text(
        "experiments_table.change", setting=words.escaped(name), before=_shown(before), after=_shown(after)
    )


def _shown(value: Value) -> str:
    return words.escaped(shown(value))
