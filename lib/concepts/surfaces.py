"""Loss surfaces of two weights: simple enough to see whole, each with one difficulty that real networks have too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
REACH = 4.0
"""The pictures show both weights from -4 to 4."""


def bowl(x: Values, y: Values) -> Values:
    """`(x^2 + y^2) / 2`: equally steep on all sides."""
    return (x**2 + y**2) / 2


def bowl_gradient(x: Values, y: Values) -> tuple[Values, Values]:
    """`(x, y)`."""
    return x, y


def ravine(x: Values, y: Values) -> Values:
    """`0.05 x^2 + 2 y^2`: forty times more curved across than along."""
    return 0.05 * x**2 + 2 * y**2


def ravine_gradient(x: Values, y: Values) -> tuple[Values, Values]:
    """`(0.1 x, 4 y)`."""
    return 0.1 * x, 4 * y


def saddle(x: Values, y: Values) -> Values:
    """`x^2/2 - y^2/2 + y^4/16 + 1`: flat at (0, 0), but that is a pass between the two minima at (0, -2) and (0, 2)."""
    return x**2 / 2 - y**2 / 2 + y**4 / 16 + 1


def saddle_gradient(x: Values, y: Values) -> tuple[Values, Values]:
    """`(x, y^3/4 - y)`."""
    return x, y**3 / 4 - y


def two_minima(x: Values, y: Values) -> Values:
    """`(x^2 - 4)^2/8 + 0.3 x + y^2/2 + 0.62`: the valley near x = -2 is deeper than the one near x = 2."""
    return (x**2 - 4) ** 2 / 8 + 0.3 * x + y**2 / 2 + 0.62


def two_minima_gradient(x: Values, y: Values) -> tuple[Values, Values]:
    """`(x (x^2 - 4)/2 + 0.3, y)`."""
    return x * (x**2 - 4) / 2 + 0.3, y


@dataclass(frozen=True, slots=True)
class Surface:
    """A loss of two weights.

    Attributes:
        formula: the loss in LaTeX.
        loss: of x and y, numbers or arrays alike.
        slopes: the loss' derivatives by x and by y.
        start: a point from which a descent is worth watching.
    """

    formula: str
    loss: Callable[[Values, Values], Values]
    slopes: Callable[[Values, Values], tuple[Values, Values]]
    start: tuple[float, float]

    def gradient(self, point: Values) -> Values:
        """The gradient at a point `(x, y)`.

        >>> SURFACES["ravine"].gradient(np.array([2.0, -1.0]))
        array([ 0.2, -4. ])
        """
        return np.array(self.slopes(point[0], point[1]))

    def losses(self, points: Values) -> Values:
        """The loss at each point of `(points, 2)`; infinite where it overflows."""
        with np.errstate(over="ignore", invalid="ignore"):
            losses = np.asarray(self.loss(points[:, 0], points[:, 1]))
        # Far outside, where both powers overflow, the formula says inf - inf; the surface rises there.
        return np.where(np.isnan(losses), np.inf, losses)


SURFACES: dict[str, Surface] = {
    "bowl": Surface(r"\tfrac12 x^2 + \tfrac12 y^2", bowl, bowl_gradient, (-3.0, 2.0)),
    "ravine": Surface("0.05 x^2 + 2 y^2", ravine, ravine_gradient, (-3.5, 1.0)),
    "saddle": Surface(r"\tfrac12 x^2 - \tfrac12 y^2 + \tfrac1{16} y^4 + 1", saddle, saddle_gradient, (-3.0, 0.1)),
    "two_minima": Surface(
        r"\tfrac18 (x^2 - 4)^2 + 0.3 x + \tfrac12 y^2 + 0.62", two_minima, two_minima_gradient, (3.5, 2.0)
    ),
}
