"""The Attention page's controls: the sentence, the network, and what is done otherwise than it was trained."""

from __future__ import annotations

import random
from dataclasses import dataclass

import streamlit as st

from lib.concepts.attention import Variant
from lib.specs.codec import to_query
from lib.specs.layers.known import PositionEmbedding, TransformerBlock
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.ui.kit import lessons, links
from lib.ui.kit.choice import Choice, Place
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.kit.switch import Switch
from lib.ui.learn.attention import networks
from lib.ui.learn.sentence import MOST_CHARACTERS, words_of
from lib.ui.learn.sequences.networks import Network

DEFAULT = "The acting is good but the story is bad."
_SENTENCE: Key[str | None] = Key("attention_sentence", None)
_LAST: Key[tuple[str, ...] | None] = Key("attention_last", None)
"""The words of the last sentence that had any."""
_BEFORE: Key[tuple[str, ...] | None] = Key("attention_before_shuffle", None)
"""The words in the order that they had before somebody shuffled them."""
_UNIFORM = Switch("uniform_attention")
_CAUSAL = Switch("causal_mask")
_PADDING = Switch("show_padding")
_PLACES = Choice("places", {"told": "told", "untold": "not told"}, "told")
_NONE = "none"
_WHY_NOT = {
    "no_block": "attention.no_block",
    "not_readable": "attention.not_readable",
    "too_large": "attention.too_large",
    "no_weights": "attention.no_weights",
}
"""Passages about runs that cannot be read here, by the reason's id."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is done otherwise than trained, and what is shown.

    Attributes:
        variant: how the words look at each other.
        positions: whether the words are told their places.
        padding: whether padding is shown where it is masked.
    """

    variant: Variant
    positions: bool
    padding: bool

    @property
    def as_trained(self) -> bool:
        """Whether the network does what it was trained to do."""
        return self.positions and self.variant == Variant()


def sentence() -> tuple[str, ...]:
    """The words that a person typed. Where there are none the page says so, and those of the last sentence stay."""
    place = Place(_SENTENCE.name, "sentence", DEFAULT)
    shown = place.shown(_SENTENCE.get(), lambda text: text[:MOST_CHARACTERS])
    pin(_SENTENCE.name, shown[:MOST_CHARACTERS])
    typed = place.written(
        st.text_input(
            "Your sentence", shown[:MOST_CHARACTERS], max_chars=MOST_CHARACTERS, key=_SENTENCE.name, live=True
        ) or ""
    )  # fmt: skip
    return words_of(typed, DEFAULT, _LAST)


def network() -> Network:
    """Let a person choose the network; the address names a trained one by its run."""
    asked = st.query_params.get("run", "")
    runs = networks.titles(asked)
    chosen = networks.SMALL
    if runs or asked:
        labels = {networks.SMALL: "small, comes with LayerLab", **runs}
        chosen = Choice("attention_network", labels, networks.SMALL, "run").listed("Network", width=320)
    if reason := networks.asked_in_vain(asked):
        st.warning(lessons.text(_WHY_NOT[reason]), icon=":material/link_off:")
    if not runs:
        query = to_query(RECIPES["text_transformer"].run)
        links.page_link("build", "Train one of your own to look into", ":material/model_training:", query)
    own = networks.opened(chosen) if chosen != networks.SMALL else None
    if own is not None and not networks.finite(own):
        st.warning(lessons.text("attention.no_numbers"), icon=":material/link_off:")
        own = None
    return own or networks.small()


def block(model: ModelSpec) -> str:
    """Let a person choose the block that is shown, where there are several; its name."""
    names = [
        name for name, layer in zip(model.layer_names(), model.layers, strict=True)
        if isinstance(layer, TransformerBlock)
    ]  # fmt: skip
    if len(names) == 1:
        return names[0]
    return Choice("attention_block", {name: name for name in names}, names[0], "block").segments("Block")


def head(heads: int) -> int:
    """Let a person choose the head that is shown."""
    return Choice("attention_head", {place: str(place) for place in range(heads)}, 0).segments("Head")


def uniform() -> bool:
    """Let a person make all words look evenly."""
    return _UNIFORM.toggle("Uniform attention", help=lessons.text("attention.uniform_help"))


def otherwise(model: ModelSpec, heads: int, evenly: bool) -> Otherwise:
    """Let a person choose what else is done otherwise.

    Args:
        model: the network.
        heads: of the block that is shown.
        evenly: whether all words look evenly.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="attention_otherwise"):
        temperature = st.slider(
            "Temperature", 0.1, 5.0, 1.0, 0.1, key="attention_temperature", bind="query-params", width=220,
            disabled=evenly,
        )  # fmt: skip
        offered = {_NONE: _NONE, **{str(place): str(place) for place in range(heads)}}
        off = Choice("head_off", offered, _NONE).segments("Head off")
        told = "told"
        if any(isinstance(layer, PositionEmbedding) for layer in model.layers):
            told = _PLACES.segments("Places of the words")
        causal = _CAUSAL.toggle("Causal mask")
        padding = _PADDING.toggle("Show padding")
        st.button("Shuffle the words", key="shuffle_words", icon=":material/shuffle:", on_click=_shuffle)
    variant = Variant(causal, float(temperature), evenly, () if off == _NONE else (int(off),))
    return Otherwise(variant, told == "told", padding)


def shuffled_from(tokens: tuple[str, ...]) -> tuple[str, ...] | None:
    """The same words as they stood before the button was pressed; None where these are other words."""
    before = _BEFORE.get()
    return before if before is not None and before != tokens and sorted(before) == sorted(tokens) else None


def _shuffle() -> None:
    tokens = _LAST.get() or ()
    others = list(tokens)
    for _ in range(9):  # a few words may come out as they were
        random.shuffle(others)
        if tuple(others) != tokens:
            break
    if shuffled_from(tokens) is None:
        _BEFORE.set(tokens)
    _SENTENCE.set(" ".join(others))
