"""The Sequences page's controls: the sentence, the network that reads it, and how."""

from __future__ import annotations

import unicodedata
from typing import cast

import streamlit as st

from lib.data.fitted.sentence_weights import CELLS
from lib.data.text import End, tokenise
from lib.ui.kit import lessons, links, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.key import Key
from lib.ui.learn.sequences.networks import Network, bundled, network_of, own_run
from lib.ui.session.engine import if_stored

DEFAULT = "Despite the film's shortcomings, the stories are quietly moving."
MOST_CHARACTERS = 300
_NAMED = 12
"""Dropped characters that are named."""
_LAST: Key[tuple[str, ...] | None] = Key("sequences_last", None)
"""The words of the last sentence that had any."""
_CELL = Choice("cell", {name: name for name in CELLS}, "LSTM")
_PADDING = Choice("row_padding", {"pre": "pre", "post": "post"}, "pre")
_TRUNCATING = Choice("row_truncating", {"pre": "pre", "post": "post"}, "pre")
_NETWORK = Choice(
    "sequence_network", {"small": "small, comes with LayerLab", "own": "your last trained one"}, "small", "network"
)


def sentence() -> tuple[str, ...]:
    """The words that a person typed. Where there are none the page says so, and those of the last sentence stay."""
    typed = st.text_input(
        "Your sentence", DEFAULT, max_chars=MOST_CHARACTERS, key="sentence", bind="query-params", live=True
    ) or ""  # fmt: skip
    if len(typed) >= MOST_CHARACTERS:  # Streamlit and the browser have already cut off the rest
        st.info(lessons.text("sequences.long", most=MOST_CHARACTERS), icon=":material/content_cut:")
    tokens = tuple(tokenise(typed))
    if not tokens:
        st.warning(lessons.text("sequences.nothing" if typed.strip() else "sequences.empty"), icon=":material/edit:")
        return _LAST.get() or tuple(tokenise(DEFAULT))
    _LAST.set(tokens)
    left_out = dropped(typed)
    if left_out:
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


def network() -> Network:
    """Let a person choose the network; of the small ones also the cell and the row."""
    run = own_run()
    if run is not None and _NETWORK.segments("Network") == "own":
        own = if_stored(lambda: network_of(run), None)
        if own is not None:
            return own
    chosen = _small()
    if run is None:
        links.page_link(
            "build", "Train one of your own to look into", ":material/model_training:", {"dataset": "movies"}
        )
    return chosen


def _small() -> Network:
    kind, size, around, cut = st.columns([4, 4, 3, 3])
    with kind:
        cell = _CELL.segments("Cell")
    length = size.slider("Length of the row", 4, 40, 12, key="row_length", bind="query-params")
    with around:
        padding = _PADDING.segments("Padding")
    with cut:
        truncating = _TRUNCATING.segments("Truncating")
    return bundled(cell, length, cast(End, padding), cast(End, truncating))
