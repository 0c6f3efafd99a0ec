"""What shows inside a training whether it goes well: lengths of gradients and steps, dead units, and spreads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating]

BINS = 30
MOST_VALUES = 20_000
"""More numbers than these are not sorted into bins: so many of them are picked."""
SAME = 1e-6
"""Outputs of a unit that differ by less than this share of their size are the same, but for rounding."""
_FIRST_LOOKS = (8, 2_000)


def length(arrays: Sequence[Values]) -> float:
    """The length of several arrays taken as one long arrow: the root of the sum of all squares.

    >>> length([np.array([3.0]), np.array([[0.0, 4.0]])])
    5.0
    """
    return math.sqrt(sum(float(np.sum(np.square(array, dtype=np.float64))) for array in arrays))


def update_ratio(before: Sequence[Values], after: Sequence[Values]) -> float | None:
    """How far one step moved a layer's weights, measured by the weights themselves: `|after - before| / |before|`.

    Returns:
        None where all weights were 0.

    >>> update_ratio([np.array([3.0, 4.0])], [np.array([3.0, 4.005])])
    0.001
    """
    size = length(before)
    moved = [np.subtract(new, old, dtype=np.float64) for old, new in zip(before, after, strict=True)]
    return float(f"{length(moved) / size:.6g}") if size else None


def dead_units(outputs: Values) -> int:
    """How many units give the same for all samples, wherever they stand.

    Args:
        outputs: `(samples, ..., units)`. Of maps each channel is a unit, which must be the same everywhere.

    >>> dead_units(np.array([[0.0, 1.0, 2.0], [0.0, 3.0, 2.0]]))
    2
    """
    rows = outputs.reshape(-1, outputs.shape[-1])
    doubtful = np.arange(rows.shape[1])
    # Most units already differ within a few rows; only the others are looked at in more of them, and then in all.
    for looks in (*_FIRST_LOOKS, len(rows)):
        some = rows[:: max(1, len(rows) // looks)]
        doubtful = doubtful[_constant(some[:, doubtful])] if len(doubtful) else doubtful
    return len(doubtful)


def _constant(rows: Values) -> NDArray[np.bool_]:
    low, high = rows.min(axis=0), rows.max(axis=0)
    same: NDArray[np.bool_] = high - low <= SAME * np.maximum(np.abs(low), np.abs(high))
    return same


@dataclass(frozen=True, slots=True)
class Spread:
    """How many numbers lie where: equally wide bins from the lowest to the highest.

    Attributes:
        low, high: ends of the first and of the last bin.
        heights: two hexadecimal digits for each bin: 255 times the root of its count over the fullest bin's. So short,
            because a run keeps some hundred of these; the root, because few numbers in a bin matter as well.
    """

    low: float
    high: float
    heights: str

    @property
    def shares(self) -> NDArray[np.float64]:
        """The share of the numbers in each bin, `(bins,)`."""
        counts = np.square(np.frombuffer(bytes.fromhex(self.heights), np.uint8).astype(np.float64))
        shares: NDArray[np.float64] = counts / max(counts.sum(), 1.0)
        return shares


def spread(values: Values, bins: int = BINS) -> Spread | None:
    """Sort numbers into bins; of more than 20,000 so many are picked, always at the same places.

    Args:
        values: of any shape.
        bins: how many.

    Returns:
        None where no number is finite.

    >>> spread(np.array([0.0, 0.0, 0.0, 0.0, 1.0]), bins=2)
    Spread(low=0.0, high=1.0, heights='ff80')
    """
    numbers = values.reshape(-1)
    if len(numbers) > MOST_VALUES:
        numbers = numbers[np.random.default_rng(0).integers(0, len(numbers), MOST_VALUES)]
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return None
    counts, edges = np.histogram(numbers.astype(np.float64), bins)
    heights = np.rint(255 * np.sqrt(counts / counts.max())).astype(np.uint8)
    return Spread(_short(edges[0]), _short(edges[-1]), heights.tobytes().hex())


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def on_one_axis(spreads: Sequence[Spread | None], bins: int = 2 * BINS) -> tuple[Values, Values]:
    """Several spreads in the same bins, to stand side by side.

    Args:
        spreads: of different ranges.
        bins: how many the common axis has.

    Returns:
        The bins' middles `(bins,)`, and the share of each spread in each bin, `(bins, spreads)`; NaN for a spread that
        is None. Within a bin of its own, numbers are taken to be spread evenly.

    Raises:
        ValueError: there is no spread at all.
    """
    known = [each for each in spreads if each is not None]
    if not known:
        raise ValueError("there must be at least one spread to draw")
    low, high = min(each.low for each in known), max(each.high for each in known)
    edges = np.linspace(low, high, bins + 1) if high > low else np.linspace(low - 0.5, high + 0.5, bins + 1)
    columns = [_in_bins(each, edges) if each is not None else np.full(bins, np.nan) for each in spreads]
    return (edges[:-1] + edges[1:]) / 2, np.stack(columns, axis=1)


def _in_bins(each: Spread, edges: Values) -> Values:
    """The shares of a spread between other edges: differences of how much lies below each of them."""
    own = np.linspace(each.low, max(each.high, np.nextafter(each.low, np.inf)), len(each.shares) + 1)
    below = np.interp(edges, own, [0.0, *np.cumsum(each.shares)])
    return np.diff(below)
