"""Activations: the bend after each layer's sums, without which many layers would be no more than one.

Definitions and constants are those of Keras 3 (https://keras.io/api/layers/activations/). Each takes and gives float32
of any shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]

# Fixed point of mean 0 and variance 1 under selu (Klambauer et al. 2017: Self-normalizing neural networks).
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805
LEAKY_SLOPE = 0.2  # Keras 3; Keras 2 had 0.3

_erf = np.frompyfunc(math.erf, 1, 1)


def linear(x: Values) -> Values:
    """`x`: no bend at all."""
    return x


def relu(x: Values) -> Values:
    """`max(x, 0)`.

    >>> relu(np.array([-2, 3], np.float32))
    array([0., 3.], dtype=float32)
    """
    return np.maximum(x, np.float32(0))


def leaky_relu(x: Values) -> Values:
    """`x` above 0, `0.2 * x` below: a unit that is off can still learn (Maas, Hannun, Ng 2013)."""
    return np.where(x > 0, x, np.float32(LEAKY_SLOPE) * x)


def elu(x: Values) -> Values:
    """`x` above 0, `exp(x) - 1` below (Clevert, Unterthiner, Hochreiter 2016)."""
    return np.where(x > 0, x, np.expm1(np.minimum(x, np.float32(0))))


def selu(x: Values) -> Values:
    """`1.0507 * elu(x, alpha = 1.6733)`: keeps mean 0 and variance 1 through many layers (Klambauer et al. 2017)."""
    below = np.float32(SELU_ALPHA) * np.expm1(np.minimum(x, np.float32(0)))
    return np.float32(SELU_SCALE) * np.where(x > 0, x, below)


def gelu(x: Values) -> Values:
    """`x * P(X <= x)` for a standard normal X: `x/2 * (1 + erf(x / sqrt(2)))` (Hendrycks, Gimpel 2016)."""
    twice_share: Values = 1 + _erf(x / math.sqrt(2)).astype(np.float32)
    return x * np.float32(0.5) * twice_share


def silu(x: Values) -> Values:
    """`x * sigmoid(x)`, also called swish (Ramachandran, Zoph, Le 2017)."""
    return x * sigmoid(x)


def sigmoid(x: Values) -> Values:
    """`1 / (1 + exp(-x))`: any number to between 0 and 1.

    >>> sigmoid(np.array([-1000, 0, 1000], np.float32))
    array([0. , 0.5, 1. ], dtype=float32)
    """
    # exp of minus the size never overflows; the other half follows from sigmoid(x) = 1 - sigmoid(-x).
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def tanh(x: Values) -> Values:
    """`(exp(x) - exp(-x)) / (exp(x) + exp(-x))`: any number to between -1 and 1."""
    return np.tanh(x)


def softplus(x: Values) -> Values:
    """`log(1 + exp(x))`: a relu without its corner."""
    result: Values = np.logaddexp(x, np.float32(0))
    return result


def softmax(x: Values) -> Values:
    """`exp(x) / sum(exp(x))` over the last axis: scores to probabilities that add up to 1.

    The largest score is taken off first, which changes nothing in the result and keeps `exp` in range.

    >>> softmax(np.array([1000, 1000], np.float32))
    array([0.5, 0.5], dtype=float32)
    """
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: Values = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return shares


ACTIVATION_FUNCTIONS: dict[str, Callable[[Values], Values]] = {
    function.__name__: function
    for function in (linear, relu, leaky_relu, elu, selu, gelu, silu, sigmoid, tanh, softplus, softmax)
}
