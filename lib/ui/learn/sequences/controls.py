"""The Sequences page's controls: the sentence, the network that reads it, and how."""

from __future__ import annotations

from typing import cast

import streamlit as st

from lib.data.fitted.sentence_weights import CELLS
from lib.data.text import End
from lib.engine.runs.snapshot import RunSnapshot
from lib.ui.kit import links, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.key import Key
from lib.ui.learn.sentence import MOST_CHARACTERS, words_of
from lib.ui.learn.sequences.networks import Network, bundled, network_of, own_run, readable_run
from lib.ui.session.engine import if_stored

DEFAULT = "Despite the film's shortcomings, the stories are quietly moving."
_LAST: Key[tuple[str, ...] | None] = Key("sequences_last", None)
"""The words of the last sentence that had any."""
_CELL = Choice("cell", {name: name for name in CELLS}, "LSTM")
_PADDING = Choice("row_padding", {"pre": "pre", "post": "post"}, "pre")
_TRUNCATING = Choice("row_truncating", {"pre": "pre", "post": "post"}, "pre")
_NETWORK, _SMALL, _OWN = "network", "small", "own"


def sentence() -> tuple[str, ...]:
    """The words that a person typed. Where there are none the page says so, and those of the last sentence stay."""
    typed = st.text_input(
        "Your sentence", DEFAULT, max_chars=MOST_CHARACTERS, key="sentence", bind="query-params", live=True
    ) or ""  # fmt: skip
    return words_of(typed, DEFAULT, _LAST)


def network() -> Network:
    """Let a person choose the network; of the small ones also the cell and the row."""
    run = own_run()
    runs = {run.id: run} if run is not None else {}
    _read_address(runs)
    if runs:
        labels = {_SMALL: "small, comes with LayerLab", **{name: _label(run, each) for name, each in runs.items()}}
        chosen_run = runs.get(Choice("sequence_network", labels, _SMALL, _NETWORK).segments("Network"))
        own = None if chosen_run is None else if_stored(lambda: network_of(chosen_run), None)
        if own is not None:
            return own
    chosen = _small()
    if run is None:
        links.page_link(
            "build", "Train one of your own to look into", ":material/model_training:", {"dataset": "movies"}
        )
    return chosen


def _read_address(runs: dict[str, RunSnapshot]) -> None:
    """Add the run that the address names, if its network can be read here. Old addresses say `own` for the newest."""
    asked = st.query_params.get(_NETWORK, "")
    if asked == _OWN and runs:
        st.query_params[_NETWORK] = next(iter(runs))
    elif asked not in ("", _SMALL, *runs):
        named = readable_run(asked)
        if named is not None:
            runs[named.id] = named


def _label(own: RunSnapshot | None, run: RunSnapshot) -> str:
    mine = own is not None and run.id == own.id
    return "your last trained one" if mine else words.escaped(run.title)


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
