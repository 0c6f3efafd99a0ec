"""Embedding: each word has a vector of its own, and the vectors are learned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def embed(ids: NDArray[np.generic], table: NDArray[np.float32]) -> NDArray[np.float32]:
    """The learned vector of each token: one row of a table.

    `out[t] = table[ids[t]]`

    It is what a Dense layer without bias makes of one-hot rows, without multiplying by all the zeros.

    Args:
        ids: token ids, whole numbers of any type, `(steps,)`.
        table: `(input_dim, output_dim)`, Keras' `embeddings`.

    Returns:
        `(steps, output_dim)`.

    Raises:
        ValueError: an id without a row in the table; the text names it.

    >>> embed(np.array([2, 0]), np.array([[0, 0], [1, 2], [3, 4]], np.float32))
    array([[3., 4.],
           [0., 0.]], dtype=float32)
    """
    for token in np.unique(ids):
        if not (0 <= token < len(table) and token == int(token)):
            raise ValueError(f"the token id {token:g} has no row in the table: its ids go from 0 to {len(table) - 1:,}")
    rows: NDArray[np.float32] = table[ids.astype(np.intp)]
    return rows


def real_steps(ids: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Which steps are words, and not padding (id 0): what `mask_zero` tells the layers behind the Embedding.

    Args:
        ids: token ids, `(steps,)`.

    Returns:
        `(steps,)`: False where layers that know masks skip the step.

    >>> real_steps(np.array([0, 0, 7, 4]))
    array([False, False,  True,  True])
    """
    real: NDArray[np.bool_] = ids != 0
    return real
