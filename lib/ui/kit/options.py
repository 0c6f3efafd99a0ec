"""One maker of widgets for all options: a rule of `lib.specs.fields` becomes a slider, a list or a switch.

A widget shows the draft's value and reports changes through its callback; see `lib.ui.session.draft`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lib.specs.fields import Choice, Number, Rule, Subset, Switch

# Steps people use: powers of two, and the round numbers between them.
_WHOLE = (
    0, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 100, 128, 192, 200, 256, 300, 384, 400, 500, 512, 768,
    1_000, 1_024, 1_500, 2_000, 2_048, 3_000, 4_000, 6_000, 8_000, 10_000, 15_000, 20_000, 30_000, 40_000, 50_000,
    60_000,
)  # fmt: skip
_SMALL = tuple(float(f"{digit}e{power}") for power in range(-6, 2) for digit in (1, 2, 5))
# Up to so many positions a plain slider is precise enough for a finger.
_FINE = 100

Report = Callable[[Any], None]


def option(label: str, rule: Rule, value: Any, key: str, report: Report, *, help: str | None = None) -> None:
    """Show one option.

    Args:
        label: what it is called; Keras' own name.
        rule: what values it may have.
        value: what it is now.
        key: the widget's key.
        report: told the new value when a person changes it.
        help: a sentence behind the question mark.
    """

    if isinstance(rule, Subset):
        _pills(label, rule, value, key, report, help)
        return

    def changed() -> None:
        report(st.session_state[key])

    pin(key, value)
    if isinstance(rule, Switch):
        st.toggle(label, value, key=key, on_change=changed, help=help)
    elif isinstance(rule, Choice):
        names = list(rule.names)
        if len(names) <= 2:
            st.segmented_control(label, names, default=value, key=key, on_change=changed, help=help, required=True)
        else:
            st.selectbox(label, names, names.index(value), key=key, on_change=changed, help=help)
    elif (rule.high - rule.low) / rule.step <= _FINE and value in _grid(rule):
        _plain_slider(label, rule, value, key, changed, help)
    else:
        stepped_slider(label, steps_of(rule), value, key, changed, help=help)


def _pills(label: str, rule: Subset, value: str, key: str, report: Report, help: str | None) -> None:
    """Several of a few names; the last one cannot be taken away."""

    def changed() -> None:
        if st.session_state[key]:
            report("-".join(st.session_state[key]))

    pin(key, value.split("-"))
    chosen = value.split("-")
    st.pills(
        label, rule.names, selection_mode="multi", default=chosen, wrap=True, key=key, on_change=changed, help=help
    )


def pin(key: str, value: Any) -> None:
    """Make a widget show a value; only where it differs, so that a slider under a finger is left alone.

    Give the widget the same value as its default, too: a browser that is still loading when the script runs again sees
    only the second run, in which nothing differs any more.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _grid(rule: Number) -> Sequence[float]:
    """Positions of a plain slider; a value from an address may lie between them."""
    count = round((rule.high - rule.low) / rule.step)
    return [round(rule.low + i * rule.step, 9) for i in range(count + 1)]


def _plain_slider(
    label: str, rule: Number, value: float, key: str, changed: Callable[[], None], help: str | None
) -> None:
    number = int if isinstance(rule.step, int) else float
    st.slider(
        label, number(rule.low), number(rule.high), number(value), number(rule.step),
        key=key, on_change=changed, help=help,
    )  # fmt: skip


def stepped_slider(
    label: str,
    steps: Sequence[float],
    value: float,
    key: str,
    changed: Callable[[], None],
    *,
    help: str | None = None,
    words: Callable[[float], str] = lambda number: f"{number:,.10g}",
) -> None:
    """A slider over chosen steps, with the present value among them whatever it is."""
    pin(key, value)
    options = sorted({*steps, value})
    st.select_slider(label, options, value, key=key, on_change=changed, help=help, format_func=words)


def steps_of(rule: Number) -> list[float]:
    """Steps of a wide range: few, and those that people use."""
    known: tuple[float, ...] = _WHOLE if isinstance(rule.step, int) else (0.0, *_SMALL)
    return [step for step in known if rule.low <= step <= rule.high]
