"""Attention: every word looks at every word, and each number on the way to the answer can be asked."""

import streamlit as st

from lib.concepts.attention import add_positions, attention, may_look, mix, pair_products, project, row_weights
from lib.concepts.attention_walk import walk
from lib.concepts.normalization import layer_normalization
from lib.ui.kit import lessons
from lib.ui.kit.fragment import fragment
from lib.ui.learn import page, tasks
from lib.ui.learn.attention import controls, influence, view

page.begin("attention")


@fragment
def look() -> None:
    top, picture, below, choices = st.container(key="attention_top"), st.container(), st.container(), st.container()
    with choices:
        network = controls.network()
        block = controls.block(network.model)
    heads = view.block_of(network, block).num_heads
    with top:
        tokens = controls.sentence()
        row = view.read(network, tokens)
        with st.container(horizontal=True, vertical_alignment="bottom", key="attention_first"):
            head = controls.head(heads)
            evenly = controls.uniform()
            said = st.container()
    with below:
        other = controls.otherwise(network.model, heads, evenly)
    with picture:
        walked = view.show_matrix(network, row, block, head, other)
    with said:
        view.answer(network, tokens, row, other)
    view.judge(network)
    lessons.show("attention.influence")
    most, weightiest = influence.show(network, row, block, other)
    lessons.show("attention.places")
    view.places(network)
    lessons.show("attention.formula")
    view.formula(network, block, walked)
    tasks.tell(**view.facts(network, tokens, row, other), most=most, weightiest=weightiest)


look()
lessons.show("attention.use")
page.closing(
    "attention", attention, project, pair_products, may_look, row_weights, mix, add_positions, layer_normalization, walk
)
