"""What the Sequences page shows: words and vectors, the cell, and its formula with its numbers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.cell_walk import CellWalk, answers, walk
from lib.concepts.embedding import embed
from lib.figures.learn.sequences import MOST_SHOWN, Row, make_row, prefixes, sentence_cell, tokens_data
from lib.ui.kit import heard, lessons, sums, words
from lib.ui.kit.component import component, whole
from lib.ui.kit.question_note import ask
from lib.ui.learn import page, tasks
from lib.ui.learn.sequences.networks import Network

Values = NDArray[np.float32]

_RULES = {
    "SimpleRNN": (r"h_t = \tanh(x_t W + h_{t-1} U + b)",),
    "GRU": (
        r"z, r = \sigma(x_t W_{z,r} + b_{z,r} + h_{t-1} U_{z,r} + b'_{z,r})",
        r"g = \tanh\big(x_t W_g + b_g + r \cdot (h_{t-1} U_g + b'_g)\big)",
        r"h_t = z \cdot h_{t-1} + (1 - z) \cdot g",
    ),
    "LSTM": (
        r"i, f, o = \sigma(x_t W_{i,f,o} + h_{t-1} U_{i,f,o} + b_{i,f,o})",
        r"g = \tanh(x_t W_g + h_{t-1} U_g + b_g)",
        r"c_t = f \cdot c_{t-1} + i \cdot g, \quad h_t = o \cdot \tanh(c_t)",
    ),
}


def read(network: Network, tokens: tuple[str, ...]) -> Row:
    """The sentence as this network's row of ids. The page says so where none of its words is known."""
    row = make_row(tokens, network.vocabulary, network.length, network.padding, network.truncating)
    if (row.ids <= 1).all():
        st.warning(lessons.text("sequences.unknown"), icon=":material/translate:")
    return row


def show_tokens(network: Network, row: Row) -> None:
    """Show the words, under them their ids, and under these their vectors."""
    table = network.weights[f"{network.model.layer_names()[0]}/embeddings"]
    with st.container(key="tokens"):
        component("sequences_tokens")(key="tokens_view", data=whole(tokens_data(row, embed(row.ids, table))))


def show_cell(network: Network, row: Row) -> CellWalk:
    """Show the cell at each word of the sentence."""
    walked = walk(network.model, network.weights, row.ids)
    grown = prefixes(row, network.vocabulary, network.padding, network.truncating)
    steps, units = walked.steps.hidden.shape
    heard.place(step=heard.numbers(1, steps), unit=heard.numbers(0, min(units, MOST_SHOWN) - 1))
    with st.container(key="cell_steps"):
        data = sentence_cell(row, walked, _answers(network, grown))
        component("sequences_cell")(key="cell_view", data=whole(data))
    return walked


def _answers(network: Network, rows: NDArray[np.int32]) -> Values:
    return np.array([_answer(network, row.tobytes()) for row in rows], np.float32)


@lru_cache(maxsize=4096)
def _answer(network: Network, row: bytes) -> float:
    """The answer to one row. Remembered: a sentence that grows by a letter has the same beginnings as before."""
    return float(answers(network.model, network.weights, np.frombuffer(row, np.int32)[None])[0])


def formula(walked: CellWalk) -> None:
    """Show the update rule, and how many numbers the cell has learned."""
    layer, inputs = walked.layer, walked.inputs
    with page.formula():
        for rule in _RULES[layer.kind]:
            st.latex(rule)
        lessons.show("sequences.counted", inputs=inputs.shape[1], units=layer.units)
        sums.show(f"{layer.kind} parameters: {layer.parameters(inputs.shape).sum}")
    ask("units_and_steps", "return_sequences")


def tell(network: Network, tokens: tuple[str, ...], row: Row, walked: CellWalk) -> None:
    """Tell the page's tasks what was read, and what came of it."""
    without = tuple(word for word in tokens if word != "not") or tokens
    ends = network.padding, network.truncating
    read = " ".join(row.tokens[place - 1] for place in row.places if place)
    plain = make_row(without, network.vocabulary, network.length, *ends)
    tasks.tell(
        cell=walked.layer.kind, sentence=" ".join(tokens), read=read,
        praise=_answer(network, row.ids.tobytes()), praise_without_not=_answer(network, plain.ids.tobytes()),
    )  # fmt: skip


def judge(network: Network) -> None:
    """Show how often the network is right, where that was measured."""
    if network.accuracy is not None:
        title, accuracy = words.escaped(network.title), words.percent(network.accuracy)
        lessons.show("sequences.judged", network=title, accuracy=accuracy, length=network.measured_length)
        if network.length < network.measured_length:
            lessons.show("sequences.judged_shorter", length=network.length)
