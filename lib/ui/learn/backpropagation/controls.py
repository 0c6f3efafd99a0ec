"""The numbers of the Backpropagation page. Each can be edited; the last network that made sense is remembered."""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from lib.concepts.backpropagation import ACTIVATIONS, LOSSES, PARAMETERS, Network, backward, descent_step, forward
from lib.figures.learn.tiny_network import pretty, short
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.key import Key
from lib.ui.kit.noted import Noted, whole

NUMBERS = ("x1", "x2", "target", *PARAMETERS)
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
FIRST = Network()
_LOSS_TEXT = re.compile(r"\d(\.\d{1,9})?e[-+]\d{2}|")
_LAST = Key("network_good", FIRST)
"""The last network that made sense."""
_TROUBLE = Key("network_trouble", "")
"""Why the last step was not taken."""
_BEFORE = Noted("loss_before", "before", "", lambda text: text if _LOSS_TEXT.fullmatch(text) else None)
"""The loss before the last step, as a text; "" where none was taken."""
_TAKEN = Noted("steps_taken", "taken", 0, whole(0, 9_999))
_ACTIVATION = Choice("hidden_activation", {name: name for name in ACTIVATIONS}, FIRST.activation)
_LOSS = Choice("loss_kind", LOSSES, FIRST.loss)


def controls() -> Network:
    """Show the controls.

    Returns:
        The network that they ask for. Where it makes no sense the page says why, and the last one that did is returned.
    """
    activation = _ACTIVATION.segments("Hidden activation", on_change=_start_over)
    loss = _LOSS.segments("Loss", on_change=_start_over)
    with st.container(horizontal=True, gap="xsmall", key="numbers"):
        numbers = {name: _number(name) for name in NUMBERS}
    try:
        net = Network(**numbers, activation=activation, loss=loss)
    except ValueError as error:
        st.error(lessons.text("backpropagation.refused", why=error), icon=":material/error:")
        return _LAST.get()
    _LAST.set(net)
    return net


def _number(name: str) -> float:
    first = getattr(FIRST, name)
    label = "y, target" if name == "target" else pretty(name)
    value = st.number_input(
        label, value=first, step=0.1, format="%.3f", key=name, width=104, bind="query-params", on_change=_start_over
    )
    return float(value)


@dataclass(frozen=True, slots=True)
class Stepped:
    """What the steps did.

    Attributes:
        rate: of the next step.
        taken: steps at this rate, since a number was edited.
        loss: now.
        before: the loss before the last step; the present one where none was taken.
    """

    rate: float
    taken: int
    loss: float
    before: float


def step_button(net: Network) -> Stepped:
    """Show the button that takes a step of gradient descent, and what the last step did to the loss."""
    rate = st.select_slider(
        "learning_rate", RATES, value=0.1, key="step_rate", format_func=short, bind="query-params",
        on_change=_start_over,
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button("One gradient step", key="take_step", type="primary", icon=":material/trending_down:",
                  on_click=_take_step, args=(net, rate))  # fmt: skip
        st.button("Reset", key="reset_network", icon=":material/restart_alt:", on_click=_reset)
    if trouble := _TROUBLE.get():
        st.warning(lessons.text("backpropagation.too_far", why=trouble), icon=":material/warning:")
    now, before, taken = forward(net)["L"], _BEFORE.shown(), _TAKEN.shown()
    change = f"{now - float(before):.4g} by step {taken}" if before and taken else None
    st.metric("Loss", f"{now:.4g}", change, delta_color="inverse")
    return Stepped(rate, taken if change else 0, now, float(before) if change else now)


def _take_step(net: Network, rate: float) -> None:
    try:
        after = descent_step(net, backward(net, forward(net)), rate)
    except ValueError as error:
        _TROUBLE.set(str(error))
        return
    _TROUBLE.drop()
    _BEFORE.set(f"{forward(net)['L']:.9e}")
    _TAKEN.set(_TAKEN.get() + 1)
    _set(after)


def _reset() -> None:
    _start_over()
    _set(FIRST)


def _set(net: Network) -> None:
    for name in NUMBERS:
        Key(name, 0.0).set(getattr(net, name))


def _start_over() -> None:
    """Forget the steps that were taken: a person has edited a number, or takes steps at another rate from now on."""
    _TROUBLE.drop()
    _BEFORE.set(_BEFORE.usual)
    _TAKEN.set(_TAKEN.usual)
