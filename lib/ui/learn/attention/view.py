"""What the Attention page shows: the matrix with its sums, the answer, the rows for places, and the formula."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.attention import Variant
from lib.concepts.attention_walk import AttentionWalk, walk
from lib.data.text import tokenise
from lib.figures.inside.attention import describe_attention, describe_vectors
from lib.figures.learn.attention import Shown, attention_data, places_data, shown_steps
from lib.figures.learn.sequences import Row, make_row
from lib.specs.layers.known import PositionEmbedding, TransformerBlock
from lib.ui.kit import heard, lessons, sums, words
from lib.ui.kit.component import component, whole
from lib.ui.learn import page
from lib.ui.learn.attention import controls
from lib.ui.learn.attention.controls import Otherwise
from lib.ui.learn.sequences.networks import Network

CLASSES = ("blame", "praise")
"""The names that the page gives to the two answers about a film."""
_PLACES_SHOWN = 40
_AS_TRAINED = Otherwise(Variant(), positions=True, padding=False)

Values = NDArray[np.float32]


def read(network: Network, tokens: tuple[str, ...]) -> Row:
    """The sentence as this network's row of ids. The page says which words it does not know."""
    row = make_row(tokens, network.vocabulary, network.length, network.padding, network.truncating)
    if (row.ids <= 1).all():
        st.warning(lessons.text("attention.unknown"), icon=":material/translate:")
    elif row.unknown:
        st.caption(lessons.text("attention.some_unknown", words=words.escaped(", ".join(row.unknown[:6]))))
    cut = len(tokens) - int((row.places > 0).sum())
    if cut:
        st.caption(lessons.text("attention.cut", cut=cut, length=network.length))
    return row


def block_of(network: Network, name: str) -> TransformerBlock:
    """The block of this name."""
    layer = network.model.layers[network.model.layer_names().index(name)]
    assert isinstance(layer, TransformerBlock)
    return layer


def show_matrix(network: Network, row: Row, block: str, head: int, other: Otherwise) -> AttentionWalk:
    """Show who looks at whom, and every sum on the way from there to the answer."""
    walked = walked_through(network, row.ids.tobytes(), other)
    shown = shown_steps(row, walked.mask is not None, other.padding)
    steps = walked.blocks[block]
    _places_heard(shown, steps.inputs.shape[1], block_of(network, block))
    label = describe_attention(steps.attention, head, row.words, shown.asking)
    with st.container(key="attention_view"):
        data = attention_data(
            network.model, network.weights, walked, block, head, other.variant, row, shown, label, CLASSES
        )
        component("attention")(key="attention_component", data=whole(data))
    return walked


def _places_heard(shown: Shown, features: int, layer: TransformerBlock) -> None:
    """The places that the component finds in the address."""
    heard.place(
        row=frozenset(map(str, shown.asking)),
        column=frozenset(map(str, shown.columns)),
        held=frozenset({"1"}),
        number=heard.numbers(0, layer.key_dim - 1),
        feature=heard.numbers(0, features - 1),
        unit=heard.numbers(0, layer.intermediate_dim - 1),
    )


@lru_cache(maxsize=32)
def walked_through(network: Network, ids: bytes, other: Otherwise) -> AttentionWalk:
    """What the network does with a row of ids. A few are remembered; of a large network one may take megabytes."""
    return walk(network.model, network.weights, np.frombuffer(ids, np.int32), other.variant, other.positions)


@lru_cache(maxsize=4096)
def praise(network: Network, ids: bytes, other: Otherwise) -> float:
    """The probability of praise for a row of ids, 0 to 1. Remembered: words are left out of one sentence many times."""
    walked = walk(network.model, network.weights, np.frombuffer(ids, np.int32), other.variant, other.positions)
    return float(walked.outputs[-1][-1])


def answer(network: Network, tokens: tuple[str, ...], row: Row, other: Otherwise) -> None:
    """Say what the network answers, and what it said as trained or before the words were shuffled."""
    now = praise(network, row.ids.tobytes(), other)
    said = lessons.text("attention.answer", said=CLASSES[now > 0.5], praise=f"{now:.3f}")
    if not other.as_trained:
        trained = praise(network, row.ids.tobytes(), _AS_TRAINED)
        said += " " + lessons.text("attention.as_trained", praise=f"{trained:.3f}")
    before = controls.shuffled_from(tokens)
    if before is not None:
        earlier = make_row(before, network.vocabulary, network.length, network.padding, network.truncating)
        was = praise(network, earlier.ids.tobytes(), other)
        said += " " + lessons.text("attention.before_shuffle", praise=f"{was:.3f}")
    with st.container(key="attention_answer"):
        st.markdown(said)


def places(network: Network) -> None:
    """Show the rows that tell the words their places, if the network has them."""
    table = _position_rows(network)
    if table is None:
        lessons.show("attention.no_places")
        return
    alt = lessons.text("attention.places_alt") + " " + describe_vectors(table, range(len(table)))
    component("rows")(key="position_rows", data=whole(places_data(table, alt)))


def _position_rows(network: Network) -> Values | None:
    for name, layer in zip(network.model.layer_names(), network.model.layers, strict=True):
        if isinstance(layer, PositionEmbedding):
            return network.weights[f"{name}/table_embeddings"][:_PLACES_SHOWN]
    return None


def judge(network: Network) -> None:
    """Say how often the network is right, where that was measured."""
    if network.accuracy is not None:
        title, accuracy = words.escaped(network.title), words.percent(network.accuracy)
        lessons.show("attention.judged", network=title, accuracy=accuracy)


def formula(network: Network, block: str, walked: AttentionWalk) -> None:
    """Show the rule, and how many numbers the block has learned."""
    layer, inputs = block_of(network, block), walked.blocks[block].inputs
    with page.formula():
        st.latex(r"\text{head} = \text{softmax}\!\Big(\frac{Q K^\top}{\sqrt{d}}\Big)\, V, \quad "
                 rf"d = {layer.key_dim}, \ \sqrt{{d}} = {math.sqrt(layer.key_dim):.3f}")  # fmt: skip
        st.latex(r"\text{out} = [\text{head}_0, \text{head}_1, \ldots]\, W_O + b_O")
        lessons.show("attention.counted", heads=layer.num_heads, key_dim=layer.key_dim, features=inputs.shape[1])
        sums.show(f"TransformerBlock parameters: {layer.parameters(inputs.shape).sum}")


def facts(network: Network, tokens: tuple[str, ...], row: Row, other: Otherwise) -> dict[str, bool | float]:
    """What the page shows, for its tasks: how the words look, what the network answers, and the largest share."""
    walked, usual = walked_through(network, row.ids.tobytes(), other), tuple(tokenise(controls.DEFAULT))
    in_order = make_row(usual, network.vocabulary, network.length, network.padding, network.truncating)
    variant = other.variant
    return {
        "causal": variant.causal,
        "uniform": variant.uniform,
        "temperature": variant.temperature,
        "head_off": bool(variant.heads_off),
        "positions": other.positions,
        "words": int((row.places > 0).sum()),
        "praise": praise(network, row.ids.tobytes(), other),
        "trained": praise(network, row.ids.tobytes(), _AS_TRAINED),
        "largest": max(float(steps.attention.weights.max()) for steps in walked.blocks.values()),
        "reordered": tokens != usual and sorted(tokens) == sorted(usual),
        "praise_in_order": praise(network, in_order.ids.tobytes(), other),
    }
