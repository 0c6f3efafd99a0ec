"""Attention done otherwise than as trained: what a person chooses, and what the network answers then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.attention import Variant
from lib.specs.layers.known import PositionEmbedding, TransformerBlock
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.ui.inside.shares import shares_of
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice

_LOOKS = {"trained": "by query and key", "causal": "only backwards", "uniform": "evenly at all words"}
_TEMPERATURES = {"0.2": "0.2", "1": "1", "5": "5"}
_PLACES = {"told": "told", "untold": "not told"}
_NONE = "none"

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is done otherwise.

    Attributes:
        variant: in all blocks.
        positions: whether words are told their places.
    """

    variant: Variant = Variant()  # noqa: RUF009 - frozen
    positions: bool = True


def otherwise(model: ModelSpec, layer: TransformerBlock) -> Otherwise:
    """Let a person choose.

    Args:
        model: the stack.
        layer: the block that is looked at; heads of its number can be switched off.
    """
    with st.container(horizontal=True, key="inside_otherwise"):
        looks = Choice("inside_looks", _LOOKS, "trained", parameter="looks").segments("Words look")
        temperature = Choice("inside_temperature", _TEMPERATURES, "1", parameter="temperature").segments(
            "Temperature", disabled=looks == "uniform"
        )
        heads = {_NONE: _NONE, **{str(head): f"head {head}" for head in range(layer.num_heads)}}
        off = Choice("inside_head_off", heads, _NONE, parameter="head_off").segments("Switched off")
        told = "told"
        if any(isinstance(each, PositionEmbedding) for each in model.layers):
            told = Choice("inside_places", _PLACES, "told", parameter="places").segments("Places of the words")
    heads_off = () if off == _NONE else (int(off),)
    variant = Variant(looks == "causal", float(temperature), looks == "uniform", heads_off)
    return Otherwise(variant, told == "told")


def answers_then(run: RunSpec, trained: Values, now: Values) -> None:
    """Say what the network answers as trained, and what it answers now.

    Args:
        run: what was trained.
        trained, now: outputs of the last layer.
    """
    before, after = shares_of(run, trained), shares_of(run, now)
    if run.regression:
        st.caption(lessons.text("inside.otherwise_number", before=f"{before[0]:.4f}", after=f"{after[0]:.4f}"))
        return
    said, names = int(before.argmax()), run.data.class_names
    st.caption(
        lessons.text(
            "inside.otherwise", said=words.escaped(names[said]), before=words.percent(float(before[said])),
            after=words.percent(float(after[said])),
        )
    )  # fmt: skip
