"""The controls of the Gradient descent page, and the descents that they ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from lib.concepts.optimizers import SGD, Adam, Momentum, Nesterov, Optimizer, Path, RMSprop, descend
from lib.concepts.surfaces import REACH, SURFACES
from lib.figures.learn.descent import Descent
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.key import Key

OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {
    "SGD": lambda momentum: SGD(),
    "momentum": Momentum,
    "Nesterov": Nesterov,
    "RMSprop": lambda momentum: RMSprop(),
    "Adam": lambda momentum: Adam(),
}
RATES = (
    0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0,
    1.5, 2.0, 3.0,
)  # fmt: skip
FIRST_SURFACE = "ravine"
FIRST_OPTIMIZERS = ("SGD", "momentum", "Adam")
_SURFACE = Choice(
    "surface", {"bowl": "bowl", "ravine": "ravine", "saddle": "saddle", "two_minima": "two minima"}, FIRST_SURFACE
)
_START_X, _START_Y = Key("start_x", 0.0), Key("start_y", 0.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a visitor has set, the same for all descents."""

    surface: str
    optimizers: tuple[str, ...]
    learning_rate: float
    decay_rate: float
    momentum: float
    start: tuple[float, float]
    steps: int

    def path(self, optimizer: str) -> Path:
        """The path of one optimizer."""
        rule = OPTIMIZERS[optimizer](self.momentum)
        gradient = SURFACES[self.surface].gradient
        return descend(gradient, self.start, rule, self.learning_rate, self.decay_rate, self.steps)

    def descents(self) -> dict[str, Descent]:
        """The descents of the chosen optimizers, in the order of the controls."""
        chosen = {name: self.path(name).points for name in OPTIMIZERS if name in self.optimizers}
        losses = SURFACES[self.surface].losses
        return {name: Descent(points, losses(points)) for name, points in chosen.items()}


def controls() -> Settings:
    """Show the controls; each stands in the address, so that a link opens the same picture."""
    surface = _SURFACE.segments("Surface", on_change=_to_its_start)
    st.caption(lessons.text(f"gradient_descent.{surface}"))
    optimizers = st.pills(
        "Optimizers", list(OPTIMIZERS), key="optimizers", selection_mode="multi", default=FIRST_OPTIMIZERS,
        bind="query-params", wrap=True,
    )  # fmt: skip
    rate = st.select_slider("learning_rate", RATES, value=0.1, key="rate", format_func=_short, bind="query-params")
    decay = st.slider("decay_rate", 0.0, 0.5, 0.0, 0.01, key="decay_rate", bind="query-params",
                      help=lessons.text("gradient_descent.decay"))  # fmt: skip
    momentum = st.slider("momentum", 0.0, 0.99, 0.9, 0.01, key="share_kept", bind="query-params",
                         help=lessons.text("gradient_descent.momentum"))  # fmt: skip
    left, right = st.columns(2)
    start_x, start_y = SURFACES[surface].start  # an address that names a surface and no start means that surface's own
    with left:
        x = st.slider("start x", -REACH, REACH, start_x, 0.1, key=_START_X.name, bind="query-params")
    with right:
        y = st.slider("start y", -REACH, REACH, start_y, 0.1, key=_START_Y.name, bind="query-params")
    steps = st.slider("steps", 10, 100, 40, 5, key="steps", bind="query-params")
    return Settings(surface, tuple(optimizers), rate, decay, momentum, (x, y), steps)


def _to_its_start() -> None:
    """Begin at the start of the surface that was chosen."""
    x, y = SURFACES[_SURFACE.answer()].start
    _START_X.set(x)
    _START_Y.set(y)


def _short(rate: float) -> str:
    return f"{rate:g}"
