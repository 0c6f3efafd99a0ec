import base64

import numpy as np
import pytest

from lib.concepts.cell_walk import answers, walk, walk_layer
from lib.concepts.recurrent import gru_steps, lstm_steps, simple_rnn_steps
from lib.data.fitted.sentence_weights import CELLS, sentence_model, sentence_weights
from lib.data.text import Vocabulary, tokenise
from lib.figures.learn.sequences import (
    MOST_SHOWN,
    cell_data,
    describe_tokens,
    make_row,
    prefixes,
    sentence_cell,
    tokens_data,
)
from lib.specs.layers.known import LSTM

TEXT = "A warm and funny film with shortcomings"
SMALL = Vocabulary(("a", "film"))


def unpacked(packed):
    return np.frombuffer(base64.b64decode(packed["data"]), "<f4").reshape(packed["shape"]).astype(float)


def scene(cell, length=9, padding="pre"):
    learned = sentence_weights()
    row = make_row(tokenise(TEXT), learned.vocabulary, length, padding, "pre")
    model, weights = sentence_model(cell, length), learned.weights[cell]
    chances = answers(model, weights, prefixes(row, learned.vocabulary, padding, "pre"))
    return row, walk(model, weights, row.ids), chances


def data_of(cell, **reading):
    data = sentence_cell(*scene(cell, **reading))
    arrays = ("inputs", "kernel", "recurrent", "bias", "gates", "hidden", "chances")
    return data | {name: unpacked(data[name]) for name in arrays}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sums(data, step):
    """The parts of each sum by gate and unit: from the word, from the state before, and the biases."""
    before = data["hidden"][step - 1] if step else np.zeros(data["units"])
    parts = np.einsum("i,igu->gu", data["inputs"][step], data["kernel"])
    return parts, np.einsum("i,igu->gu", before, data["recurrent"]), data["bias"], before


@pytest.mark.parametrize("step", [2, 5, 8])
def test_the_products_that_an_lstm_is_shown_with_add_up_to_its_gates(step):
    data = data_of("LSTM")
    word, state, bias, _ = sums(data, step)
    i, f, g, o = word + state + bias[0]
    expected = np.stack([sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)])
    np.testing.assert_allclose(data["gates"][step], expected, atol=1e-5)


@pytest.mark.parametrize("step", [2, 5, 8])
def test_the_products_that_a_gru_is_shown_with_add_up_to_its_state(step):
    data = data_of("GRU")
    word, state, bias, before = sums(data, step)
    z, r = sigmoid((word + state + bias.sum(axis=0))[:2])
    g = np.tanh(word[2] + bias[0, 2] + r * (state[2] + bias[1, 2]))
    np.testing.assert_allclose(data["gates"][step], [z, r, g], atol=1e-5)
    np.testing.assert_allclose(data["hidden"][step], z * before + (1 - z) * g, atol=1e-5)


def test_the_products_that_a_simple_cell_is_shown_with_add_up_to_its_state():
    data = data_of("SimpleRNN")
    word, state, bias, _ = sums(data, 6)
    np.testing.assert_allclose(data["hidden"][6], np.tanh(word + state + bias[0])[0], atol=1e-5)


@pytest.mark.parametrize(("cell", "steps"), [("LSTM", lstm_steps), ("GRU", gru_steps), ("SimpleRNN", simple_rnn_steps)])
def test_the_states_are_those_of_the_code_that_the_page_shows(cell, steps):
    row, walked, _ = scene(cell)
    weights = sentence_weights().weights[cell]
    name = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "simple_rnn"}[cell]
    arrays = [weights[f"{name}/{word}"] for word in ("kernel", "recurrent_kernel", "bias")]
    again = steps(weights["embedding/embeddings"][row.ids], *arrays, mask=row.ids != 0)
    assert np.array_equal(walked.steps.hidden, again.hidden)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("padding", ["pre", "post"])
def test_each_answer_comes_from_the_state_after_its_word(cell, padding):
    row, walked, chances = scene(cell, padding=padding)
    weights = sentence_weights().weights[cell]
    read = walked.steps.hidden[row.places > 0]
    logits = read @ weights["dense/kernel"] + weights["dense/bias"]
    np.testing.assert_allclose(chances, sigmoid(logits[:, 0]), atol=1e-5)


def test_padding_has_no_answer_and_is_not_read():
    data = data_of("LSTM")
    assert np.isnan(data["chances"]).tolist() == [True] * 2 + [False] * 7
    assert data["read"] == [False] * 2 + [True] * 7


def test_the_row_says_which_words_are_unknown_and_which_are_cut():
    row = make_row(["so", "a", "fine", "film"], SMALL, 3, "pre", "pre")
    data = tokens_data(row, np.zeros((3, 2), np.float32))
    assert (data["before"], data["after"]) == (["so"], [])
    assert [(step["word"], step["id"], step["kind"]) for step in data["steps"]] == [
        ("a", 2, "known"), ("fine", 1, "unknown"), ("film", 3, "known"),
    ]  # fmt: skip
    assert describe_tokens(row) == "a row of 3 ids: 4 words, 1 of them unknown, 1 cut off, 0 steps of padding"


def test_truncating_behind_cuts_the_last_words():
    row = make_row(["so", "a", "fine", "film"], SMALL, 3, "pre", "post")
    assert tokens_data(row, np.ones((3, 2), np.float32))["after"] == ["film"]


def test_words_that_are_cut_off_are_in_no_beginning():
    row = make_row(["a", "a", "film"], SMALL, 2, "pre", "pre")
    assert prefixes(row, SMALL, "pre", "pre").tolist() == [[0, 2], [2, 3]]


def test_of_a_wide_network_no_more_numbers_are_drawn_than_the_page_has_room_for():
    row = make_row(["a"], SMALL, 4, "pre", "pre")
    data = tokens_data(row, np.ones((4, 128), np.float32))
    assert (data["vectors"]["shape"], data["numbers"]) == ([4, MOST_SHOWN], 128)


@pytest.mark.parametrize(("unit", "first"), [(None, 0), (3, 0), (17, 4), (19, 4)])
def test_of_a_wide_cell_the_units_around_the_one_that_is_asked_for_are_sent(unit, first):
    layer = LSTM(units=20)
    random = np.random.default_rng(0)
    shapes = layer.weight_shapes((6, 5))
    weights = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    walked = walk_layer(layer, weights, random.normal(size=(6, 5)).astype(np.float32), None)
    data = cell_data(walked, ["x"] * 6, walked.mask, "a cell", unit=unit, named_from=20, parameter="cell_unit")
    assert (data["first"], data["units"], data["start"], data["chances"]) == (first, 20, unit, None)
    gates, hidden = unpacked(data["gates"]), unpacked(data["hidden"])
    assert (gates.shape, hidden.shape) == ((6, 4, MOST_SHOWN), (6, 20))
    np.testing.assert_allclose(gates[:, 3], walked.steps.output_gate[:, first : first + MOST_SHOWN], rtol=1e-6)
    kernel = unpacked(data["kernel"])
    np.testing.assert_allclose(kernel[:, 1, 2], weights["kernel"][:, 20 + first + 2], rtol=1e-6)
