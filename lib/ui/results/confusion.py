"""The confusion matrix, the samples behind each of its cells, and the figures of each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.metrics import per_class
from lib.figures.results.confusion import confusion_matrix
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice, Place
from lib.ui.kit.component import component, whole
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.results.one_answer import open_answer
from lib.ui.results.run_answers import ClassAnswers
from lib.ui.results.samples import samples

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
    """Show the matrix, the figures of each class and, where the samples can be listed, the cell that was chosen."""
    names = answers.names
    lessons.show("results.confusion")
    if with_samples:
        place = _shown_cell(answers)
    few = len(names) < FEW_CLASSES
    left, right = st.columns([6, 5], gap="large")
    with left:
        _matrix(answers, with_samples)
        if few and with_samples:
            per_class_table(answers)
    with right:
        lessons.show("results.confusion_rows", kind=words.samples(answers.run.spec.data.kind))
        if with_samples:
            lessons.show("results.confusion_click")
            _cell(answers, names, place)
        else:
            per_class_table(answers)
    if with_samples and not few:
        per_class_table(answers)


def _matrix(answers: ClassAnswers, with_samples: bool) -> None:
    with st.container(key="confusion_matrix"):
        numbers = Choice("confusion_numbers", _NUMBERS, "counts", "numbers").segments(
            "Numbers", label_visibility="collapsed"
        )
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


def _cell(answers: ClassAnswers, names: tuple[str, ...], place: Place[str]) -> None:
    first, second = st.columns(2)
    classes = list(range(len(names)))
    with first:
        true = st.selectbox("It is", classes, _TRUE.get(), key=_TRUE.name, format_func=names.__getitem__)
    with second:
        predicted = st.selectbox(
            "The network said", classes, _PREDICTED.get(), key=_PREDICTED.name, format_func=names.__getitem__
        )
    place.written(_cell_text(true, predicted))
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
        open_answer(chosen)


def _shown_cell(answers: ClassAnswers) -> Place[str]:
    """Make the two lists show a cell: that of the address, or of a run that is shown for the first time the worst one.

    Returns:
        Where the cell is written down.
    """
    classes, run_id = len(answers.counts), answers.run.id

    def cell_of(text: str) -> str | None:
        return text if text in {_cell_text(true, said) for true in range(classes) for said in range(classes)} else None

    place = Place(f"cell {run_id}", "cell", _worst(answers))
    both = _TRUE.is_set() and _PREDICTED.is_set()
    other_run = both and _OF_RUN.get() != run_id
    present = cell_of(_cell_text(_TRUE.get(), _PREDICTED.get())) if both else None
    shown = place.usual if other_run else place.shown(present, cell_of)
    true, predicted = map(int, (cell_of(shown) or place.usual).split("-"))
    _OF_RUN.set(run_id)
    pin(_TRUE.name, true)
    pin(_PREDICTED.name, predicted)
    return place


def _cell_text(true: int, predicted: int) -> str:
    """A cell as it stands in the address.

    >>> _cell_text(4, 9)
    '4-9'
    """
    return f"{true}-{predicted}"


def _worst(answers: ClassAnswers) -> str:
    """The most frequent mistake."""
    mistakes = answers.counts.copy()
    np.fill_diagonal(mistakes, -1)
    return _cell_text(*map(int, divmod(int(mistakes.argmax()), len(mistakes))))


def per_class_table(answers: ClassAnswers) -> None:
    """Show precision, recall and F1 of each class."""
    lessons.show("results.per_class", kind=words.samples(answers.run.spec.data.kind))
    class_figures(answers.counts, answers.names, "test")


def class_figures(counts: NDArray[np.int64], names: Sequence[str], counted: str) -> None:
    """Show precision, recall and F1 of each class.

    Args:
        counts: confusion matrix, rows = true.
        names: of the classes.
        counted: heads the column with the number of each class's samples.
    """
    figures = per_class(counts)
    # Markdown, not st.table: that would load pandas (70 MB) for ten rows.
    rows = [f"| class | precision | recall | F1 | {counted} |", "|---|--:|--:|--:|--:|"]
    for name, *shares, count in zip(
        names,
        figures.precision,
        figures.recall,
        figures.f1,
        figures.support,
        strict=True,
    ):
        rows.append(f"| {words.escaped(name)} | {' | '.join(f'{share:.3f}' for share in shares)} | {count:,} |")
    with st.container(key="per_class"):
        st.markdown("\n".join(rows))
