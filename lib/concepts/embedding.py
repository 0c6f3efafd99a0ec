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


def nearest(
    table: NDArray[np.float32], token: int, count: int, first: int = 0
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The tokens whose vectors point most nearly the same way.

    `cosine(a, b) = sum(a * b) / (length(a) * length(b))`: 1 for the same direction, 0 for a right angle, -1 for the
    opposite one. How long the vectors are does not count.

    Args:
        table: `(input_dim, output_dim)`.
        token: an id with a row in the table; it is not among the answers.
        count: how many at most.
        first: ids below are left out: padding and the unknown word.

    Returns:
        Ids, the nearest first, and their cosines.

    >>> near, cosines = nearest(np.array([[2, 0], [0, 1], [5, 0], [-1, 0]], np.float32), 0, 3)
    >>> near.tolist(), cosines.tolist()
    ([2, 1, 3], [1.0, 0.0, -1.0])
    """
    lengths = np.linalg.norm(table, axis=1)
    cosines = (table @ table[token]) / np.maximum(lengths * lengths[token], np.float32(1e-12))
    others = np.setdiff1d(np.arange(first, len(table)), [token])
    leading = others[np.argsort(-cosines[others], kind="stable")[:count]]
    return leading, cosines[leading].astype(np.float32)
