"""Recurrent cells: read a sequence step by step, and carry a state along.

At each step a cell sees the step's input and its own state from the step before. The weights are the same at every
step. Names of gates and order of columns are Keras' (https://keras.io/api/layers/recurrent_layers/).

A masked step (padding) is skipped: the state stays what it was, and the gates of the step are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.concepts.activations import sigmoid, tanh

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class SimpleRnnSteps:
    """What a simple recurrent cell did, `(steps, units)`.

    Attributes:
        hidden: the state after each step.
    """

    hidden: Values


@dataclass(frozen=True, slots=True, eq=False)
class GruSteps:
    """What a GRU cell did, each `(steps, units)`.

    Attributes:
        update_gate: share of the old state that is kept, 0 to 1.
        reset_gate: how much of the old state the candidate sees, 0 to 1.
        candidate: what the state would be if nothing were kept, -1 to 1.
        hidden: the state after each step.
    """

    update_gate: Values
    reset_gate: Values
    candidate: Values
    hidden: Values


@dataclass(frozen=True, slots=True, eq=False)
class LstmSteps:
    """What an LSTM cell did, each `(steps, units)`.

    Attributes:
        input_gate: how much of the candidate is written into the cell, 0 to 1.
        forget_gate: how much of the old cell is kept, 0 to 1.
        candidate: what could be written, -1 to 1.
        output_gate: how much of the cell is shown, 0 to 1.
        cell: the memory after each step; it has no bounds.
        hidden: what the layer gives out after each step, -1 to 1.
    """

    input_gate: Values
    forget_gate: Values
    candidate: Values
    output_gate: Values
    cell: Values
    hidden: Values


def simple_rnn_steps(
    sequence: Values, kernel: Values, recurrent_kernel: Values, bias: Values, mask: Mask | None = None
) -> SimpleRnnSteps:
    """Go through a sequence with the plain recurrent cell (Elman 1990).

    `hidden[t] = tanh(sequence[t] @ kernel + hidden[t-1] @ recurrent_kernel + bias)`, and `hidden[-1] = 0`

    Args:
        sequence: `(steps, inputs)`.
        kernel: weights of the input, `(inputs, units)`.
        recurrent_kernel: weights of the state, `(units, units)`.
        bias: `(units,)`.
        mask: `(steps,)`, False for steps to skip; None skips none.

    Returns:
        The state after each step.

    One unit that hears a single 1 and remembers less and less of it:

    >>> one = np.ones((1, 1), np.float32)
    >>> steps = simple_rnn_steps(np.array([[1], [0], [0]], np.float32), one, one / 2, np.zeros(1, np.float32))
    >>> steps.hidden[:, 0].round(2)
    array([0.76, 0.36, 0.18], dtype=float32)
    """
    hidden = np.zeros(len(recurrent_kernel), np.float32)
    steps = []
    for step, from_input in enumerate(sequence @ kernel + bias):
        if mask is None or mask[step]:
            hidden = tanh(from_input + hidden @ recurrent_kernel)
        steps.append(hidden)
    return SimpleRnnSteps(np.stack(steps))


def gru_steps(
    sequence: Values, kernel: Values, recurrent_kernel: Values, bias: Values, mask: Mask | None = None
) -> GruSteps:
    """Go through a sequence with a GRU (Cho et al. 2014) in Keras' form `reset_after=True`.

    With `x = sequence[t]`, `h = hidden[t-1]`, and a part of the weights for each of update, reset and candidate:

    - `update = sigmoid(x @ W_update + b_update + h @ U_update + c_update)`
    - `reset = sigmoid(x @ W_reset + b_reset + h @ U_reset + c_reset)`
    - `candidate = tanh(x @ W_candidate + b_candidate + reset * (h @ U_candidate + c_candidate))`
    - `hidden[t] = update * h + (1 - update) * candidate`

    Args:
        sequence: `(steps, inputs)`.
        kernel: the three W side by side, `(inputs, 3 * units)`.
        recurrent_kernel: the three U side by side, `(units, 3 * units)`.
        bias: the three b in the first row, the three c in the second, `(2, 3 * units)`.
        mask: `(steps,)`, False for steps to skip; None skips none.

    Returns:
        Gates and state of each step.

    With all weights 0, both gates stand half open and the candidate is 0:

    >>> x, nothing = np.ones((1, 1), np.float32), np.zeros((2, 3), np.float32)
    >>> steps = gru_steps(x, nothing[:1], nothing[:1], nothing)
    >>> steps.update_gate.item(), steps.reset_gate.item(), steps.candidate.item(), steps.hidden.item()
    (0.5, 0.5, 0.0, 0.0)
    """
    hidden = np.zeros(len(recurrent_kernel), np.float32)
    skipped = [np.full_like(hidden, np.nan)] * 3
    steps = []
    for step, from_input in enumerate(sequence @ kernel + bias[0]):
        gates = skipped
        if mask is None or mask[step]:
            x_update, x_reset, x_candidate = np.split(from_input, 3)
            h_update, h_reset, h_candidate = np.split(hidden @ recurrent_kernel + bias[1], 3)
            update = sigmoid(x_update + h_update)
            reset = sigmoid(x_reset + h_reset)
            candidate = tanh(x_candidate + reset * h_candidate)
            hidden = update * hidden + (1 - update) * candidate
            gates = [update, reset, candidate]
        steps.append([*gates, hidden])
    return GruSteps(*np.stack(steps, axis=1))


def lstm_steps(
    sequence: Values, kernel: Values, recurrent_kernel: Values, bias: Values, mask: Mask | None = None
) -> LstmSteps:
    """Go through a sequence with an LSTM (Hochreiter, Schmidhuber 1997; forget gate: Gers et al. 2000).

    With `x = sequence[t]`, `h = hidden[t-1]`, and a part of the weights for each of input, forget, candidate, output:

    - `input = sigmoid(x @ W_input + h @ U_input + b_input)`, and so `forget` and `output` with their own weights
    - `candidate = tanh(x @ W_candidate + h @ U_candidate + b_candidate)`
    - `cell[t] = forget * cell[t-1] + input * candidate`
    - `hidden[t] = output * tanh(cell[t])`

    Args:
        sequence: `(steps, inputs)`.
        kernel: the four W side by side, `(inputs, 4 * units)`.
        recurrent_kernel: the four U side by side, `(units, 4 * units)`.
        bias: the four b one after the other, `(4 * units,)`.
        mask: `(steps,)`, False for steps to skip; None skips none.

    Returns:
        Gates, memory and state of each step.

    With all weights 0 the gates stand half open, and there is nothing to write:

    >>> x, nothing = np.ones((1, 1), np.float32), np.zeros((1, 4), np.float32)
    >>> steps = lstm_steps(x, nothing, nothing, nothing[0])
    >>> steps.input_gate.item(), steps.candidate.item(), steps.cell.item(), steps.hidden.item()
    (0.5, 0.0, 0.0, 0.0)
    """
    hidden = np.zeros(len(recurrent_kernel), np.float32)
    cell = np.zeros_like(hidden)
    skipped = [np.full_like(hidden, np.nan)] * 4
    steps = []
    for step, from_input in enumerate(sequence @ kernel + bias):
        gates = skipped
        if mask is None or mask[step]:
            to_input, to_forget, to_candidate, to_output = np.split(from_input + hidden @ recurrent_kernel, 4)
            gates = [sigmoid(to_input), sigmoid(to_forget), tanh(to_candidate), sigmoid(to_output)]
            input_gate, forget_gate, candidate, output_gate = gates
            cell = forget_gate * cell + input_gate * candidate
            hidden = output_gate * tanh(cell)
        steps.append([*gates, cell, hidden])
    return LstmSteps(*np.stack(steps, axis=1))


def both_directions(
    forward: Values, backward: Values, return_sequences: bool = False, mask: Mask | None = None
) -> Values:
    """Put the states of a forward and a backward reading side by side (Schuster, Paliwal 1997).

    Args:
        forward: states of the cell that read from the first step, `(steps, units)`.
        backward: states of the cell that read from the last step, in the order it read, `(steps, units)`.
        return_sequences: whether all states come out, or only the last that each cell reached.
        mask: `(steps,)`, False for skipped steps; their states come out as 0, as Keras' Bidirectional does it.

    Returns:
        `(steps, 2 * units)` in the order of the sequence, or `(2 * units,)`.

    >>> both_directions(np.array([[1], [2]], np.float32), np.array([[30], [40]], np.float32), return_sequences=True)
    array([[ 1., 40.],
           [ 2., 30.]], dtype=float32)
    >>> both_directions(np.array([[1], [2]], np.float32), np.array([[30], [40]], np.float32))
    array([ 2., 40.], dtype=float32)
    """
    if not return_sequences:
        return np.concatenate([forward[-1], backward[-1]])
    states = np.concatenate([forward, backward[::-1]], axis=1)
    return states if mask is None else np.where(mask[:, None], states, np.float32(0))
