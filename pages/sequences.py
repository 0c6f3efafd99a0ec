"""Sequences: a sentence becomes numbers, and a recurrent cell reads it word by word."""

import streamlit as st

from lib.concepts.embedding import embed, real_steps
from lib.concepts.recurrent import gru_steps, lstm_steps, simple_rnn_steps
from lib.data.text import pad, tokenise
from lib.ui import learn, lessons, sequences_controls, sequences_view

learn.begin("sequences")


@st.fragment
def read() -> None:
    tokens = sequences_controls.sentence()
    network = sequences_controls.network()
    row = sequences_view.read(network, tokens)
    lessons.show("sequences.words")
    sequences_view.show_tokens(network, row)
    lessons.show("sequences.cell")
    walked = sequences_view.show_cell(network, row)
    sequences_view.judge(network)
    lessons.show("sequences.formula")
    sequences_view.formula(walked)


read()
lessons.show("sequences.use")
learn.closing("sequences", lstm_steps, gru_steps, simple_rnn_steps, embed, real_steps, tokenise, pad)
