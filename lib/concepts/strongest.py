"""What a filter answers to most: the samples that lead, each with the place where the filter's answer is highest.

One place a sample, as in Zeiler, Fergus 2014 (Visualizing and understanding convolutional networks, section 4): nine
places of one sample would show nearly the same patch nine times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

COUNT = 9
"""Samples that are kept of each filter."""

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Strongest:
    """The samples that excite each filter most, `(filters, samples)` each, the strongest first.

    Attributes:
        values: the filter's highest output in the sample.
        numbers: which sample it is.
        places: where in the map it is, counted row by row; 0 where a layer gives one number a unit.
    """

    values: Values
    numbers: NDArray[np.int64]
    places: NDArray[np.int64]

    def joined(self, other: Strongest) -> Strongest:
        """The strongest of both; of equal values those of the first."""
        values = np.concatenate([self.values, other.values], axis=1)
        leading = np.argsort(-values, axis=1, kind="stable")[:, :COUNT]
        pairs = ((self.numbers, other.numbers), (self.places, other.places))
        numbers, places = (np.take_along_axis(np.concatenate(pair, axis=1), leading, axis=1) for pair in pairs)
        return Strongest(np.take_along_axis(values, leading, axis=1), numbers, places)


def strongest(outputs: Values, numbers: NDArray[np.integer]) -> Strongest:
    """The samples of a batch that excite each filter most.

    Args:
        outputs: of one layer, `(samples, *places, filters)`.
        numbers: of the samples, `(samples,)`.

    Returns:
        At most nine samples for each filter; of equal values the earliest sample and place.

    >>> maps = np.array([[[[1], [0]]], [[[2], [7]]]], np.float32)  # two samples, 1 x 2 places, one filter
    >>> found = strongest(maps, np.array([10, 11]))
    >>> found.values.tolist(), found.numbers.tolist(), found.places.tolist()
    ([[7.0, 1.0]], [[11, 10]], [[1, 0]])
    """
    flat = outputs.reshape(len(outputs), -1, outputs.shape[-1])
    places = flat.argmax(axis=1)
    values = np.take_along_axis(flat, places[:, None], axis=1)[:, 0].T
    leading = np.argsort(-values, axis=1, kind="stable")[:, :COUNT]
    found = np.asarray(numbers, np.int64)[leading]
    return Strongest(
        np.take_along_axis(values, leading, axis=1).astype(np.float32),
        found,
        np.take_along_axis(places.T.astype(np.int64), leading, axis=1),
    )
