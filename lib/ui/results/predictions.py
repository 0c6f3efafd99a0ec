"""Every answer to the test part: filtered, and page by page."""

from __future__ import annotations

import math

import streamlit as st

from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.results.one_answer import open_answer
from lib.ui.results.run_answers import ClassAnswers, Positions
from lib.ui.results.samples import samples

PER_PAGE = 20
FILTERS = {"first": "first samples", "wrong": "wrong ones", "least_sure": "least sure", "class": "by class"}
_PAGE = WholeNumber("page", 1)


def prediction_view(answers: ClassAnswers) -> None:
    """Show the answers. The sample that a person chooses is followed through the layers in a drawer."""
    one = words.sample(answers.run.spec.data.kind)
    with st.container(key="predictions"):
        lessons.show("results.predictions", sample=words.with_article(one))
        numbers = _filtered(answers)
        if not len(numbers):
            st.caption(lessons.text("results.no_match", sample=one))
        else:
            _page(answers, numbers)


def _filtered(answers: ClassAnswers) -> Positions:
    names = answers.names
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = Choice("filter", FILTERS, "first").segments("Show")
        label = 0
        if chosen == "class":
            label = Choice("filter_class", dict(enumerate(names)), 0, "class").listed("Class", width=200)
    if chosen == "wrong":
        return answers.wrong()
    if chosen == "least_sure":
        return answers.least_sure()
    return answers.of_class(label) if chosen == "class" else answers.first()


def _page(answers: ClassAnswers, numbers: Positions) -> None:
    pages = math.ceil(len(numbers) / PER_PAGE)
    place = _PAGE.shown(1, pages)  # a filter may leave fewer pages than the one before: then the first one
    start = (place - 1) * PER_PAGE
    shown = numbers[start : start + PER_PAGE]
    hits = int((answers.predicted[shown] == answers.true[shown]).sum())
    st.caption(f"{start + 1:,} to {start + len(shown):,} of {len(numbers):,} · {hits} of these {len(shown)} right")
    chosen = samples(answers, shown.tolist(), "page_samples")
    _PAGE.written(st.pagination(pages, default=place, key=_PAGE.key) if pages > 1 else place)
    if chosen is not None:
        open_answer(chosen)
