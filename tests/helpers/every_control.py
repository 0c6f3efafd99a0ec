"""All controls of a page under AppTest: what each says, and how each is set to something else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from helpers.written_sums import written_sums
from streamlit.testing.v1 import AppTest

LISTS = ("selectbox", "select_slider", "button_group", "radio")
KINDS = (*LISTS, "slider", "number_input", "text_input", "toggle", "multiselect", "expander", "tab_container")
SAID = ("markdown", "caption", "code", "latex", "warning", "info", "error")


def _all(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from _all(child)


def controls(page: AppTest) -> dict[str, Any]:
    """A page's controls by key, without those that cannot be used at the moment."""
    found = (each for each in _all(page.main) if each.type in KINDS and getattr(each, "key", None))
    return {each.key: each for each in found if not getattr(each, "disabled", False)}


def address(page: AppTest) -> dict[str, Any]:
    """The page's address. What the browser itself would write there, of widgets that are bound to it, is added."""
    written = dict(page.query_params)
    for control in controls(page).values():
        name = getattr(getattr(control, "proto", None), "query_param_key", "")
        if name and control.type == "button_group":
            written[name] = list(control.formatted_values)
        elif name:
            written[name] = control.format_func(control.value) if control.type in LISTS else str(control.value)
    return written


def says(page: AppTest) -> dict[str, Any]:
    """What each control says, and below "" all that the page says in words and numbers, and draws by its own means."""
    told = {key: _value(page, each) for key, each in controls(page).items()}
    shown = [each for each in _all(page.main) if each.type in SAID]
    metrics = [(each.label, each.value, each.delta) for each in page.metric]
    drawn = [_data(each) for each in _all(page.main) if each.type == "bidi_component" and each.key != "visitor"]
    return {**told, "": [*[each.value for each in shown], *metrics, *drawn, *written_sums(page)]}


def _data(component: Any) -> Any:
    """What a component of ours draws."""
    return json.loads(component.proto.json) if component.proto.json else None


def _value(page: AppTest, control: Any) -> Any:
    if control.type == "expander":
        return control.proto.expanded
    if control.type == "tab_container":
        return page.session_state.get(control.key)
    return control.value


def set_another(page: AppTest, key: str, value: Any = None) -> None:
    """Set a control to another value than its present one, and run the page.

    Args:
        page: that has it.
        key: of the control.
        value: the other one; None where any will do.
    """
    control = controls(page)[key]
    if control.type in ("expander", "tab_container"):
        labels = [each.label for each in control.children.values()]
        page.session_state[key] = True if control.type == "expander" else labels[-1]
    else:
        control.set_value(_another(control) if value is None else value)
    page.run()
    assert not page.exception, key


def _another(control: Any) -> Any:
    now = control.value
    if control.type in LISTS:
        options = list(control.options)
        if isinstance(now, list):
            return options[-1:] if now != options[-1:] else options[:1]
        other = options[(control.index if control.type == "selectbox" else _place(control)) - 1]
        return type(now)(other) if control.type == "select_slider" else other
    if control.type == "multiselect":
        return list(control.options)[-1:]
    if control.type == "toggle":
        return not now
    if control.type == "text_input":
        return "another one"
    step = control.step or 1
    return now + step if control.max is None or now + step <= control.max else now - step


def _place(control: Any) -> int:
    if control.type == "select_slider":
        return list(control.options).index(control.format_func(control.value))
    return control.indices[0] if control.type == "button_group" else control.options.index(control.value)
