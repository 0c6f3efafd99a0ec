"""Backpropagation in a network small enough to see whole: two inputs, two hidden units, one output.

Every number has a name: inputs x1, x2; weights w12 (from input 1 to unit 2) and so on; biases b1, b2; sums z1, z2;
hidden outputs h1, h2; output weights v1, v2 and bias c; sum z; prediction p; target y; loss L.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass

PARAMETERS = ("w11", "w21", "b1", "w12", "w22", "b2", "v1", "v2", "c")
ACTIVATIONS = ("tanh", "sigmoid")
LOSSES = {"squared_error": "squared error", "binary_crossentropy": "binary crossentropy"}
"""What the losses are called, by the name that `Network.loss` has for them."""
LIMIT = 10.0
"""Larger numbers only saturate the units, and nothing is left to see."""

FEEDS = {
    "p": "L", "z": "p", "v1": "z", "v2": "z", "c": "z",
    "h1": "z", "z1": "h1", "w11": "z1", "w21": "z1", "b1": "z1",
    "h2": "z", "z2": "h2", "w12": "z2", "w22": "z2", "b2": "z2",
}  # fmt: skip
"""What each number goes into, from the loss backwards: the order of backpropagation."""


@dataclass(frozen=True, slots=True)
class Network:
    """All that one step of training depends on.

    Raises:
        ValueError: a number is not finite or beyond +-10, a name is unknown, or binary crossentropy is asked for a
            target outside of 0 to 1.
    """

    x1: float = 1.0
    x2: float = -0.5
    target: float = 0.0
    w11: float = 0.5
    w21: float = -0.3
    b1: float = 0.1
    w12: float = -0.4
    w22: float = 0.8
    b2: float = 0.0
    v1: float = 0.7
    v2: float = -0.6
    c: float = 0.2
    activation: str = "tanh"
    loss: str = "squared_error"

    def __post_init__(self) -> None:
        for name in ("x1", "x2", "target", *PARAMETERS):
            value = getattr(self, name)
            if not (math.isfinite(value) and abs(value) <= LIMIT):
                raise ValueError(f"{name} must be a number from -10 to 10, not {value:g}")
        if self.activation not in ACTIVATIONS or self.loss not in LOSSES:
            raise ValueError(f"no such activation or loss: {self.activation!r}, {self.loss!r}")
        if self.loss == "binary_crossentropy" and not 0 <= self.target <= 1:
            raise ValueError(f"binary crossentropy needs a target from 0 to 1, not {self.target:g}")


def sigmoid(z: float) -> float:
    """`1 / (1 + exp(-z))`."""
    return 1 / (1 + math.exp(-z))


def forward(net: Network) -> dict[str, float]:
    """Compute every number, from the inputs to the loss.

    Returns:
        z1, h1, z2, h2, z, p and L. For squared error `p = z` and `L = (p - y)^2`; for binary crossentropy
        `p = sigmoid(z)` and `L = -y ln p - (1 - y) ln(1 - p)`.

    >>> round(forward(Network())["L"], 4)
    1.0879
    """
    bend = math.tanh if net.activation == "tanh" else sigmoid
    z1 = net.w11 * net.x1 + net.w21 * net.x2 + net.b1
    z2 = net.w12 * net.x1 + net.w22 * net.x2 + net.b2
    h1, h2 = bend(z1), bend(z2)
    z = net.v1 * h1 + net.v2 * h2 + net.c
    if net.loss == "squared_error":
        p = z
        loss = (p - net.target) ** 2
    else:
        p = sigmoid(z)
        loss = -net.target * math.log(p) - (1 - net.target) * math.log(1 - p)
    return {"z1": z1, "h1": h1, "z2": z2, "h2": h2, "z": z, "p": p, "L": loss}


def slopes(net: Network, values: Mapping[str, float]) -> dict[str, float]:
    """How fast the next number changes with each number: `slopes["z1"]` is dh1/dz1, since z1 goes into h1.

    Args:
        net: the network.
        values: what `forward` gave.
    """
    h1, h2, p, y = values["h1"], values["h2"], values["p"], net.target
    tanh = net.activation == "tanh"
    squared = net.loss == "squared_error"
    return {
        "p": 2 * (p - y) if squared else (p - y) / (p * (1 - p)),
        "z": 1.0 if squared else p * (1 - p),
        "v1": h1, "v2": h2, "c": 1.0, "h1": net.v1, "h2": net.v2,
        "z1": 1 - h1**2 if tanh else h1 * (1 - h1),
        "z2": 1 - h2**2 if tanh else h2 * (1 - h2),
        "w11": net.x1, "w21": net.x2, "b1": 1.0,
        "w12": net.x1, "w22": net.x2, "b2": 1.0,
    }  # fmt: skip


def backward(net: Network, values: Mapping[str, float]) -> dict[str, float]:
    """The derivative of the loss by every number, from the loss backwards.

    Each is the derivative by the next number, which is known already, times one slope: the chain rule.

    >>> net = Network(x1=2.0)
    >>> gradients = backward(net, forward(net))
    >>> gradients["w11"] == gradients["z1"] * 2.0
    True
    """
    slope = slopes(net, values)
    gradients = {"L": 1.0}
    for name, next_one in FEEDS.items():
        gradients[name] = gradients[next_one] * slope[name]
    return gradients


def route(name: str) -> list[str]:
    """The numbers on the way from the loss to one of them.

    >>> route("w11")
    ['p', 'z', 'h1', 'z1', 'w11']
    """
    way = [name]
    while FEEDS[way[0]] != "L":
        way.insert(0, FEEDS[way[0]])
    return way


def descent_step(net: Network, gradients: Mapping[str, float], learning_rate: float) -> Network:
    """The network after one step of gradient descent: `w - learning_rate * dL/dw` for each weight and bias.

    Raises:
        ValueError: the step leads beyond +-10.
    """
    moved = {name: getattr(net, name) - learning_rate * gradients[name] for name in PARAMETERS}
    return dataclasses.replace(net, **moved)
