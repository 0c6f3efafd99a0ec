"""The pictures of attention show the numbers of the arithmetic, words as they are typed, and no padding."""

import numpy as np
import pytest

from lib.concepts.attention import Variant, attention
from lib.figures.base.colours import IN_CHARTS
from lib.figures.inside.attention import attention_matrix, describe_attention, describe_vectors, step_vectors
from lib.specs.layers.known import MultiHeadAttention

LAYER = MultiHeadAttention(num_heads=2, key_dim=4)
WORDS = ("[PAD]", "a", "<b>good</b>", "film", "unbelievably-long")
MASK = np.array([False, True, True, True, True])
PLACES = [1, 2, 3, 4]


@pytest.fixture(scope="module")
def steps():
    rng = np.random.default_rng(0)
    shapes = LAYER.weight_shapes((5, 3))
    weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    return attention(rng.normal(size=(5, 3)).astype(np.float32), weights, MASK)


def test_the_matrix_has_the_weights_of_the_words_and_each_cell_its_sum(steps):
    (cells,) = attention_matrix(steps, 1, WORDS, PLACES).data
    assert np.array_equal(cells.z, steps.weights[1][1:, 1:])
    np.testing.assert_allclose(np.sum(cells.z, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(cells.customdata[..., 0] / 2, cells.customdata[..., 1], rtol=1e-5)
    assert "divided by 2.000" in cells.hovertemplate
    assert cells.text[0][2] == "a looks at film"
    (warm,) = attention_matrix(steps, 1, WORDS, PLACES, Variant(temperature=5)).data
    assert "divided by 2.000 and by the temperature 5: " in warm.hovertemplate
    (even,) = attention_matrix(steps, 1, WORDS, PLACES, Variant(uniform=True)).data
    assert "query" not in even.hovertemplate


def test_names_of_words_are_no_tags_and_long_ones_are_cut(steps):
    figure = attention_matrix(steps, 0, WORDS, PLACES)
    assert figure.layout.xaxis.ticktext == ("a", "&lt;b&gt;good&lt;/b&gt;", "film", "unbelievably-…")
    assert "<b>good" not in str(figure.data[0].text)


def test_the_matrix_in_words_names_the_word_that_is_looked_at_most(steps):
    said = describe_attention(steps, 0, WORDS, PLACES)
    most = max(PLACES, key=lambda place: steps.weights[0][3, place])
    assert f"film looks most at {WORDS[most]} ({steps.weights[0][3, most]:.0%})" in said
    assert "[PAD]" not in said


def test_vectors_are_a_row_for_each_word_around_zero(steps):
    (cells,) = step_vectors(steps.output, WORDS, PLACES).data
    assert np.array_equal(cells.z, steps.output[1:])
    assert cells.zmax == -cells.zmin == np.abs(steps.output[1:]).max()
    assert describe_vectors(steps.output, PLACES).startswith("4 rows of 3 numbers, one row a step, from ")


def test_of_many_words_the_columns_bear_places_and_the_rows_both():
    rng = np.random.default_rng(0)
    shapes = LAYER.weight_shapes((20, 3))
    weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    many = attention(rng.normal(size=(20, 3)).astype(np.float32), weights)
    layout = attention_matrix(many, 0, [f"word-{place}" for place in range(20)], range(20)).layout
    assert layout.xaxis.ticktext is None
    assert layout.xaxis.dtick == 5
    assert layout.yaxis.ticktext[:2] == ("word-0 0", "word-1 1")


def test_no_colour_of_the_matrix_is_one_that_streamlit_replaces():
    from streamlit.elements.lib import streamlit_plotly_theme as theirs

    replaced = {value for value in vars(theirs).values() if isinstance(value, str) and value.startswith("#0000")}
    assert len(replaced) > 30
    assert not replaced & {colour for _, colour in IN_CHARTS}
