"""The formulas of the activations and losses with their numbers filled in, as Markdown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from lib.concepts.activations import ACTIVATION_FUNCTIONS, LEAKY_SLOPE, SLOPES, chain, sigmoid, softmax
from lib.concepts.losses import binary_crossentropy_slope, squared_error_slope

_Sums = Callable[[float, float, float], tuple[str, str]]
"""From x, value and slope: how the value and how the slope come about."""


def _side(x: float, above: str, below: str) -> str:
    return above if x > 0 else below


_SUMS: dict[str, _Sums] = {
    "relu": lambda x, y, s: (f"max({x:g}, 0)", _side(x, "x > 0", "x ≤ 0")),
    "leaky_relu": lambda x, y, s: (_side(x, f"{x:g}", f"{LEAKY_SLOPE:g} * {x:g}"), _side(x, "x > 0", "x ≤ 0")),
    "elu": lambda x, y, s: (_side(x, f"{x:g}", f"exp({x:g}) - 1"), _side(x, "x > 0", f"exp({x:g})")),
    "sigmoid": lambda x, y, s: (f"1 / (1 + exp({-x:g}))", f"{y:.4f} * (1 - {y:.4f})"),
    "tanh": lambda x, y, s: (f"tanh({x:g})", f"1 - {_bracketed(y)}²"),
    "gelu": lambda x, y, s: (
        f"{x:g} * P(X ≤ {x:g}) = {x:g} * {_normal(x):.4f}",
        f"{_normal(x):.4f} + {x:g} * {_density(x):.4f}",
    ),
    "silu": lambda x, y, s: (
        f"{x:g} * sigmoid({x:g}) = {x:g} * {_sigmoid(x):.4f}",
        f"{_sigmoid(x):.4f} + {x:g} * {_sigmoid(x):.4f} * (1 - {_sigmoid(x):.4f})",
    ),
    "softplus": lambda x, y, s: (f"log(1 + exp({x:g}))", f"sigmoid({x:g})"),
}


def activation_lines(names: Sequence[str], x: float) -> str:
    """Value and slope of each function at x."""
    lines = []
    for name in names:
        at = np.array([x], np.float32)
        y, slope = float(ACTIVATION_FUNCTIONS[name](at)[0]), float(SLOPES[name](at)[0])
        value, why = _SUMS[name](x, y, slope)
        lines.append(f"**{name}** `{value} = {y:.4f}`, slope `{why}{': ' if why[0] == 'x' else ' = '}{slope:.4f}`")
    return "  \n".join(lines)


def chain_lines(names: Sequence[str], x: float, depth: int, weight: float) -> str:
    """The product of each chain, with its first factors."""
    lines = []
    for name in names:
        link = chain(name, x, depth, weight)
        first = " * ".join(f"{factor:.3g}" for factor in link.factors[:3]) + (" * ..." if depth > 3 else "")
        lines.append(f"**{name}** `{first} = {link.products[-1]:.3g}`")
    return "  \n".join(lines)


def softmax_lines(logits: Sequence[float], true_class: int) -> str:
    """The first probability, its slopes, and categorical crossentropy with its slopes."""
    p = softmax(np.array(logits, np.float32))
    under = " + ".join(f"exp({z:g})" for z in logits)
    own, others = p[0] * (1 - p[0]), ", ".join(f"`-p1 * p{i} = {-p[0] * p[i - 1]:.4f}`" for i in range(2, len(p) + 1))
    pulls = ", ".join(f"{share - (place == true_class):+.4f}" for place, share in enumerate(p))
    return "  \n".join(
        [
            f"**p1** `exp({logits[0]:g}) / ({under}) = {p[0]:.4f}`",
            f"**its slopes** `p1 * (1 - p1) = {own:.4f}`, {others}",
            f"**crossentropy** `-log(p{true_class + 1}) = {-math.log(max(p[true_class], 1e-7)):.4f}`, "
            f"slopes at the logits `p - one_hot = [{pulls}]`",
        ]
    )


def loss_lines(target: int, z: float) -> str:
    """Probability, both losses and both slopes of one logit."""
    p, at = _sigmoid(z), np.array([z], np.float32)
    likelihood = p if target else _sigmoid(-z)
    said = f"{p:.4f}" if target else f"1 - {p:.4f}"
    steep, flat = float(binary_crossentropy_slope(target, at)[0]), float(squared_error_slope(target, at)[0])
    return "  \n".join(
        [
            f"**probability** `p = 1 / (1 + exp({-z:g})) = {p:.4f}`",
            f"**crossentropy** `-log({said}) = {-math.log(likelihood):.4f}`, "
            f"slope `p - t = {p:.4f} - {target} = {steep:.4f}`",
            f"**squared error** `({p:.4f} - {target})² = {(p - target) ** 2:.4f}`, "
            f"slope `2 * (p - t) * p * (1 - p) = {flat:.4f}`",
        ]
    )


def _bracketed(number: float) -> str:
    return f"({number:.4f})" if number < 0 else f"{number:.4f}"


def _sigmoid(x: float) -> float:
    return float(sigmoid(np.array([x], np.float32))[0])


def _normal(x: float) -> float:
    return (1 + math.erf(x / math.sqrt(2))) / 2


def _density(x: float) -> float:
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
