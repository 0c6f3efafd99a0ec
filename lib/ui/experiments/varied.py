"""The settings that a sweep varies, each with its range or its values; they stand in the address as one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from lib.specs import sweeping
from lib.specs.fields import Number, Rule, SpecError, Switch
from lib.specs.run import RunSpec
from lib.specs.sweeping import MANY_STEPS, MOST_VALUES, MOST_VARIED, Range, Several, Varied, rule_of
from lib.specs.with_layers import layer_of
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import went_back
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin, steps_of

_CHOSEN: Key[list[str]] = Key("vary", [])
_RANGES: Key[dict[str, Varied]] = Key("varied_ranges", {})
"""What each setting was given; that of one that is not on the page is not forgotten."""
_KEPT: Key[list[str]] = Key("vary_kept", ["learning_rate"])
"""What was varied when the form was drawn last; the list itself forgets when it is not on the page."""
_TROUBLE = Key("vary_trouble", "")
_PARAMETER = "vary"


def varied_settings(base: RunSpec, in_grid: bool) -> list[Varied]:
    """Ask what is varied, and in what range.

    Args:
        base: what is varied.
        in_grid: whether each number takes a count of values, because every combination of them is trained.
    """
    possible = sweeping.can_vary(base)
    _read_address(base)
    chosen = [name for name in (_CHOSEN if _CHOSEN.is_set() else _KEPT).get() if name in possible]
    pin(_CHOSEN.name, chosen)
    chosen = st.multiselect(
        lessons.text("sweep.vary"), possible, default=chosen, key=_CHOSEN.name, max_selections=MOST_VARIED,
        help=lessons.text("sweep.help_vary"), format_func=label_of, on_change=_TROUBLE.drop,
    )  # fmt: skip
    _KEPT.set(chosen)
    if _TROUBLE.get():
        st.warning(_TROUBLE.get())
    varied = [_one(base, name, in_grid) for name in chosen]
    if any(map(layer_of, chosen)):
        st.caption(lessons.text("sweep.with_layers"))
    _write_address(varied)
    return varied


def label_of(change: str) -> str:
    """A setting as people read it.

    >>> label_of("conv2d.filters"), label_of("learning_rate"), label_of("with.dropout")
    ('conv2d: filters', 'learning_rate', 'with dropout')
    """
    if layer_of(change):
        return f"with {layer_of(change)}"
    part, _, name = change.partition(".")
    return f"{part}: {name}" if name else change


def _one(base: RunSpec, change: str, in_grid: bool) -> Varied:
    """Ask for the range of a number, or for the values of another setting."""
    rule = rule_of(base, change)
    known = _RANGES.get().get(change)
    if known is None or not sweeping.suits(base, known):  # none yet, or one of another network
        known = sweeping.suggested(base, change)
    if isinstance(known, Range) and isinstance(rule, Number):
        return _range(base, known, rule, in_grid)
    assert isinstance(known, Several)
    return _several(known, rule)


def _key(change: str) -> Key[Any]:
    return Key(f"vary_{change}".replace(".", "_"), None)


def _remember(varied: Varied) -> None:
    _TROUBLE.drop()
    _RANGES.set({**_RANGES.get(), varied.change: varied})


def _range(base: RunSpec, known: Range, rule: Number, in_grid: bool) -> Range:
    """A slider with two ends, and in a grid one for the count of values."""
    whole, ends, number = isinstance(rule.step, int), _key(known.change), _key(f"{known.change}_count")
    low, high = (int(known.low), int(known.high)) if whole else (known.low, known.high)
    scale = "sweep.by_factors" if sweeping.by_factors(rule, low) else "sweep.evenly"
    left, right = st.columns([3, 1], gap="medium")
    with left:
        pin(ends.name, (low, high))
        st.select_slider(
            lessons.text("sweep.range", setting=label_of(known.change)), sorted({*_steps(rule), low, high}),
            (low, high), key=ends.name, format_func=lambda value: f"{value:,.10g}", help=lessons.text(scale),
            on_change=lambda: _remember(replace(known, low=ends.get()[0], high=ends.get()[1])),
        )  # fmt: skip
    if in_grid and low < high:
        with right:
            pin(number.name, known.count)
            st.slider(
                lessons.text("sweep.count"), 2, MOST_VALUES, known.count, key=number.name,
                on_change=lambda: _remember(replace(known, count=number.get())),
            )  # fmt: skip
        shown = ", ".join(f"{value:,.10g}" for value in sweeping.values_of(base, known))
        st.caption(lessons.text("sweep.grid_values", values=shown))
    return known


def _steps(rule: Number) -> Sequence[float]:
    """Where the ends of a range may stand: all steps of a short rule, those that people use of a long one."""
    count = round((rule.high - rule.low) / rule.step)
    if count > MANY_STEPS:
        return steps_of(rule)
    places = [round(rule.low + place * rule.step, 9) for place in range(count + 1)]
    return [int(place) for place in places] if isinstance(rule.step, int) else places


def _several(known: Several, rule: Rule | None) -> Several:
    """Names to choose several of; a switch is tried both ways."""
    if isinstance(rule, Switch):
        st.caption(lessons.text("sweep.both", setting=label_of(known.change)))
        return known
    names = list(dict.fromkeys([*getattr(rule, "names", ()), *known.values]))
    chosen, pills = list(known.values), _key(known.change)
    pin(pills.name, chosen)
    st.pills(
        lessons.text("sweep.several", setting=label_of(known.change)), names, selection_mode="multi", default=chosen,
        key=pills.name, wrap=True, on_change=lambda: _remember(Several(known.change, tuple(pills.get()))),
    )  # fmt: skip
    return known


def _read_address(base: RunSpec) -> None:
    """Take over what the address says when the form has just been opened, or a person went back.

    At other times the form is newer: for a moment the browser may still report the address before.
    """
    asked = st.query_params.get(_PARAMETER, "")
    if not asked or (_CHOSEN.is_set() and not went_back()):
        return
    _TROUBLE.drop()
    try:
        varied = sweeping.from_text(base, asked)
    except SpecError as error:
        _TROUBLE.set(lessons.text("sweep.unusable_address", why=words.escaped(str(error))))
        return
    _CHOSEN.set([each.change for each in varied])
    _RANGES.set({**_RANGES.get(), **{each.change: each for each in varied}})


def _write_address(varied: Sequence[Varied]) -> None:
    text = sweeping.to_text(varied)
    if st.query_params.get(_PARAMETER, "") != text:
        if text:
            st.query_params[_PARAMETER] = text
        else:
            st.query_params.pop(_PARAMETER, None)
