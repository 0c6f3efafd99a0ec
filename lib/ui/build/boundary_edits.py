"""Weights changed by hand: they belong to one moment of one run, live in the session, and change no training."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from lib.concepts.plane import Changes, Place, Weights, incoming, with_changes
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.run import RunSpec
from lib.ui.kit import lessons

LIMIT = 100.0
"""Largest size of a weight by hand; beyond it no difference could be seen."""
BIAS = "bias"
_EDITS, _TROUBLE, _FIELDS = "boundary_edits", "boundary_edit_trouble", "boundary_edit_fields"
_CHOSEN = "boundary_chosen"


def current(run_id: str, at: float) -> Changes:
    """What was changed at this moment of this run; nothing once the training has gone on."""
    moment, changes = st.session_state.get(_EDITS, (None, {}))
    return dict(changes) if moment == (run_id, at) else {}


def choose(run: RunSpec, chosen: Any) -> None:
    """Take up the unit or line that was clicked, if there is such a one: a browser may send anything."""
    units = _units(run)
    if not isinstance(chosen, dict) or f"{chosen.get('layer')}[{chosen.get('unit')}]" not in units:
        return
    unit = f"{chosen['layer']}[{chosen['unit']}]"
    names, source = _inputs(run, unit), chosen.get("source")
    name = names[source] if isinstance(source, int) and 0 <= source < len(names) else _chosen()[1]
    st.session_state[_CHOSEN] = (unit, name)
    _new_fields()


def editor(run: RunSnapshot, at: float, weights: Weights) -> None:
    """Show the fields: which unit, which of its weights, and the value.

    Args:
        run: paused or ended.
        at: place of the weights on the epoch axis.
        weights: as trained, by name.
    """
    units = _units(run.spec)
    if not units:
        return
    changes = current(run.id, at)
    lessons.show("boundary.edit")
    with st.container(key="edit_weights", horizontal=True, vertical_alignment="bottom"):
        unit = _list("unit", "edit_unit", units, _chosen()[0])
        name = _list("weight of", "edit_input", _inputs(run.spec, unit), _chosen()[1])
        st.session_state[_CHOSEN] = (unit, name)
        place = _place(run.spec, unit, name)
        key = _field(f"edit_value {unit} {name} {run.id} {at}")
        value = round(float(with_changes(weights, changes)[place[0]][place[1]]), 4)
        with st.container(key="edit_value", width=170):
            st.number_input("value", value=value, step=0.1, format="%.4f", key=key,
                            on_change=_keep, args=(key, value, run.id, at, place))  # fmt: skip
        st.button("Back to the trained weights", key="edit_reset", icon=":material/undo:", disabled=not changes,
                  on_click=_forget)  # fmt: skip
    moment, trouble = st.session_state.get(_TROUBLE, (None, ""))
    if moment == (run.id, at):
        st.warning(trouble, icon=":material/edit_off:")
    if changes:
        st.info(lessons.text("boundary.edited"), icon=":material/edit:")


def _list(label: str, name: str, options: list[str], chosen: str) -> str:
    """A list that shows what was chosen, if it has that."""
    with st.container(key=name, width=150):
        index = options.index(chosen) if chosen in options else 0
        return st.selectbox(label, options, index, key=_field(f"{name} {options}"))


def _chosen() -> tuple[str, str]:
    """The unit and the weight chosen last; ("", "") before."""
    unit, name = st.session_state.get(_CHOSEN, ("", ""))
    return str(unit), str(name)


def _field(name: str) -> str:
    """A widget's key; another one whenever we say what it shows.

    The page asks again each second: a request on its way would otherwise bring back what the widget showed before.
    """
    return f"{name} {st.session_state.get(_FIELDS, 0)}"


def _keep(key: str, shown: float, run_id: str, at: float, place: Place) -> None:
    value = st.session_state[key]
    if value == shown:
        return  # Streamlit tells of a new field too, where a refresh comes in between
    if value is None or not math.isfinite(value) or abs(value) > LIMIT:
        _new_fields()
        text = lessons.text("boundary.edit_refused", value=f"{value!r:.30}", limit=f"{LIMIT:g}")
        st.session_state[_TROUBLE] = ((run_id, at), text)
        return
    st.session_state.pop(_TROUBLE, None)
    st.session_state[_EDITS] = ((run_id, at), {**current(run_id, at), place: float(value)})


def _forget() -> None:
    st.session_state.pop(_EDITS, None)
    st.session_state.pop(_TROUBLE, None)
    _new_fields()


def _new_fields() -> None:
    st.session_state[_FIELDS] = st.session_state.get(_FIELDS, 0) + 1


def _units(run: RunSpec) -> list[str]:
    """Every unit that has weights, such as `dense_1[0]`."""
    return [f"{name}[{unit}]" for name, row in incoming(run).items() for unit in range(row.units)]


def _inputs(run: RunSpec, unit: str) -> list[str]:
    """What a unit has weights for: its inputs, and the bias if it has one."""
    row = incoming(run)[unit.partition("[")[0]]
    return [*row.inputs, BIAS] if row.use_bias else list(row.inputs)


def _place(run: RunSpec, unit: str, name: str) -> Place:
    """Where a weight lies among the arrays."""
    layer, _, number = unit.rstrip("]").partition("[")
    if name == BIAS:
        return f"{layer}/bias", (int(number),)
    return f"{layer}/kernel", (incoming(run)[layer].inputs.index(name), int(number))
