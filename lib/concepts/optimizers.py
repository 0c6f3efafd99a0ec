"""Optimizers: what to do with a gradient. Each rule is that of Keras 3 (https://keras.io/api/optimizers/).

The gradient says which way is uphill at the point where one stands. An optimizer turns it into the change of the
weights, and most of them remember something of the gradients before. Values may be arrays of any shape; what an
optimizer remembers begins at 0 and takes the gradient's shape and precision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.floating]


class Optimizer(Protocol):
    """Turns gradients into changes of the weights, one step after the other."""

    def change(self, gradient: Values, learning_rate: float) -> Values:
        """What to add to the weights in this step; remembers what the next step needs."""


@dataclass
class SGD:
    """Plain gradient descent: straight downhill; the steeper the slope, the longer the step."""

    def change(self, gradient: Values, learning_rate: float) -> Values:
        """`-learning_rate * gradient`.

        >>> SGD().change(np.array([3.0, -2.0]), 0.1)
        array([-0.3,  0.2])
        """
        return -learning_rate * gradient


@dataclass
class Momentum:
    """A ball that rolls: it keeps a share of its last move (Polyak 1964). Keras: `SGD(momentum=0.9)`."""

    momentum: float = 0.9
    m: Values | float = 0.0

    def change(self, gradient: Values, learning_rate: float) -> Values:
        """`m = momentum * m - learning_rate * gradient`, and the change is m."""
        self.m = self.momentum * self.m - learning_rate * gradient
        return self.m


@dataclass
class Nesterov:
    """A ball that looks ahead: m as in momentum, but the change already has the next push in it (Nesterov 1983).

    Keras: `SGD(momentum=0.9, nesterov=True)`.
    """

    momentum: float = 0.9
    m: Values | float = 0.0

    def change(self, gradient: Values, learning_rate: float) -> Values:
        """`m = momentum * m - learning_rate * gradient`; the change is `momentum * m - learning_rate * gradient`."""
        self.m = self.momentum * self.m - learning_rate * gradient
        return self.momentum * self.m - learning_rate * gradient


@dataclass
class RMSprop:
    """Each weight has a step length of its own: the slope is divided by its usual size (Hinton 2012)."""

    rho: float = 0.9
    epsilon: float = 1e-7
    v: Values | float = 0.0

    def change(self, gradient: Values, learning_rate: float) -> Values:
        """`v = rho * v + (1 - rho) * gradient**2`; the change is `-learning_rate * gradient / sqrt(v + epsilon)`."""
        self.v = self.rho * self.v + (1 - self.rho) * gradient**2
        step: Values = -learning_rate * gradient / np.sqrt(self.v + self.epsilon)
        return step


@dataclass
class Adam:
    """Momentum and a step length for each weight, both corrected for having begun at 0 (Kingma, Ba 2015)."""

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    m: Values | float = 0.0
    v: Values | float = 0.0
    t: int = 0

    def change(self, gradient: Values, learning_rate: float) -> Values:
        """The change is `-alpha * m / (sqrt(v) + epsilon)`.

        m is the running mean of the gradient, v that of its square. Both begin at 0 and are too small at first;
        `alpha = learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t)` makes up for it.
        """
        self.t += 1
        self.m = self.m + (1 - self.beta_1) * (gradient - self.m)
        self.v = self.v + (1 - self.beta_2) * (gradient**2 - self.v)
        alpha = learning_rate * float(np.sqrt(1 - self.beta_2**self.t)) / (1 - self.beta_1**self.t)
        step: Values = -alpha * self.m / (np.sqrt(self.v) + self.epsilon)
        return step


def inverse_time_decay(learning_rate: float, decay_rate: float, step: int) -> float:
    """A learning rate that gets smaller step by step. Keras: `schedules.InverseTimeDecay(rate, 1, decay_rate)`.

    Args:
        learning_rate: of the first step.
        decay_rate: how fast it falls; 0 keeps it.
        step: from 0.

    >>> inverse_time_decay(0.5, decay_rate=0.25, step=4)
    0.25
    """
    return learning_rate / (1 + decay_rate * step)


@dataclass(frozen=True, slots=True)
class Path:
    """Where a descent went.

    Attributes:
        points: `(steps + 1, 2)`, the start first. Fewer if it diverged until a coordinate overflowed.
        overflowed: whether it ended so.
    """

    points: NDArray[np.float64]
    overflowed: bool


def descend(
    gradient: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    start: ArrayLike,
    optimizer: Optimizer,
    learning_rate: float,
    decay_rate: float = 0.0,
    steps: int = 40,
) -> Path:
    """Walk downhill.

    Args:
        gradient: gives the gradient at a point.
        start: the point to begin at.
        optimizer: a fresh one; it is used up.
        learning_rate, decay_rate: see `inverse_time_decay`.
        steps: how many.

    >>> descend(lambda point: point, [4.0, 2.0], SGD(), learning_rate=0.5, steps=2).points
    array([[4. , 2. ],
           [2. , 1. ],
           [1. , 0.5]])
    """
    points = [np.asarray(start, np.float64)]
    with np.errstate(over="ignore", invalid="ignore"):  # too high a rate may end in infinity
        for step in range(steps):
            rate = inverse_time_decay(learning_rate, decay_rate, step)
            point = points[-1] + optimizer.change(gradient(points[-1]), rate)
            if not np.isfinite(point).all():
                return Path(np.array(points), overflowed=True)
            points.append(point)
    return Path(np.array(points), overflowed=False)
