"""The words of a sentence that a person types on a Learn page."""

from __future__ import annotations

import unicodedata

import streamlit as st

from lib.data.text import tokenise
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key

MOST_CHARACTERS = 300
_NAMED = 12
"""Dropped characters that are named."""


def words_of(typed: str, usual: str, last: Key[tuple[str, ...] | None]) -> tuple[str, ...]:
    """The words of a typed sentence, with a sentence about what was left out of them.

    Args:
        typed: as it came from a field of at most `MOST_CHARACTERS`.
        usual: the sentence of whoever has typed none with words yet.
        last: the words of the last sentence that had any. They stay where there are none now, and the page says so.
    """
    if len(typed) >= MOST_CHARACTERS:  # Streamlit and the browser have already cut off the rest
        st.info(lessons.text("sequences.long", most=MOST_CHARACTERS), icon=":material/content_cut:")
    tokens = tuple(tokenise(typed))
    if not tokens:
        st.warning(lessons.text("sequences.nothing" if typed.strip() else "sequences.empty"), icon=":material/edit:")
        return last.get() or tuple(tokenise(usual))
    last.set(tokens)
    if left_out := dropped(typed.removesuffix(".")):
        st.caption(lessons.text("sequences.dropped", characters=words.escaped(left_out)))
    return tokens


def dropped(text: str) -> str:
    """The first few characters that no word of the sentence contains, each once.

    >>> dropped("Well, well: 10/10 😀!")
    ', : / 😀 !'
    """
    found = dict.fromkeys(
        letter for letter in text
        if unicodedata.category(letter)[0] in "PS" and letter not in "'’"
    )  # fmt: skip
    more = " …" if len(found) > _NAMED else ""
    return " ".join(list(found)[:_NAMED]) + more
