"""What goes into the network: a test sample, or something of the person's own."""

from __future__ import annotations

import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.ui.inside.given import Input
from lib.ui.inside.image_input import drawn_image, uploaded_image
from lib.ui.inside.point_input import put_place, typed_place
from lib.ui.inside.sentence_input import sentence_of_test, typed_sentence
from lib.ui.inside.table_input import edited_row
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.key import Key
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.results.run_answers import prepared, test_part
from lib.ui.session.state import LOOKED_AT

_INPUTS = {
    "images": {"sample": "test image", "draw": "drawing", "upload": "upload"},
    "points": {"sample": "test point", "place": "a place in the plane"},
    "table": {"sample": "test row"},
    "text": {"sample": "test sentence", "typed": "your own sentence"},
}
"""Where a sample may come from, by the kind of data."""
_SOURCE, _NUMBER = Key("inside_input", "sample"), Key("inside_sample", 0)


def input_choice(run: RunSnapshot) -> Input | None:
    """Let a person choose what goes in.

    Returns:
        None where there is nothing yet; a sentence has been shown.

    Raises:
        DataError: the test samples are not here any more.
    """
    looked_at = LOOKED_AT.take()
    if looked_at is not None:
        _SOURCE.set("sample")
        _NUMBER.set(looked_at)
        if st.query_params.get("more"):  # it was chosen further down on this page
            st.toast(lessons.text("inside.now_above", noun=words.sample(run.spec.data.kind), number=f"{looked_at:,}"))
    return _given(run)


def ask_about(x: float, y: float) -> None:
    """Take a place in the plane as the input; for a callback."""
    _SOURCE.set("place")
    put_place(x, y)


def _given(run: RunSnapshot) -> Input | None:
    offered = _INPUTS[run.spec.data.kind]
    source = "sample"
    if len(offered) > 1:
        source = Choice(_SOURCE.name, offered, _SOURCE.default, parameter="input").segments("Input")
    match source:
        case "draw":
            return drawn_image(run)
        case "upload":
            return uploaded_image(run)
        case "place":
            return typed_place(run)
        case "typed":
            return typed_sentence(run)
    return _sample(run)


def _sample(run: RunSnapshot) -> Input | None:
    test, kind = test_part(run), run.spec.data.kind
    noun = words.sample(kind)
    number = WholeNumber(_NUMBER.name, _NUMBER.default, parameter="sample").field(
        f"Test {noun}, 0 to {len(test) - 1:,}", 0, len(test) - 1
    )
    truth = float(test.y[number]) if run.spec.regression else int(test.y[number])
    if kind == "table":
        return edited_row(run, number, test.x[number], int(truth))
    if kind == "text":
        return sentence_of_test(run, number, int(truth))
    places = prepared(run).test_points if kind == "points" else None
    place = None if places is None else (float(places[number, 0]), float(places[number, 1]))
    return Input(test.x[number], f"test {noun} {number}", truth, place=place)
