"""The confusion matrix, the samples behind each of its cells, and the figures of each class."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.concepts.metrics import per_class
from lib.figures.results.confusion import confusion_matrix
from lib.ui.kit import lessons, words
from lib.ui.kit.component import component, whole
from lib.ui.kit.key import Key
from lib.ui.results.run_answers import ClassAnswers
from lib.ui.results.samples import samples
from lib.ui.session.state import SAMPLE

SHOWN = 12
TEXTS_SHOWN = 4
"""Sentences and rows are larger than pictures."""
FEW_CLASSES = 5
_NUMBERS = {"counts": "counts", "shares": "share of each class"}
_MATRIX: Key[Any] = Key("confusion", None)
_TRUE, _PREDICTED = Key("cell_true", 0), Key("cell_predicted", 0)
_OF_RUN = Key("cell_run", "")
"""Id of the run that the cell was chosen for."""


def confusion_view(answers: ClassAnswers, with_samples: bool) -> None:
    """Show the matrix, the figures of each class and, where the samples can be listed, the cell that was chosen.

    When a person chooses a sample, the page is run again: the rest of it follows that sample.
    """
    names = answers.names
    lessons.show("results.confusion", kind=words.samples(answers.run.spec.data.kind))
    if with_samples:
        lessons.show("results.confusion_click")
        _worst_first(answers)
    few = len(names) < FEW_CLASSES
    left, right = st.columns([6, 5], gap="large")
    with left:
        _matrix(answers, with_samples)
        if few and with_samples:
            per_class_table(answers)
    with right:
        if with_samples:
            _cell(answers, names)
        else:
            per_class_table(answers)
    if with_samples and not few:
        per_class_table(answers)


def _matrix(answers: ClassAnswers, with_samples: bool) -> None:
    with st.container(key="confusion_matrix"):
        numbers = st.segmented_control(
            "Numbers", list(_NUMBERS), default="counts", key="confusion_numbers", required=True,
            format_func=_NUMBERS.__getitem__, label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        picture = confusion_matrix(answers.counts, answers.names, numbers == "shares")
        component("confusion")(
            key=_MATRIX.name,
            data=whole(picture | {"chosen": [_TRUE.get(), _PREDICTED.get()] if with_samples else None}),
            on_chosen_change=lambda: _choose(len(answers.names)),
        )


def _choose(classes: int) -> None:
    """Set the two lists beside the matrix to the cell that was chosen there."""
    match _MATRIX.get().chosen:
        case [int(true), int(predicted)] if 0 <= true < classes and 0 <= predicted < classes:
            _TRUE.set(true)
            _PREDICTED.set(predicted)


def _cell(answers: ClassAnswers, names: tuple[str, ...]) -> None:
    first, second = st.columns(2)
    classes = list(range(len(names)))
    with first:
        true = st.selectbox("It is", classes, _TRUE.get(), key=_TRUE.name, format_func=names.__getitem__)
    with second:
        predicted = st.selectbox(
            "taken for", classes, _PREDICTED.get(), key=_PREDICTED.name, format_func=names.__getitem__
        )
    inside = answers.cell(true, predicted)
    if not len(inside):
        kind = words.samples(answers.run.spec.data.kind)
        who = {"true": words.escaped(names[true]), "predicted": words.escaped(names[predicted])}
        st.caption(lessons.text("results.no_cell", kind=kind, **who))
        return
    shown = SHOWN if answers.run.spec.data.kind == "images" else TEXTS_SHOWN
    more = f", the {shown} most confident" if len(inside) > shown else ""
    st.caption(f"{len(inside):,} of {int(answers.counts[true].sum()):,}{more}")
    chosen = samples(answers, inside[:shown].tolist(), "cell_samples")
    if chosen is not None:
        SAMPLE.set(chosen)
        st.rerun()


def _worst_first(answers: ClassAnswers) -> None:
    """Choose the most frequent mistake, when a run is shown for the first time."""
    classes = len(answers.counts)
    if _OF_RUN.get() == answers.run.id and all(key.is_set() and key.get() < classes for key in (_TRUE, _PREDICTED)):
        return
    mistakes = answers.counts.copy()
    for place in range(classes):
        mistakes[place, place] = -1
    worst = int(mistakes.argmax())
    _OF_RUN.set(answers.run.id)
    _TRUE.set(worst // classes)
    _PREDICTED.set(worst % classes)


def per_class_table(answers: ClassAnswers) -> None:
    """Show precision, recall and F1 of each class."""
    lessons.show("results.per_class", kind=words.samples(answers.run.spec.data.kind))
    figures = per_class(answers.counts)
    # Markdown, not st.table: that would load pandas (70 MB) for ten rows.
    rows = ["| class | precision | recall | F1 | test |", "|---|--:|--:|--:|--:|"]
    for name, *shares, count in zip(
        answers.names,
        figures.precision,
        figures.recall,
        figures.f1,
        figures.support,
        strict=True,
    ):
        rows.append(f"| {words.escaped(name)} | {' | '.join(f'{share:.3f}' for share in shares)} | {count:,} |")
    with st.container(key="per_class"):
        st.markdown("\n".join(rows))
