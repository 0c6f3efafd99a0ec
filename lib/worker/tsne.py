"""t-SNE in pieces: each one goes on where the last one stopped, so that it can be watched and stopped in between.

van der Maaten, Hinton 2008: Visualizing data using t-SNE (JMLR 9), with scikit-learn's Barnes-Hut form of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ITERATIONS = 250
"""Of one piece; scikit-learn makes no fewer."""
EXAGGERATION = 12.0
"""In the first piece neighbours attract each other so many times as much, so that clusters find each other."""
PERPLEXITY = 30.0
"""About how many neighbours count."""
_START = 1e-4
"""Spread of the first places, as scikit-learn takes them from principal components."""
_RATE_PARTS, _LEAST_RATE = 12.0, 50.0
"""The rate is the samples over the first of them, and at least the second (Belkina and others, 2019)."""

Values = NDArray[np.float32]


def improved(parts: Values, places: Values | None) -> Values:
    """Places in the plane after another piece of t-SNE.

    Args:
        parts: what the samples are like, `(samples, features)`, at least 4 of them.
        places: where they lie so far, `(samples, 2)`; None to begin.

    Returns:
        `(samples, 2)`, float32.

    Raises:
        ImportError: scikit-learn is not installed where this runs.
    """
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    begins = places is None
    if places is None:
        first = parts[:, :2] if parts.shape[1] > 1 else np.hstack([parts, np.zeros_like(parts)])
        places = np.asarray(first / (float(first[:, 0].std()) or 1.0) * _START, np.float32)
    piece = TSNE(
        perplexity=min(PERPLEXITY, (len(parts) - 1) / 3),
        early_exaggeration=EXAGGERATION if begins else 1.0,
        learning_rate=max(len(parts) / _RATE_PARTS, _LEAST_RATE),
        max_iter=ITERATIONS,
        init=np.ascontiguousarray(places),
        random_state=0,
    )
    # One thread: beside a training, several of them wait for each other and burn all cores.
    with threadpool_limits(1):
        return np.asarray(piece.fit_transform(parts), np.float32)
