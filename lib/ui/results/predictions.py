"""Every answer to the test part: filtered, and page by page."""

from __future__ import annotations

import math

import streamlit as st

from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.results.run_answers import ClassAnswers, Positions
from lib.ui.results.samples import samples
from lib.ui.session.state import SAMPLE

PER_PAGE = 20
FILTERS = {"first": "first samples", "wrong": "wrong ones", "least_sure": "least sure", "class": "by class"}
_PAGE = Key("page", 1)


def prediction_view(answers: ClassAnswers) -> None:
    """Show the answers. The sample that a person chooses is followed through the layers below."""
    one = words.sample(answers.run.spec.data.kind)
    with st.container(key="predictions"):
        lessons.show("results.predictions", sample=one)
        numbers = _filtered(answers)
        if not len(numbers):
            st.caption(lessons.text("results.no_match", sample=one))
        else:
            _page(answers, numbers)


def _filtered(answers: ClassAnswers) -> Positions:
    names = answers.names
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "Show", list(FILTERS), default="first", key="filter", required=True, persist_state="session", wrap=True,
            format_func=FILTERS.__getitem__,
        )  # fmt: skip
        label = 0
        if chosen == "class":
            label = st.selectbox(
                "Class", range(len(names)), key="filter_class", format_func=lambda place: names[place], width=200
            )
    if chosen == "wrong":
        return answers.wrong()
    if chosen == "least_sure":
        return answers.least_sure()
    return answers.of_class(label) if chosen == "class" else answers.first()


def _page(answers: ClassAnswers, numbers: Positions) -> None:
    pages = math.ceil(len(numbers) / PER_PAGE)
    # A filter may leave fewer pages than the one before; then the first page is shown.
    if _PAGE.get() > pages:
        _PAGE.set(1)
    place = _PAGE.get()
    start = (place - 1) * PER_PAGE
    shown = numbers[start : start + PER_PAGE]
    hits = int((answers.predicted[shown] == answers.true[shown]).sum())
    st.caption(f"{start + 1:,} to {start + len(shown):,} of {len(numbers):,} · {hits} of these {len(shown)} right")
    chosen = samples(answers, shown.tolist(), "page_samples")
    if chosen is not None:
        SAMPLE.set(chosen)
    if pages > 1:
        st.pagination(pages, key=_PAGE.name)
