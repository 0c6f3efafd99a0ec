"""A sentence on its way into a network that reads: of the test part, or typed."""

from __future__ import annotations

from typing import cast

import streamlit as st

from lib.data.preparing import Reading
from lib.data.text import PADDING_ID, End, tokenise
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.learn.sequences import make_row
from lib.ui.inside.given import Input
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Place
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.results.run_answers import prepared
from lib.ui.results.samples import shortened
from lib.ui.results.tokens import badges, cut_to

_MOST_CHARACTERS = 300
_EXAMPLE = "A quiet film with a wonderful ending, but the first hour is dull."
_SENTENCE: Key[str | None] = Key("inside_sentence", None)
_MOST_NAMED = 12
"""Unknown words that are named."""
_FEW, _TALL = 40, 220
"""Words that are shown at once; more of them share a box of so many pixels."""


def typed_sentence(run: RunSnapshot) -> Input | None:
    """A sentence that a person types; None where there is no word in it, of which a sentence tells."""
    place = Place(_SENTENCE.name, "sentence", _EXAMPLE)
    shown = place.shown(_SENTENCE.get(), lambda text: text[:_MOST_CHARACTERS])
    pin(_SENTENCE.name, shown)
    typed = st.text_input("Your sentence", shown, max_chars=_MOST_CHARACTERS, key=_SENTENCE.name) or ""
    return _read(run, place.written(typed), "your sentence")


def sentence_of_test(run: RunSnapshot, number: int, truth: int) -> Input | None:
    """A sentence of the test part; None where there is no word in it, of which a sentence tells.

    Raises:
        DataError: the sentences cannot be read.
    """
    text = _reading(run).test_text(number)
    with st.container(border=True, key="inside_text"):
        st.text(shortened(text))
    return _read(run, text, f"test sentence {number}", truth)


def _reading(run: RunSnapshot) -> Reading:
    reading = prepared(run).reading
    if reading is None:
        raise TypeError(f"{run.spec.data.dataset} has no sentences")
    return reading


def _read(run: RunSnapshot, text: str, name: str, truth: int | None = None) -> Input | None:
    """The sentence as a row of ids, shown word by word."""
    data, tokens = run.spec.data, tokenise(text)
    if not tokens:
        st.warning(lessons.text("inside.no_words"), icon=":material/edit:")
        return None
    ends = cast(End, data.padding), cast(End, data.truncating)
    row = make_row(tokens, _reading(run).vocabulary, data.length, *ends)
    read, ids = cut_to(tokens, data.length, data.truncating), row.ids.tolist()
    with st.container(key="inside_words", height="content" if len(read) <= _FEW else _TALL, border=False):
        st.markdown(badges(read, ids, data.padding))
    st.caption(
        lessons.text("inside.read", words=len(tokens), cut=len(tokens) - len(read), padding=ids.count(PADDING_ID))
    )
    if row.unknown:
        more = f" and {len(row.unknown) - _MOST_NAMED} more" if len(row.unknown) > _MOST_NAMED else ""
        named = words.escaped(", ".join(row.unknown[:_MOST_NAMED]))
        st.caption(lessons.text("inside.unknown", words=named + more))
    return Input(row.ids, name, truth, row=row, text=text)
