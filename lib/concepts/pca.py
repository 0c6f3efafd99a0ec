"""Principal components: the few directions along which samples differ most, found with random numbers.

A layer may give 20,000 numbers a sample. A whole singular value decomposition of 1,000 such samples takes seconds; the
randomised one looks at them a few times only (Halko, Martinsson, Tropp 2011: Finding structure with randomness, SIAM
Review 53(2), arXiv 0909.4061, algorithms 4.4 and 5.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]

_MORE = 8
"""Directions that are followed beside those that are wanted, so that these come out exactly."""
_ROUNDS = 6
"""How often the samples are looked at again; each time what is large grows against what is small."""
_TINY = 1e-5
"""A direction whose spread is so small beside the largest one's is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Directions along which samples differ most, the strongest first.

    Attributes:
        mean: of the samples, `(features,)`.
        axes: `(parts, features)`, of length 1 and at right angles; all 0 where there is no such direction.
        shares: of all variance, which part lies along each axis, `(parts,)`.
    """

    mean: Values
    axes: Values
    shares: Values

    def places(self, values: Values) -> Values:
        """Where samples lie along the axes, `(samples, parts)`.

        Args:
            values: `(samples, features)`, those of the components or others.
        """
        return np.asarray((values - self.mean) @ self.axes.T, np.float32)


def components(values: Values, parts: int = 2, seed: int = 0) -> Components:
    """The first principal components of samples.

    With `A` the samples less their mean: a few random sums of its columns, `Q`, are multiplied by `A` and its transpose
    again and again, until they span the strongest directions; then `Q.T @ A` is small enough to be decomposed.

    Args:
        values: `(samples, features)`, finite, at least one sample.
        parts: how many.
        seed: of the random numbers; the same samples and seed give the same components.

    Raises:
        ValueError: there is no sample, or a number is not finite.

    >>> found = components(np.array([[0, 0], [3, 4], [6, 8]], np.float32))
    >>> found.axes.astype(float).round(4).tolist(), found.shares.tolist()
    ([[0.6, 0.8], [0.0, 0.0]], [1.0, 0.0])
    """
    if not len(values) or not np.isfinite(values).all():
        raise ValueError("principal components need finite numbers of at least one sample")
    mean = values.mean(axis=0, dtype=np.float64).astype(np.float32)
    centred = np.asarray(values - mean, np.float32)
    count = min(parts + _MORE, *centred.shape)
    sums = centred @ np.random.default_rng(seed).standard_normal((centred.shape[1], count), np.float32)
    for _ in range(_ROUNDS):
        basis, _triangle = np.linalg.qr(sums)
        across, _triangle = np.linalg.qr(centred.T @ basis)
        sums = centred @ across
    basis, _triangle = np.linalg.qr(sums)
    _left, spread, right = np.linalg.svd(basis.T @ centred, full_matrices=False)
    whole = float(np.vdot(centred, centred))
    axes, shares = np.zeros((parts, values.shape[1]), np.float32), np.zeros(parts, np.float32)
    for place in range(min(parts, len(spread))):
        if spread[place] > _TINY * spread[0]:
            axes[place], shares[place] = _signed(right[place]), min(float(spread[place]) ** 2 / whole, 1.0)
    return Components(mean, axes, shares)


def _signed(axis: Values) -> Values:
    """The axis turned so that its largest number is above 0: both ways round are right, and one is chosen."""
    return axis if axis[np.abs(axis).argmax()] > 0 else -axis
