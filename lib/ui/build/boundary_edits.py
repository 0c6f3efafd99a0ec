"""Weights changed by hand. They belong to one moment of one run, stand in the address, and change no training."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from lib.concepts.by_hand import problem
from lib.concepts.plane import Changes, Place, Weights, incoming, with_changes
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.changes import MOST_LETTERS, from_text, to_text
from lib.specs.changes import Changes as SetByHand
from lib.specs.fields import SpecError
from lib.specs.run import RunSpec
from lib.ui.kit import lessons
from lib.ui.kit.choice import went_back
from lib.ui.kit.key import Key
from lib.ui.kit.noted import Noted

LIMIT = 100.0
"""Largest size of a weight; a larger one would change nothing that could be seen."""
BIAS = "bias"
_DECIMALS = 6
T = TypeVar("T")
Unit = tuple[str, int]
"""A layer's name, and the number of one of its units."""
Moment = tuple[str, float]
"""A run's id, and a place on its epoch axis."""
_TROUBLE: Key[tuple[Moment, str] | None] = Key("boundary_edit_trouble", None)
"""Why the value that was typed last cannot be used."""
_FIELDS = Key("boundary_edit_fields", 0)
"""A number in the widgets' keys; another number makes new widgets."""
_MOMENT = re.compile(r"\d{1,7}\.\d{4}")


def current(run: RunSpec, moment: Moment) -> Changes:
    """The weights that were changed at this moment of a run; none when the training has gone on since."""
    _, _, said = _edits(run, moment).shown().partition(";")
    return {(name, place): value for name, place, value in from_text(said).weights}


def _edits(run: RunSpec, moment: Moment) -> Noted[str]:
    """Where the changes are noted: the moment, and what each weight was set to."""

    def read(text: str) -> str | None:
        at, _, said = text.partition(";")
        if not _MOMENT.fullmatch(at):
            return None
        try:
            changes = from_text(said)
        except SpecError:
            return None
        weights = all(abs(value) <= LIMIT for *_, value in changes.weights) and not problem(run.model, changes)
        if not weights or changes != SetByHand(weights=changes.weights):
            return None
        return text if at == f"{moment[1]:.4f}" else ""  # the training has gone on since

    return Noted(f"boundary_edits_{moment[0]}_{moment[1]:.4f}", "edited", "", read)


def _chosen(run: RunSpec) -> Noted[str]:
    """The unit and the input (or bias) whose weight is shown: `dense:0:x`; "" for the first one."""
    return Noted("boundary_chosen", "weight", "", lambda text: text if _unit_of(run, text) is not None else None)


def _unit_of(run: RunSpec, text: str) -> Unit | None:
    """The unit that a text names, if the network has it."""
    return next((unit for unit in _units(run) if text.startswith(f"{unit[0]}:{unit[1]}:")), None)


def _input_of(text: str) -> str:
    return text.rpartition(":")[2]


def choose(run: RunSpec, chosen: Any) -> None:
    """Choose the unit or line that was clicked. A browser may send anything: what does not exist is ignored."""
    if not isinstance(chosen, dict):
        return
    asked = (chosen.get("layer"), chosen.get("unit"))
    unit = next((unit for unit in _units(run) if unit == asked), None)
    if unit is None:
        return
    names, source = _inputs(run, unit), chosen.get("source")
    chosen_before = _chosen(run)
    name = names[source] if isinstance(source, int) and 0 <= source < len(names) else _input_of(chosen_before.get())
    chosen_before.set(f"{unit[0]}:{unit[1]}:{name}")
    _new_fields()


def editor(run: RunSnapshot, at: float, weights: Weights) -> None:
    """Show the fields for the unit, for one of its weights, and for the weight's value.

    Args:
        run: paused or ended.
        at: place of the weights on the epoch axis.
        weights: as trained, by name.
    """
    units = _units(run.spec)
    if not units:
        return
    moment = (run.id, at)
    changes, note = current(run.spec, moment), _chosen(run.spec)
    chosen = note.shown()
    if went_back():
        _new_fields()
    lessons.show("boundary.edit")
    with st.container(key="edit_weights", horizontal=True, vertical_alignment="bottom"):
        unit = _list("unit", "edit_unit", units, _unit_of(run.spec, chosen), _label)
        name = _list("weight of", "edit_input", _inputs(run.spec, unit), _input_of(chosen), str)
        first = (unit, name) == (units[0], _inputs(run.spec, units[0])[0])
        note.set("" if first else f"{unit[0]}:{unit[1]}:{name}")
        note.shown()
        place = _place(run.spec, unit, name)
        key = _field(f"edit_value {_label(unit)} {name} {run.id} {at}")
        value = round(float(with_changes(weights, changes)[place[0]][place[1]]), 4)
        with st.container(key="edit_value", width=170):
            st.number_input("value", value=value, step=0.1, format="%.4f", key=key,
                            on_change=_edit, args=(Key[float | None](key, value), run.spec, moment, place))  # fmt: skip
        st.button("Back to the trained weights", key="edit_reset", icon=":material/undo:", disabled=not changes,
                  on_click=_forget, args=(run.spec, moment))  # fmt: skip
    trouble = _TROUBLE.get()
    if trouble is not None and trouble[0] == moment:
        st.warning(trouble[1], icon=":material/edit_off:")
    if changes:
        st.info(lessons.text("boundary.edited"), icon=":material/edit:")


def _list(label: str, name: str, options: list[T], chosen: T | None, words: Callable[[T], str]) -> T:
    """A list that shows what was chosen, or its first entry where it does not have that."""
    with st.container(key=name, width=150):
        index = options.index(chosen) if chosen in options else 0
        return st.selectbox(label, options, index, key=_field(f"{name} {options}"), format_func=words)


def _label(unit: Unit) -> str:
    """A unit as the picture names it.

    >>> _label(("dense_1", 0))
    'dense_1[0]'
    """
    return f"{unit[0]}[{unit[1]}]"


def _field(name: str) -> str:
    """A widget's key, another one each time we say what the widget shows.

    A new key makes a new widget, so that a late request cannot restore the old value: the page asks again each second.
    """
    return f"{name} {_FIELDS.get()}"


def _edit(field: Key[float | None], run: RunSpec, moment: Moment, place: Place) -> None:
    """Take the number that was typed, or say why it cannot be a weight."""
    value = field.get()
    if value == field.default:
        return  # Streamlit also calls back for a new field, when a refresh comes in between
    if value is None or not math.isfinite(value) or abs(value) > LIMIT:
        _new_fields()
        text = lessons.text("boundary.edit_refused", value=f"{value!r:.30}", limit=f"{LIMIT:g}")
        _TROUBLE.set((moment, text))
        return
    note = _edits(run, moment)
    before = from_text(note.get().partition(";")[2])
    text = to_text(before.with_weight(*place, round(float(value), _DECIMALS)))
    if len(text) > MOST_LETTERS:
        _new_fields()
        _TROUBLE.set((moment, lessons.text("inside.enough_changes")))
        return
    _TROUBLE.drop()
    note.set(f"{moment[1]:.4f};{text}")


def _forget(run: RunSpec, moment: Moment) -> None:
    """Go back to the trained weights."""
    _edits(run, moment).set("")
    _TROUBLE.drop()
    _new_fields()


def _new_fields() -> None:
    _FIELDS.set(_FIELDS.get() + 1)


def _units(run: RunSpec) -> list[Unit]:
    """Every unit that has weights."""
    return [(layer, unit) for layer, row in incoming(run).items() for unit in range(row.units)]


def _inputs(run: RunSpec, unit: Unit) -> list[str]:
    """What a unit has weights for: its inputs, and the bias if it has one."""
    row = incoming(run)[unit[0]]
    return [*row.inputs, BIAS] if row.use_bias else list(row.inputs)


def _place(run: RunSpec, unit: Unit, name: str) -> Place:
    """Where a weight lies among the arrays."""
    layer, number = unit
    if name == BIAS:
        return f"{layer}/bias", (number,)
    return f"{layer}/kernel", (incoming(run)[layer].inputs.index(name), number)
