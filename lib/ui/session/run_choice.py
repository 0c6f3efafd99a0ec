"""The run that a page shows: a list to choose from, and the address that names the choice to others."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.session import past_runs, visitor
from lib.ui.session.engine import engine, find_run
from lib.ui.session.state import CHOSEN_RUN

Page = Literal["results", "inside"]
_PICKERS: dict[Page, Key[str]] = {"results": Key("run_picker", ""), "inside": Key("inside_run", "")}
"""The list of each page that shows a run."""
_WORDS: Key[dict[str, str]] = Key("run_words", {})
"""Ids by the words that they were listed with. A browser answers with words, also with those of the drawing before: a
run that has trained another epoch is listed with others."""
_PICKED = Key("run_picked", False)
"""Whether the visitor has picked a run since the page was drawn last. In this one request the browser's address still
names the run before, and the choice is newer."""

_MISSING: Key[tuple[str, str]] = Key("run_missing", ("", ""))
"""The page and the run that its address has asked for in vain. It is told as long as the visitor stays there and
chooses no other run: a page that waits for a worker is drawn again by itself."""


def run_choice(page: Page, of_one_run: tuple[str, ...] = ()) -> RunSnapshot | None:
    """Let a person choose among their own runs and the one that the address names; None where there is no run.

    Args:
        page: that asks.
        of_one_run: parameters of the page's address that mean something in one run only; another choice drops them.
    """
    asked, picked = st.query_params.get("run", ""), _PICKED.take()
    if asked and not picked and asked != CHOSEN_RUN.get():
        if find_run(asked) is None:
            _MISSING.set((page, asked))
        else:
            CHOSEN_RUN.set(asked)
            _MISSING.drop()
    asking, missing = _MISSING.get()
    if asking != page:
        _MISSING.drop()
    elif missing:
        st.warning(lessons.text("results.unknown_run", run=words.escaped(f"{missing!r:.40}")))
    if CHOSEN_RUN.get() and find_run(CHOSEN_RUN.get()) is None:
        CHOSEN_RUN.drop()
        st.warning(lessons.text("results.deleted"), icon=":material/delete:")
    rows = {row.id: row for row in engine().runs(visitor.owner())}
    chosen = past_runs.first_to_show(rows)
    if chosen is None:
        return None
    # In the words that it has among the visitor's own, too: until the browser has said who the visitor is, their runs
    # seem to be somebody else's, and a list whose words change goes on showing the old ones.
    titles = past_runs.titles({chosen.id: past_runs.row_of(chosen)} | rows)
    ids = list(titles)
    picker = _PICKERS[page]
    pin(picker.name, chosen.id)
    st.selectbox(
        "Run", ids, ids.index(chosen.id), key=picker.name, format_func=lambda run_id: titles.get(run_id, run_id),
        on_change=_pick, args=(page, of_one_run),
    )  # fmt: skip
    _WORDS.set({**_WORDS.get(), **{words: run_id for run_id, words in titles.items()}})
    if st.query_params.get("run") != chosen.id:
        st.query_params["run"] = chosen.id
    return chosen


def _pick(page: Page, of_one_run: tuple[str, ...]) -> None:
    said = _PICKERS[page].get()
    picked = _WORDS.get().get(said, said)
    if picked == CHOSEN_RUN.get():
        return  # the same run in other words
    CHOSEN_RUN.set(picked)
    _PICKED.set(True)
    _MISSING.drop()
    for name in of_one_run:
        st.query_params.pop(name, None)
