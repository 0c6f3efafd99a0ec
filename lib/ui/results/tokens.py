"""A test sentence as the network reads it: words, their ids, padding, and what was cut off."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.data.text import PADDING_ID, UNKNOWN_ID, tokenise
from lib.engine.runs.snapshot import RunSnapshot
from lib.ui.kit import lessons, words
from lib.ui.results.run_answers import prepared


def token_view(run: RunSnapshot, number: int, key: str) -> None:
    """Show a sentence and its ids. The sentence is shown as text, whatever characters are in it.

    Args:
        run: whose test part the sentence is in.
        number: its position there.
        key: the container's key begins with it.
    """
    ready, data = prepared(run), run.spec.data
    if ready.reading is None:
        raise TypeError(f"{data.dataset} has no sentences")
    text = ready.reading.test_text(number)
    tokens, ids = tokenise(text), ready.test.x[number].tolist()
    read = cut_to(tokens, data.length, data.truncating)
    with st.container(border=True, key=f"{key}_sentence"):
        st.text(text)
        st.markdown(badges(read, ids, data.padding))
        st.caption(
            lessons.text(
                "results.tokens", words=len(tokens), unknown=ids.count(UNKNOWN_ID), padding=ids.count(PADDING_ID),
                cut=len(tokens) - len(read),
            )
        )  # fmt: skip


def cut_to(tokens: Sequence[str], length: int, truncating: str) -> Sequence[str]:
    """The tokens that fit into a row.

    >>> cut_to(["a", "b", "c"], 2, "pre"), cut_to(["a", "b", "c"], 2, "post")
    (['b', 'c'], ['a', 'b'])
    """
    return tokens[-length:] if truncating == "pre" else tokens[:length]


def badges(tokens: Sequence[str], ids: Sequence[int], padding: str) -> str:
    """Words with their ids as Markdown. Unknown words are orange; padding is one grey badge at its end.

    >>> badges(["a", "film"], [0, 0, 7, 1], "pre")
    ':gray-badge[2 × padding 0] :blue-badge[a 7] :orange-badge[film 1]'
    """
    spare = len(ids) - len(tokens)
    first = spare if padding == "pre" else 0
    shown = [
        f":{'orange' if number == UNKNOWN_ID else 'blue'}-badge[{words.escaped(token)} {number}]"
        for token, number in zip(tokens, ids[first : first + len(tokens)], strict=True)
    ]
    if spare:
        shown.insert(0 if padding == "pre" else len(shown), f":gray-badge[{spare:,} × padding {PADDING_ID}]")
    return " ".join(shown)
