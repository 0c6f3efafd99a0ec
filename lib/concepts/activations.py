"""Activations: the bend after each layer's sums. Without it many layers could do no more than one.

Definitions and constants are those of Keras 3 (https://keras.io/api/layers/activations/). Each takes and gives float32
of any shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

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
    twice_share: Values = 1 + np.asarray(_erf(x / math.sqrt(2)), np.float32)
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
    shares: Values = np.divide(exponentials, exponentials.sum(axis=-1, keepdims=True))
    return shares


def relu_slope(x: Values) -> Values:
    """1 above 0, else 0. At 0 itself relu has no slope; Keras takes 0."""
    return (x > 0).astype(x.dtype)


def leaky_relu_slope(x: Values) -> Values:
    """1 above 0, 0.2 below."""
    return np.where(x > 0, np.float32(1), np.float32(LEAKY_SLOPE))


def elu_slope(x: Values) -> Values:
    """1 above 0, `exp(x)` below."""
    return np.exp(np.minimum(x, np.float32(0)))


def gelu_slope(x: Values) -> Values:
    """`P(X <= x) + x * density(x)` for a standard normal X."""
    share = np.float32(0.5) * (1 + np.asarray(_erf(x / math.sqrt(2)), np.float32))
    density: Values = np.divide(np.exp(-np.square(x) / 2), np.float32(math.sqrt(2 * math.pi)))
    slope: Values = share + x * density
    return slope


def silu_slope(x: Values) -> Values:
    """`s + x * s * (1 - s)` with s = sigmoid(x)."""
    return sigmoid(x) + x * sigmoid_slope(x)


def sigmoid_slope(x: Values) -> Values:
    """`s * (1 - s)` with s = sigmoid(x); never more than a quarter.

    >>> sigmoid_slope(np.array([-2, 0, 2], np.float32)).round(3)
    array([0.105, 0.25 , 0.105], dtype=float32)
    """
    # 1 - sigmoid(x) is sigmoid(-x), which does not round to 0 where sigmoid(x) rounds to 1.
    return sigmoid(x) * sigmoid(-x)


def tanh_slope(x: Values) -> Values:
    """`1 - tanh(x)**2`: 1 in the middle, fading on both sides."""
    return 1 - np.square(np.tanh(x))


def softplus_slope(x: Values) -> Values:
    """`sigmoid(x)`."""
    return sigmoid(x)


def softmax_slopes(x: Values) -> Values:
    """By how much each output of softmax changes with each logit.

    Args:
        x: logits, `(classes,)`.

    Returns:
        `(classes, classes)`: row i, column j holds `p_i * (1 - p_i)` where i = j, else `-p_i * p_j`. Each row adds up
        to 0: what one class gains the others lose.

    >>> softmax_slopes(np.zeros(2, np.float32))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]], dtype=float32)
    """
    p = softmax(x)
    return np.diag(p) - np.outer(p, p)


@dataclass(frozen=True, slots=True)
class Chain:
    """One number on its way through many layers of one unit each.

    Attributes:
        outputs: of each layer, `(depth,)`.
        factors: what each layer contributes to the gradient, its weight times its slope, `(depth,)`.
        products: of the factors up to each layer, `(depth,)`; the last is the gradient of the whole chain.
    """

    outputs: Values
    factors: Values
    products: Values


def chain(name: str, x: float, depth: int, weight: float = 1.0) -> Chain:
    """Send x through `depth` layers `x -> activation(weight * x)` and multiply their slopes: the chain rule.

    Args:
        name: an activation of `SLOPES`.
        x: the input.
        depth: number of layers.
        weight: the same in each layer.

    Raises:
        ValueError: there is no such slope, or no layer.

    >>> chain("relu", 1.0, depth=3, weight=2.0).products
    array([2., 4., 8.], dtype=float32)
    """
    if name not in SLOPES or depth < 1:
        raise ValueError(f"name must be one of {', '.join(SLOPES)} and depth at least 1, not {name!r} and {depth}")
    outputs = np.empty(depth, np.float32)
    factors = np.empty(depth, np.float32)
    value = np.array([x], np.float32)
    for layer in range(depth):
        into = np.float32(weight) * value
        value = ACTIVATION_FUNCTIONS[name](into)
        outputs[layer] = value[0]
        factors[layer] = np.float32(weight) * SLOPES[name](into)[0]
    return Chain(outputs, factors, np.cumprod(factors))


ACTIVATION_FUNCTIONS: dict[str, Callable[[Values], Values]] = {
    function.__name__: function
    for function in (linear, relu, leaky_relu, elu, selu, gelu, silu, sigmoid, tanh, softplus, softmax)
}
SLOPES: dict[str, Callable[[Values], Values]] = {
    "relu": relu_slope,
    "leaky_relu": leaky_relu_slope,
    "elu": elu_slope,
    "sigmoid": sigmoid_slope,
    "tanh": tanh_slope,
    "gelu": gelu_slope,
    "silu": silu_slope,
    "softplus": softplus_slope,
}
"""Derivatives by the name of their function; softmax has `softmax_slopes`."""
