"""The update rule of each optimizer with the numbers of its first step filled in."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lib.concepts.optimizers import Adam, Momentum, Nesterov, RMSprop
from lib.concepts.surfaces import SURFACES
from lib.ui.learn.gradient_descent.controls import OPTIMIZERS, Settings

Vector = NDArray[np.floating]


def first_step(settings: Settings, optimizer: str) -> str:
    """One optimizer's first step in LaTeX: the rule, its numbers, and the point that comes out.

    Args:
        settings: what is set: the surface, the start and the rates.
        optimizer: a key of `OPTIMIZERS`.
    """
    start = np.array(settings.start)
    gradient = SURFACES[settings.surface].gradient(start)
    rule = OPTIMIZERS[optimizer](settings.momentum)
    change = rule.change(gradient, settings.learning_rate)
    rate = number(settings.learning_rate)
    lines = [
        rf"g &= \nabla L{vector(start)} = {vector(gradient)}",
        *_RULES[optimizer](rule, gradient, rate),
        rf"\Delta w &= {vector(change)}",
        rf"w &\leftarrow {vector(start)} + \Delta w = {vector(start + change)}",
    ]
    return r"\begin{aligned}" + r"\\[2pt] ".join(lines) + r"\end{aligned}"


def _sgd(rule: object, gradient: Vector, rate: str) -> list[str]:
    return [rf"\Delta w &= -\eta\, g = -{rate} \cdot {vector(gradient)}"]


def _momentum(rule: Momentum, gradient: Vector, rate: str) -> list[str]:
    m = rf"m &\leftarrow \mu\, m - \eta\, g = {number(rule.momentum)} \cdot 0 - {rate} \cdot {vector(gradient)}"
    return [m, r"\Delta w &= m"]


def _nesterov(rule: Nesterov, gradient: Vector, rate: str) -> list[str]:
    mu, g = number(rule.momentum), vector(gradient)
    return [
        rf"m &\leftarrow \mu\, m - \eta\, g = {mu} \cdot 0 - {rate} \cdot {g} = {vector(rule.m)}",
        rf"\Delta w &= \mu\, m - \eta\, g = {mu} \cdot {vector(rule.m)} - {rate} \cdot {g}",
    ]


def _rmsprop(rule: RMSprop, gradient: Vector, rate: str) -> list[str]:
    rho, rest = number(rule.rho), number(1 - rule.rho)
    return [
        rf"v &\leftarrow \rho\, v + (1 - \rho)\, g^2 = {rho} \cdot 0 + {rest} \cdot g^2 = {vector(rule.v)}",
        r"\Delta w &= -\eta\, \frac{g}{\sqrt{v + \epsilon}} = "
        rf"-{rate} \cdot \frac{{{vector(gradient)}}}{{{vector(np.sqrt(rule.v + rule.epsilon))}}}",
    ]


def _adam(rule: Adam, gradient: Vector, rate: str) -> list[str]:
    alpha = float(rate) * math.sqrt(1 - rule.beta_2) / (1 - rule.beta_1)
    return [
        rf"m &\leftarrow 0 + (1 - \beta_1)(g - 0) = {number(1 - rule.beta_1)} \cdot g = {vector(rule.m)}",
        rf"v &\leftarrow 0 + (1 - \beta_2)(g^2 - 0) = {number(1 - rule.beta_2)} \cdot g^2 = {vector(rule.v)}",
        rf"\alpha &= \eta\, \frac{{\sqrt{{1 - \beta_2^1}}}}{{1 - \beta_1^1}} = {number(alpha)}",
        r"\Delta w &= -\alpha\, \frac{m}{\sqrt{v} + \epsilon} = "
        rf"-{number(alpha)} \cdot \frac{{{vector(rule.m)}}}{{{vector(np.sqrt(rule.v) + rule.epsilon)}}}",
    ]


_RULES: dict[str, Callable[..., list[str]]] = {
    "SGD": _sgd, "momentum": _momentum, "Nesterov": _nesterov, "RMSprop": _rmsprop, "Adam": _adam,
}  # fmt: skip


def number(value: float) -> str:
    """A number with four digits in LaTeX, with powers of ten as a person writes them.

    >>> number(-0.30000000001), number(0.0000123)
    ('-0.3', '1.23{\\\\cdot}10^{-5}')
    """
    digits, _, power = f"{value + 0.0:.4g}".partition("e")
    return rf"{digits}{{\cdot}}10^{{{int(power)}}}" if power else digits


def vector(values: Vector | float) -> str:
    """Two numbers in brackets, in LaTeX."""
    return "(" + r",\,".join(number(float(value)) for value in np.atleast_1d(values)) + ")"
