"""Attention beside what leaving a word out does: weights are not reasons."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.ranks import kendall_tau
from lib.data.text import pad
from lib.figures.learn.attention import MOST_SHOWN
from lib.figures.learn.attention_influence import influence_bars
from lib.figures.learn.sequences import Row
from lib.ui.kit import lessons, words
from lib.ui.learn.attention.controls import Otherwise
from lib.ui.learn.attention.networks import MOST_PRODUCTS
from lib.ui.learn.attention.view import praise, walked_through
from lib.ui.learn.sequences.networks import Network

Values = NDArray[np.float32]


def show(network: Network, row: Row, block: str, other: Otherwise) -> tuple[str, str]:
    """Show both for each word, and which word comes first in each.

    Args:
        network: that reads.
        row: the sentence.
        block: the TransformerBlock whose attention counts.
        other: what is done otherwise.

    Returns:
        The word with most attention, and the one that moves the answer most; "" twice where nothing can be left out.
    """
    steps = [step for step, place in enumerate(row.places.tolist()) if place][:MOST_SHOWN]
    if len(steps) < 2:
        st.caption(lessons.text("attention.one_word"))
        return "", ""
    if network.model.multiply_adds() * len(steps) > MOST_PRODUCTS:
        st.caption(lessons.text("attention.too_many"))
        return "", ""
    received, changes = received_by(network, row, block, other)[steps], changes_without(network, row, other, steps)
    names = [row.words[step] for step in steps]
    with st.container(key="attention_influence"):
        with st.container(key="influence_bars"):
            st.html(influence_bars(names, received, changes))
        st.markdown(_sentence(names, received, changes))
    lessons.show("attention.reasons")
    return names[int(received.argmax())], names[int(np.abs(changes).argmax())]


def received_by(network: Network, row: Row, block: str, other: Otherwise) -> Values:
    """The mean share of attention that each step gets from the words, over all heads, `(steps,)`; it adds up to 1."""
    weights = walked_through(network, row.ids.tobytes(), other).blocks[block].attention.weights
    shares: Values = weights[:, row.places > 0].mean(axis=(0, 1))
    return shares


def changes_without(network: Network, row: Row, other: Otherwise, steps: list[int]) -> Values:
    """By how much the probability of praise changes when each of these steps' words is left out, `(steps,)`."""
    read = row.ids[row.places > 0]
    first = int(np.flatnonzero(row.places > 0)[0])
    rest = [np.delete(read, step - first).tolist() for step in steps]
    rows = pad(rest, network.length, network.padding, network.truncating)
    usual = praise(network, row.ids.tobytes(), other)
    return np.array([praise(network, each.tobytes(), other) - usual for each in rows], np.float32)


def _sentence(names: list[str], received: Values, changes: Values) -> str:
    """Which word gets most attention, which moves the answer most, and how far the two orders agree."""
    agreement = kendall_tau(received, np.abs(changes))
    most, weightiest = names[int(received.argmax())], names[int(np.abs(changes).argmax())]
    return lessons.text(
        "attention.compared", most=words.escaped(most), weightiest=words.escaped(weightiest),
        change=f"{changes[np.abs(changes).argmax()]:+.3f}",
        agreement="no number, one of the two is the same everywhere" if math.isnan(agreement) else f"{agreement:.2f}",
    )  # fmt: skip
