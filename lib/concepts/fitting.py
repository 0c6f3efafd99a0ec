"""Fitting polynomials to points: the smallest model that can overfit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Measured points, `(points,)` each."""

    x: Values
    y: Values


def truth(x: Values) -> Values:
    """The rule behind the points, `sin(4 x)`: a good fit finds it in spite of the noise."""
    return np.sin(4 * x)


def measure(points: int, noise: float, seed: int) -> Points:
    """Measure the rule at some points, with errors.

    The range -1 to 1 is cut into equal parts, one for each point; the point lies at a random place in its part.

    Args:
        points: how many.
        noise: standard deviation of the errors.
        seed: the same seed gives the same places and errors, whatever the noise.

    Returns:
        Points in the order of x.

    >>> measure(2, noise=0, seed=1).y.shape
    (2,)
    """
    generator = np.random.default_rng(seed)
    x = 2 * (np.arange(points) + generator.uniform(0, 1, points)) / points - 1
    return Points(x, truth(x) + noise * generator.standard_normal(points))


def fit(points: Points, degree: int, l2: float = 0.0) -> Values:
    """Weights of the polynomial that comes nearest to the points.

    The polynomial is a weighted sum of Legendre polynomials P0, P1, ... on -1 to 1: any polynomial can be written so,
    and up to degree 15 their weights, unlike those of 1, x, x², ..., can be found without losing digits.

    Args:
        points: x from -1 to 1.
        degree: highest power.
        l2: price of large weights. The fit makes `sum((y - fit)²) + l2 * sum(weights²)` smallest; the weight of P0,
            which only moves the curve up and down, costs nothing. 0 is ordinary least squares.

    Returns:
        `(degree + 1,)`. Where more weights than points leave a choice, the smallest ones.

    Raises:
        ValueError: negative degree or l2.

    >>> fit(Points(np.array([-1.0, 1.0]), np.array([1.0, 3.0])), degree=1).round(6)
    array([2., 1.])
    """
    if degree < 0 or l2 < 0:
        raise ValueError(f"degree and l2 must not be negative, not {degree} and {l2}")
    terms = legendre.legvander(points.x, degree)
    # One more row for each weight asks it to be 0. With the factor sqrt(l2) all squares add up to the sum above.
    price = np.sqrt(l2) * np.eye(degree + 1)[1:]
    rows, wanted = np.vstack([terms, price]), np.concatenate([points.y, np.zeros(degree)])
    weights: Values = np.linalg.lstsq(rows, wanted)[0]
    return weights


def predict(weights: Values, x: Values) -> Values:
    """Value of the polynomial at each x."""
    return np.asarray(legendre.legval(x, weights), np.float64)


def error(weights: Values, points: Points) -> float:
    """Root of the mean squared error: how far off the fit typically is, in units of y.

    >>> error(np.array([1.0]), Points(np.zeros(2), np.array([0.0, 2.0])))
    1.0
    """
    return float(np.sqrt(np.mean(np.square(predict(weights, points.x) - points.y))))


def errors_by_degree(train: Points, validation: Points, most: int, l2: float = 0.0) -> Values:
    """Errors of the fits of degree 0 to `most`, learned from `train` alone.

    Returns:
        `(2, most + 1)`: training error, validation error.
    """
    fits = [fit(train, degree, l2) for degree in range(most + 1)]
    return np.array([[error(weights, points) for weights in fits] for points in (train, validation)])
