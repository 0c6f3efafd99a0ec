"""A learner who sets the controls of a page by hand until they say what an address says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.testing.v1 import AppTest

from lib.specs.tasks.task import Address

KEYS: Mapping[str, str] = {"padding": "pool_padding", "sentence": "attention_sentence"}
"""Where a control's key differs from its name in the address and the name is no key of the page."""
LOOKED = ("row", "column", "scale", "step")
"""Places in a component: the browser writes them into the address."""
PRESSED = {"others": "others", "taken": "take_step"}
"""Numbers that a button counts up: the button, by the number's name in the address."""
FOLLOWS = {"taken": ("before", "w11", "w12", "w21", "w22", "b1", "b2", "v1", "v2", "c")}
"""What follows from pressing a button, by the number that it counts up: nobody sets it."""


def act(page: AppTest, address: Address) -> AppTest:
    """Set each control that an address names and that shows something else, one after the other."""
    if "part" in address and page.query_params.get("part", "pixels") != address["part"]:
        raise AssertionError("AppTest cannot open a tab: the start of a task has to open it")
    address = {name: wanted for name, wanted in address.items() if name != "part"}
    following = {each for name in address for each in FOLLOWS.get(name, ())}
    for name, wanted in address.items():
        if name in following:
            continue
        if name in LOOKED:
            page.query_params[name] = wanted  # as the browser writes it, without a word to the app
            page.run()
            continue
        if name in PRESSED:
            for _ in range(int(str(wanted))):
                page.button(key=PRESSED[name]).click().run()
            continue
        control = _control(page, name)
        value = _typed(wanted, control.value)
        if control.value != value:
            control.set_value(value)
            page.run()
            assert not page.exception
    return page


def _control(page: AppTest, name: str) -> Any:
    found = {widget.key: widget for widget in _controls(page)}
    assert name in found or KEYS.get(name) in found, f"no control for {name} among {sorted(found)}"
    return found.get(name) or found[KEYS[name]]


def _controls(page: AppTest) -> Iterator[Any]:
    for kind in ("slider", "select_slider", "selectbox", "segmented_control", "pills", "toggle", "checkbox",
                 "number_input", "text_input"):  # fmt: skip
        yield from (widget for widget in page.get(kind) if widget.key)


def _typed(wanted: str | tuple[str, ...], present: Any) -> Any:
    """What an address says, as the control's own type."""
    if isinstance(present, list):
        return [wanted] if isinstance(wanted, str) else list(wanted)
    assert isinstance(wanted, str)
    return wanted == "true" if isinstance(present, bool) else type(present)(wanted)
