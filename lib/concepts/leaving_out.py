"""Leave one part of a sample out and see how the answer changes: a table's column, a sentence's word.

It is occlusion (Zeiler, Fergus 2014, section 4.2) where a sample has parts with names.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lib.concepts.forward import forward
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]


def answers(model: ModelSpec, weights: Mapping[str, Values], samples: NDArray[np.generic]) -> Values:
    """The model's answer to each of some samples.

    Args:
        model: a stack that works.
        weights: arrays by name.
        samples: at least one, `(samples, *model.input_shape)`, as they go into the first layer.

    Returns:
        `(samples, outputs)`.
    """
    return np.array([forward(model, weights, sample)[-1] for sample in samples], np.float32)


def with_means(row: Values, means: Values) -> Values:
    """A row as often as it has columns: row number n has the mean in column n.

    Args:
        row: `(columns,)`.
        means: of the training rows, scaled as the row is, `(columns,)`.

    Returns:
        `(columns, columns)`.

    >>> with_means(np.array([1, 2], np.float32), np.array([7, 8], np.float32)).tolist()
    [[7.0, 2.0], [1.0, 8.0]]
    """
    rows = np.tile(row, (len(row), 1))
    np.fill_diagonal(rows, means)
    return rows
