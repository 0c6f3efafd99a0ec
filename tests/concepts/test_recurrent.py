"""The gates of each step; that the states are Keras' is shown in test_forward_sequences.py."""

import numpy as np
import pytest

from lib.concepts.recurrent import gru_steps, lstm_steps, simple_rnn_steps

CELLS = {"lstm": (lstm_steps, 4), "gru": (gru_steps, 3), "simple_rnn": (simple_rnn_steps, 1)}


def random_cell(name, steps=6, inputs=3, units=4):
    go_through, gates = CELLS[name]
    rng = np.random.default_rng(0)
    bias = (2, gates * units) if name == "gru" else (gates * units,)
    shapes = ((steps, inputs), (inputs, gates * units), (units, gates * units), bias)
    return go_through, [rng.normal(size=shape).astype(np.float32) for shape in shapes]


@pytest.mark.parametrize("name", CELLS)
def test_skipping_a_step_is_the_same_as_leaving_it_out(name):
    go_through, (sequence, *weights) = random_cell(name)
    real = np.array([False, True, True, False, True, False])
    masked, shorter = go_through(sequence, *weights, mask=real), go_through(sequence[real], *weights)
    np.testing.assert_allclose(masked.hidden[real], shorter.hidden, atol=1e-6)
    assert np.array_equal(masked.hidden[3], masked.hidden[2])
    assert not masked.hidden[0].any()


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_gates_of_a_skipped_step_are_not_numbers(name):
    go_through, arrays = random_cell(name)
    steps = go_through(*arrays, mask=np.array([True, False] * 3))
    for gate in (steps.candidate, steps.input_gate if name == "lstm" else steps.update_gate):
        assert np.isnan(gate[1::2]).all()
        assert np.isfinite(gate[::2]).all()


def test_an_lstm_writes_forgets_and_shows_by_its_gates():
    go_through, arrays = random_cell("lstm")
    steps = go_through(*arrays)
    before = np.concatenate([np.zeros((1, 4), np.float32), steps.cell[:-1]])
    np.testing.assert_allclose(steps.cell, steps.forget_gate * before + steps.input_gate * steps.candidate, atol=1e-6)
    np.testing.assert_allclose(steps.hidden, steps.output_gate * np.tanh(steps.cell), atol=1e-6)


def test_an_open_forget_gate_and_a_shut_input_gate_keep_the_memory():
    bias = np.array([-100, 100, 0, 100], np.float32)
    write_first = np.array([[200, 0, 100, 0]], np.float32)
    steps = lstm_steps(np.array([[1], [0], [0], [0]], np.float32), write_first, np.zeros((1, 4), np.float32), bias)
    np.testing.assert_allclose(steps.cell[:, 0], [1, 1, 1, 1], atol=1e-6)


def test_a_gru_mixes_the_old_state_and_the_candidate_by_its_update_gate():
    go_through, arrays = random_cell("gru")
    steps = go_through(*arrays)
    before = np.concatenate([np.zeros((1, 4), np.float32), steps.hidden[:-1]])
    mixed = steps.update_gate * before + (1 - steps.update_gate) * steps.candidate
    np.testing.assert_allclose(steps.hidden, mixed, atol=1e-6)


@pytest.mark.parametrize("name", CELLS)
def test_every_step_is_float32(name):
    go_through, arrays = random_cell(name)
    steps = go_through(*arrays)
    assert {getattr(steps, field).dtype for field in steps.__dataclass_fields__} == {np.dtype(np.float32)}
