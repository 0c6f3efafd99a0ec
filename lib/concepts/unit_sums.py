"""How the units of a Dense layer come to their numbers: the weightiest products by name, all others as one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class UnitSums:
    """The sums of some units.

    `totals[u] = sum over n of products[u, n] + rest[u] + bias[u]`

    Attributes:
        places: which inputs are named, the weightiest product first, `(units, named)`.
        values, weights, products: of those, `(units, named)`.
        others: how many inputs are not named.
        rest: sum of their products, `(units,)`.
        bias: `(units,)`; 0 without one.
        totals: before the activation, `(units,)`.
    """

    places: NDArray[np.intp]
    values: Values
    weights: Values
    products: Values
    others: int
    rest: Values
    bias: Values
    totals: Values


def unit_sums(values: Values, kernel: Values, bias: Values | None, named: int = 10) -> UnitSums:
    """What each unit adds up.

    Args:
        values: `(inputs,)`.
        kernel: `(inputs, units)`.
        bias: `(units,)`, or None.
        named: how many products to name; the others are one number.

    >>> sums = unit_sums(np.array([1, 2, 3], np.float32), np.array([[1], [-4], [2]], np.float32), None, named=2)
    >>> sums.places.tolist(), sums.products.tolist(), sums.rest.tolist(), sums.totals.tolist()
    ([[1, 2]], [[-8.0, 6.0]], [1.0], [-1.0])
    """
    products = values * kernel.T
    named = min(named, len(values))
    # The weightiest in any order first: sorting all products of a large layer would take five times as long.
    places = np.argpartition(-np.abs(products), named - 1, axis=1)[:, :named]
    order = np.argsort(-np.abs(np.take_along_axis(products, places, axis=1)), axis=1, kind="stable")
    places = np.take_along_axis(places, order, axis=1)
    chosen = np.take_along_axis(products, places, axis=1)
    others = len(values) - named
    sums: Values = products.sum(axis=1)
    rest = sums - chosen.sum(axis=1) if others else np.zeros_like(sums)
    bias = np.zeros_like(sums) if bias is None else bias
    weights = np.take_along_axis(kernel.T, places, axis=1)
    return UnitSums(places, values[places], weights, chosen, others, rest, bias, sums + bias)
