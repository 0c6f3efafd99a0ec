"""Where the numbers of an Embedding and of a recurrent layer come from: rows of a table, and gates step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.cell_walk import walk_layer
from lib.figures.learn.sequences import Row, cell_data, tokens_data
from lib.specs.layers.known import Recurrent
from lib.ui.kit import heard, lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.component import component, whole

_UNIT = "cell_unit"
"""Name of a cell's unit in the address; there `unit` is the number that is chosen in the network."""
_READS = {"forward": "forward", "backward": "backward"}

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A recurrent layer and what goes into it.

    Attributes:
        layer: with its options.
        weights: its own arrays.
        inputs: `(steps, features)`.
        mask: of the steps, False for padding; None where the layer knows of none.
        words: what stands at each step; empty where no words do.
    """

    layer: Recurrent
    weights: dict[str, Values]
    inputs: Values
    mask: NDArray[np.bool_] | None
    words: tuple[str, ...]


def looked_up(row: Row, vectors: Values) -> None:
    """Show that a word's vector is the row of the table with its id.

    Args:
        row: the sentence.
        vectors: what the layer gives, `(steps, features)`.
    """
    lessons.show("inside.looked_up")
    with st.container(key="inside_tokens"):
        component("sequences_tokens")(key="inside_tokens_view", data=whole(tokens_data(row, vectors)))


def cell(reading: Reading, unit: int) -> None:
    """Show a recurrent layer's cell at each step, with all its sums.

    Args:
        reading: the layer and its input.
        unit: the number of its output that was chosen. Of a Bidirectional layer the numbers of the cell that reads
            backwards stand behind those of the other.
    """
    layer, count = reading.layer, len(reading.inputs)
    back, of_cell = divmod(unit, layer.units)
    if layer.bidirectional and layer.return_sequences:  # a picture of all states stands for both cells
        back = int(Choice("cell_reads", _READS, "forward").segments("Cell that reads") == "backward")
    walked = walk_layer(layer, reading.weights, reading.inputs, reading.mask, bool(back))
    words = reading.words or tuple(f"position {step}" for step in range(count))
    order = slice(None, None, -1 if back else 1)
    lessons.show("inside.cell_back" if back else "inside.cell", kind=layer.kind)
    if layer.bidirectional and not back and not layer.return_sequences:
        st.caption(lessons.text("inside.other_cell", first=layer.units, last=2 * layer.units - 1))
    heard.place(step=heard.numbers(1, count), **{_UNIT: heard.numbers(0, layer.units * (1 + layer.bidirectional) - 1)})
    with st.container(key="inside_cell"):
        data = cell_data(
            walked, words[order], walked.mask, f"{layer.kind}, its state after each of {count} steps",
            unit=None if layer.return_sequences else of_cell, named_from=back * layer.units, parameter=_UNIT,
            noun="word" if reading.words else "input",
        )  # fmt: skip
        component("sequences_cell")(key="inside_cell_view", data=whole(data))
