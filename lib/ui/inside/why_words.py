"""Why this answer, for a sentence: each word in turn is left out."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.arrays import pack
from lib.concepts.leaving_out import answers
from lib.data.text import End, pad
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.inside.parts import words_data
from lib.figures.learn.sequences import Row
from lib.specs.codec import model_to_dict
from lib.specs.data import DataSpec
from lib.specs.layers.known import Recurrent
from lib.specs.model import ModelSpec
from lib.ui.inside.epoch_choice import playing
from lib.ui.inside.shares import class_asked, shares_of
from lib.ui.kit import lessons
from lib.ui.kit.component import component, whole
from lib.ui.session.asked import asked
from lib.ui.session.engine import engine
from lib.worker import leaving_out

MOST_WORDS = 100
"""Words of a row that are left out in turn."""
_MOST_HERE = 10_000_000
"""Multiply-adds that the page itself may do, some 20 ms; what takes longer goes to a worker."""

Values = NDArray[np.float32]
Weights = dict[str, NDArray[Any]]


def why_words(run: RunSnapshot, which: str, weights: Weights, row: Row, output: Values) -> None:
    """Show how far the probability of a class falls without each word.

    Args:
        run: the run.
        which: what these weights are called: two of a run with the same name are the same.
        weights: by name.
        row: the sentence.
        output: of the last layer.
    """
    spec, usual = run.spec, shares_of(run.spec, output)
    read = [step for step, place in enumerate(row.places) if place]
    if len(read) < 2:
        st.caption(lessons.text("inside.one_word"))
        return
    lessons.show("inside.why_words")
    label = class_asked(spec, int(usual.argmax()))
    rows = without_each(row.ids[read], spec.data)[:MOST_WORDS]
    found = _answers(run, which, weights, rows)
    if found is not None:
        parts = usual[label] - shares_of(spec, found)[:, label]
        said = [row.words[step] for step in read[: len(rows)]]
        with st.container(key="why_words"):
            component("why_words")(key="inside_words_view", data=whole(words_data(said, parts, float(usual[label]))))
    if len(read) > MOST_WORDS:
        st.caption(lessons.text("inside.more_words", shown=MOST_WORDS, all=len(read)))
    lessons.show("inside.words_said")


def without_each(ids: NDArray[np.int32], data: DataSpec) -> NDArray[np.int32]:
    """The rows of a sentence without its first word, without its second, and so on; padded at the usual end.

    Args:
        ids: of the words that are read, without padding.
        data: says how long a row is, and at which end it is padded.

    Returns:
        `(words, length)`.

    >>> without_each(np.array([7, 8, 9], np.int32), DataSpec(dataset="movies", length=5)).tolist()
    [[0, 0, 0, 8, 9], [0, 0, 0, 7, 9], [0, 0, 0, 7, 8]]
    """
    ends = cast(End, data.padding), cast(End, data.truncating)
    return pad([np.delete(ids, place).tolist() for place in range(len(ids))], data.length, *ends)


def _answers(run: RunSnapshot, which: str, weights: Weights, rows: NDArray[np.int32]) -> Values | None:
    """The answer to each row; None while a worker computes it, of which a sentence tells."""
    model = run.spec.model
    if _quick(model, len(rows)):
        return answers(model, weights, rows)
    if playing():
        st.caption(lessons.text("inside.no_film"))
        return None
    opened, digest = engine(), hashlib.sha256(rows.tobytes()).hexdigest()
    return asked(
        "why words",
        f"words {run.id} {which} {digest}",
        lambda: opened.looks.ask(leaving_out.answers, model_to_dict(model), pack(weights), rows),
        lessons.text("inside.leaving", count=len(rows)),
    )


def _quick(model: ModelSpec, rows: int) -> bool:
    """Whether the page can answer itself. A cell that goes from step to step takes long, however few its products."""
    if any(isinstance(layer, Recurrent) for layer in model.layers):
        return False
    return model.multiply_adds() * rows <= _MOST_HERE
