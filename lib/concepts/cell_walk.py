"""What the recurrent cell inside a trained network does along one row of token ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.concepts.forward import CELLS, apply_layer, forward, mask_after, own_weights
from lib.concepts.recurrent import GruSteps, LstmSteps, SimpleRnnSteps
from lib.specs.layers.known import Embedding, Recurrent
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class CellWalk:
    """How a cell read one row. What stands by steps is in the order in which it read them.

    Attributes:
        layer: the recurrent layer.
        inputs: the vectors that the cell sees, `(steps, inputs)`.
        mask: `(steps,)`, False for steps that the cell skips.
        steps: gates and states of each step.
        kernel: weights of the input, `(inputs, gates * units)`.
        recurrent_kernel: weights of the state, `(units, gates * units)`.
        bias: `(gates * units,)`, of a GRU `(2, gates * units)`.
    """

    layer: Recurrent
    inputs: Values
    mask: NDArray[np.bool_]
    steps: SimpleRnnSteps | GruSteps | LstmSteps
    kernel: Values
    recurrent_kernel: Values
    bias: Values


def readable(model: ModelSpec) -> bool:
    """Whether a walk can be shown: the recurrent layer must read the words' vectors themselves, one a step.

    >>> from lib.specs.layers.known import Dense, LSTM
    >>> words = Embedding(input_dim=9)
    >>> readable(ModelSpec((5,), (words, LSTM(), Dense(units=1)))), readable(ModelSpec((5,), (words, Dense(units=1))))
    (True, False)
    """
    layers = [layer for layer in model.layers if not layer.only_training]
    return len(layers) > 2 and isinstance(layers[0], Embedding) and isinstance(layers[1], Recurrent)


def walk_layer(
    layer: Recurrent, weights: Mapping[str, Values], inputs: Values, mask: NDArray[np.bool_] | None, back: bool = False
) -> CellWalk:
    """Read a sequence with one cell of a recurrent layer.

    Args:
        layer: LSTM, GRU or SimpleRNN with its options.
        weights: its own arrays, named as in `Layer.weight_shapes`.
        inputs: `(steps, features)`.
        mask: `(steps,)`, False for padding; None where the layer knows of none.
        back: of a Bidirectional layer the cell that reads from the last step to the first; else the other one.

    Returns:
        What the cell saw and did, in the order in which it read.
    """
    prefix = ("backward_" if back else "forward_") if layer.bidirectional else ""
    arrays = [np.asarray(weights[f"{prefix}{word}"]) for word in ("kernel", "recurrent_kernel", "bias")]
    read = np.ones(len(inputs), bool) if mask is None else mask
    if back:
        inputs, read = inputs[::-1], read[::-1]
    steps = CELLS[layer.kind](inputs, *arrays, mask=None if mask is None else read)
    return CellWalk(layer, inputs, read, steps, *arrays)


def walk(model: ModelSpec, weights: Mapping[str, Values], row: NDArray[np.int32]) -> CellWalk:
    """Read a row with the network's first recurrent layer; of a Bidirectional one with the cell that reads forward.

    Args:
        model: a network that is `readable`.
        weights: its arrays by name.
        row: token ids, `(steps,)`.

    Returns:
        What the cell saw and did.
    """
    values, mask = np.asarray(row, np.float32), None
    for layer, own in zip(model.layers, own_weights(model, weights), strict=True):
        if isinstance(layer, Recurrent):
            return walk_layer(layer, own, values, mask)
        before, values = values, apply_layer(layer, own, values, mask)
        mask = mask_after(layer, before, mask)
    raise ValueError("the network has no recurrent layer")


def answers(model: ModelSpec, weights: Mapping[str, Values], rows: NDArray[np.int32]) -> Values:
    """The network's last number for each row: the probability of the second of two classes.

    Args:
        model: a network that ends with one sigmoid unit, or with softmax.
        weights: its arrays by name.
        rows: token ids, `(samples, steps)`.

    Returns:
        `(samples,)`.
    """
    return np.array([forward(model, weights, row)[-1][-1] for row in rows], np.float32)
