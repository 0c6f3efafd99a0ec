"""Widgets for the options of specs: a rule of `lib.specs.fields` becomes a slider, a list or a switch.

A widget shows the value that it is given, and reports what a person makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lib.specs.fields import Choice, Number, Rule, Subset, Switch
from lib.ui.kit.key import Key

# Steps that people use: powers of two, and the round numbers between them.
_WHOLE = (
    0, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 100, 128, 192, 200, 256, 300, 384, 400, 500, 512, 768,
    1_000, 1_024, 1_500, 2_000, 2_048, 3_000, 4_000, 6_000, 8_000, 10_000, 15_000, 20_000, 30_000, 40_000, 50_000,
    60_000,
)  # fmt: skip
_SMALL = tuple(float(f"{digit}e{power}") for power in range(-6, 2) for digit in (1, 2, 5))
# With more positions than these a finger cannot set a plain slider precisely.
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
    pin(key, value)
    changed = _reporter(key, report)
    if isinstance(rule, Switch):
        st.toggle(label, value, key=key, on_change=changed, help=help)
    elif isinstance(rule, Choice):
        names = list(rule.names)
        if len(names) <= 2:
            st.segmented_control(label, names, default=value, key=key, on_change=changed, help=help, required=True)
        else:
            st.selectbox(label, names, names.index(value), key=key, on_change=changed, help=help)
    elif (rule.high - rule.low) / rule.step <= _FINE and value in _grid(rule):
        _plain_slider(label, rule, value, key, report, help)
    else:
        stepped_slider(label, steps_of(rule), value, key, report, help=help)


def _reporter(key: str, report: Report) -> Callable[[], None]:
    """A widget's callback: it reports the widget's new value."""
    return lambda: report(Key[Any](key, None).get())


def _pills(label: str, rule: Subset, value: str, key: str, report: Report, help: str | None) -> None:
    """Show a few names, of which a person chooses one or more."""

    def told(names: list[str]) -> None:
        if names:
            report("-".join(names))

    chosen = value.split("-")
    pin(key, chosen)
    st.pills(
        label, rule.names, selection_mode="multi", default=chosen, wrap=True, key=key,
        on_change=_reporter(key, told), help=help,
    )  # fmt: skip


def pin(key: str, value: Any) -> None:
    """Make a widget show a value. One that shows it already is left alone: a finger may be on it.

    Give the widget the same value as its default, too. A browser that is still loading sees only the newest run of the
    script, and a value set in the run before would be lost.
    """
    shown = Key[Any](key, None)
    if not shown.is_set() or shown.get() != value:
        shown.set(value)


def _grid(rule: Number) -> Sequence[float]:
    """The positions of a plain slider. A value from an address may lie between them."""
    count = round((rule.high - rule.low) / rule.step)
    return [round(rule.low + i * rule.step, 9) for i in range(count + 1)]


def number_field(label: str, rule: Number, value: int, key: str, report: Report, *, help: str | None = None) -> None:
    """Show a field for a whole number, where the range is too wide for a slider. Arguments as for `option`."""
    pin(key, value)
    st.number_input(
        label, int(rule.low), int(rule.high), value, step=1, key=key, help=help, on_change=_reporter(key, report)
    )


def _plain_slider(label: str, rule: Number, value: float, key: str, report: Report, help: str | None) -> None:
    number = int if isinstance(rule.step, int) else float
    st.slider(
        label, number(rule.low), number(rule.high), number(value), number(rule.step),
        key=key, on_change=_reporter(key, report), help=help,
    )  # fmt: skip


def stepped_slider(
    label: str,
    steps: Sequence[float],
    value: float,
    key: str,
    report: Report,
    *,
    help: str | None = None,
    words: Callable[[float], str] = lambda number: f"{number:,.10g}",
) -> None:
    """Show a slider over chosen steps; the present value is one of them, whatever it is. Arguments as for `option`.

    Args:
        steps: the other values it may have.
        words: how a value is written.
    """
    pin(key, value)
    options = sorted({*steps, value})
    st.select_slider(label, options, value, key=key, on_change=_reporter(key, report), help=help, format_func=words)


def steps_of(rule: Number) -> list[float]:
    """The steps of a wide range that people use."""
    known: tuple[float, ...] = _WHOLE if isinstance(rule.step, int) else (0.0, *_SMALL)
    return [step for step in known if rule.low <= step <= rule.high]
