import numpy as np
import pytest
from helpers.keras_twins import random_weights

from lib.concepts.cell_walk import answers, readable, walk, walk_layer
from lib.concepts.forward import apply_layer, forward
from lib.specs.layers.known import GRU, LSTM, Conv1D, Dense, Dropout, Embedding, SimpleRNN
from lib.specs.model import ModelSpec

SIGMOID = Dense(units=1, activation="sigmoid")
ROW = np.array([0, 0, 3, 1, 4], np.int32)


def network(cell, mask_zero=True):
    words = Embedding(input_dim=10, output_dim=4, mask_zero=mask_zero)
    return ModelSpec((5,), (words, Dropout(rate=0.2), cell, SIGMOID))


@pytest.mark.parametrize("cell", [LSTM(units=3), GRU(units=3), SimpleRNN(units=3)], ids=lambda cell: cell.kind)
@pytest.mark.parametrize("mask_zero", [True, False])
def test_the_last_state_of_the_walk_is_what_the_layer_gives_out(cell, mask_zero):
    model = network(cell, mask_zero)
    weights = random_weights(model, seed=1)
    walked = walk(model, weights, ROW)
    assert np.array_equal(walked.steps.hidden[-1], forward(model, weights, ROW)[2])
    assert walked.mask.tolist() == [not mask_zero] * 2 + [True] * 3


def test_of_both_directions_the_one_that_reads_forward_is_walked():
    model = network(LSTM(units=3, bidirectional=True))
    weights = random_weights(model, seed=2)
    walked = walk(model, weights, ROW)
    assert np.array_equal(walked.steps.hidden[-1], forward(model, weights, ROW)[2][:3])


@pytest.mark.parametrize("kind", [LSTM, GRU, SimpleRNN])
@pytest.mark.parametrize("masked", [True, False])
def test_the_other_cell_reads_from_the_last_step_to_the_first(kind, masked):
    layer = kind(units=3, bidirectional=True, return_sequences=True)
    random = np.random.default_rng(5)
    shapes = layer.weight_shapes((5, 4))
    own = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    inputs = random.normal(size=(5, 4)).astype(np.float32)
    mask = np.array([False, False, True, True, True]) if masked else None
    states = apply_layer(layer, own, inputs, mask)
    walked = walk_layer(layer, own, inputs, mask, back=True)
    assert np.array_equal(walked.inputs, inputs[::-1])
    read = walked.mask
    assert read.tolist() == [True] * 3 + [not masked] * 2
    np.testing.assert_array_equal(walked.steps.hidden[read], states[::-1][read][:, 3:])
    ahead = walk_layer(layer, own, inputs, mask)
    np.testing.assert_array_equal(ahead.steps.hidden[ahead.mask], states[ahead.mask][:, :3])


def test_the_answers_are_the_last_numbers_of_the_forward_pass():
    model = network(GRU(units=3))
    weights = random_weights(model, seed=3)
    rows = np.stack([ROW, ROW[::-1]])
    assert answers(model, weights, rows).tolist() == [forward(model, weights, row)[-1][0] for row in rows]


def test_a_cell_behind_a_convolution_sees_no_words():
    words = Embedding(input_dim=10, output_dim=4)
    assert not readable(ModelSpec((5,), (words, Conv1D(filters=2), LSTM(units=3), SIGMOID)))
