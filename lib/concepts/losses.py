"""Losses: one number that says how wrong a prediction is, and its slope, which says what to do about it.

Definitions are those of Keras 3 (https://keras.io/api/losses/) for one sample. Slopes are taken at the logit z, the
score before sigmoid or softmax, since that is where learning has to move something.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lib.concepts.activations import sigmoid, softmax

Values = NDArray[np.float32]
TINY = 1e-7  # keras.config.epsilon(): probabilities are kept this far from 0 and 1, so that the logarithm stays finite


def binary_crossentropy(target: float | Values, p: Values) -> Values:
    """`-(t * log(p) + (1 - t) * log(1 - p))`.

    Args:
        target: t, 0 or 1.
        p: predicted probability of 1, any shape.

    >>> binary_crossentropy(1, np.array([0.5])).round(4)
    array([0.6931])
    """
    p = np.clip(p, np.float32(TINY), np.float32(1 - TINY))
    t = np.asarray(target, np.float32)
    return -(t * np.log(p) + (1 - t) * np.log(1 - p))


def squared_error(target: float | Values, p: Values) -> Values:
    """`(p - t)**2`."""
    error: Values = np.square(p - target)
    return error


def categorical_crossentropy(true_class: int, p: Values) -> float:
    """`-log(p[true class])`: the other probabilities matter only by what they leave for it.

    Args:
        true_class: counted from 0.
        p: probabilities that add up to 1, `(classes,)`.

    >>> round(categorical_crossentropy(0, np.array([0.5, 0.25, 0.25])), 4)
    0.6931
    """
    return -math.log(float(np.clip(p[true_class], TINY, 1 - TINY)))


def binary_crossentropy_slope(target: float | Values, z: Values) -> Values:
    """By how much `binary_crossentropy(t, sigmoid(z))` changes with z: `p - t`.

    The slope of the logarithm, `1 / p`, and that of sigmoid, `p * (1 - p)`, cancel: an answer that is sure and
    wrong gives a slope of size 1.
    """
    return sigmoid(z) - target


def squared_error_slope(target: float | Values, z: Values) -> Values:
    """By how much `squared_error(t, sigmoid(z))` changes with z: `2 * (p - t) * p * (1 - p)`.

    Sigmoid's slope does not cancel: an answer that is sure and wrong gives a slope of almost 0.
    """
    p = sigmoid(z)
    return 2 * (p - target) * p * sigmoid(-z)


def categorical_crossentropy_slopes(true_class: int, z: Values) -> Values:
    """By how much `categorical_crossentropy(t, softmax(z))` changes with each logit: `p - one_hot(t)`.

    >>> categorical_crossentropy_slopes(0, np.zeros(2, np.float32))
    array([-0.5,  0.5], dtype=float32)
    """
    slopes = softmax(z)
    slopes[true_class] -= 1
    return slopes


def steps_to_even(
    slope: Callable[[float, Values], Values], target: float, z: float, learning_rate: float = 1.0, most: int = 5000
) -> int | None:
    """Steps of gradient descent on one logit until the right answer is the likelier one.

    Args:
        slope: `binary_crossentropy_slope` or `squared_error_slope`.
        target: 0 or 1.
        z: the logit to begin with.
        learning_rate: of each step `z -= learning_rate * slope`.
        most: how many steps to try.

    Returns:
        The number of steps, 0 when it is right from the start, or None when `most` are not enough.

    >>> steps_to_even(binary_crossentropy_slope, 1, -2.0)
    3
    """
    for step in range(most):
        if (z >= 0) == (target == 1):
            return step
        z -= learning_rate * float(slope(target, np.array(z, np.float32)))
    return None
