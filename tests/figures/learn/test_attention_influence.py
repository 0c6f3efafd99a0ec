import numpy as np
import plotly.graph_objects as go

from lib.figures.learn.attention_influence import describe_influence, influence_bars

WORDS = ("a", "<b>good</b>", "film")
RECEIVED, CHANGES = np.array([0.2, 0.5, 0.3], np.float32), np.array([0.01, -0.4, 0.0], np.float32)


def test_each_word_has_both_bars_with_their_numbers():
    attention, change = go.Figure(influence_bars(WORDS, RECEIVED, CHANGES)).data
    assert (list(attention.x), list(change.x)) == (RECEIVED.tolist(), CHANGES.tolist())
    assert (attention.text[1], change.text) == ("0.500", ("+0.010", "-0.400", "+0.000"))


def test_names_of_words_are_no_tags_and_no_bar_leaves_its_axis():
    layout = go.Figure(influence_bars(WORDS, RECEIVED, CHANGES)).layout
    assert layout.yaxis.ticktext[1] == "&lt;b&gt;good&lt;/b&gt;"
    assert layout.xaxis.range[1] > 0.5
    assert layout.xaxis2.range[0] < -0.4 < 0.01 < layout.xaxis2.range[1]
    assert influence_bars(WORDS, RECEIVED, abs(CHANGES))["layout"]["xaxis2"]["range"][0] == 0


def test_the_picture_in_words_has_all_numbers():
    assert "<b>good</b> gets 0.500, without it -0.400" in describe_influence(WORDS, RECEIVED, CHANGES)
