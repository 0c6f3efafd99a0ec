"""Sequences: a sentence becomes numbers, and a recurrent cell reads it word by word."""

from lib.concepts.embedding import embed, real_steps
from lib.concepts.recurrent import gru_steps, lstm_steps, simple_rnn_steps
from lib.data.text import pad, tokenise
from lib.ui.kit import lessons
from lib.ui.kit.fragment import fragment
from lib.ui.learn import page
from lib.ui.learn.sequences import controls, view

page.begin("sequences")


@fragment
def read() -> None:
    tokens = controls.sentence()
    network = controls.network()
    row = view.read(network, tokens)
    lessons.show("sequences.words")
    view.show_tokens(network, row)
    lessons.show("sequences.cell")
    walked = view.show_cell(network, row)
    view.judge(network)
    lessons.show("sequences.formula")
    view.formula(walked)
    view.tell(network, tokens, row, walked)


read()
lessons.show("sequences.use")
page.closing("sequences", lstm_steps, gru_steps, simple_rnn_steps, embed, real_steps, tokenise, pad)
