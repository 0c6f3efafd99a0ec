"""Weights changed by hand: they belong to one moment of one run, live in the session, and change no training."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from lib.engine.snapshot import RunSnapshot
from lib.figures.boundary import Changes, Place, Weights, incoming, with_changes
from lib.specs.run import RunSpec
from lib.ui import lessons

LIMIT = 100.0
"""Largest size of a weight by hand; beyond it no difference could be seen."""
BIAS = "bias"
_EDITS, _TROUBLE, _FIELDS = "boundary_edits", "boundary_edit_trouble", "boundary_edit_fields"


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
    st.session_state["edit_unit"] = unit
    if isinstance(source, int) and 0 <= source < len(names):
        st.session_state["edit_input"] = names[source]


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
        unit = st.selectbox("unit", units, key="edit_unit", width=150)
        name = st.selectbox("weight of", _inputs(run.spec, unit), key="edit_input", width=150)
        place = _place(run.spec, unit, name)
        # A new field for each weight, and after a refusal: a field keeps what was typed as long as its key.
        key = f"edit_value {unit} {name} {run.id} {at} {st.session_state.get(_FIELDS, 0)}"
        value = round(float(with_changes(weights, changes)[place[0]][place[1]]), 4)
        with st.container(key="edit_value", width=170):
            st.number_input("value", value=value, step=0.1, format="%.4f", key=key,
                            on_change=_keep, args=(key, run.id, at, place))  # fmt: skip
        st.button("Back to the trained weights", key="edit_reset", icon=":material/undo:", disabled=not changes,
                  on_click=_forget)  # fmt: skip
    trouble = st.session_state.pop(_TROUBLE, "")
    if trouble:
        st.warning(trouble, icon=":material/edit_off:")
    if changes:
        st.info(lessons.text("boundary.edited"), icon=":material/edit:")


def _keep(key: str, run_id: str, at: float, place: Place) -> None:
    value = st.session_state[key]
    if value is None or not math.isfinite(value) or abs(value) > LIMIT:
        _new_field()
        st.session_state[_TROUBLE] = lessons.text("boundary.edit_refused", value=f"{value!r:.30}", limit=f"{LIMIT:g}")
        return
    st.session_state[_EDITS] = ((run_id, at), {**current(run_id, at), place: float(value)})


def _forget() -> None:
    st.session_state.pop(_EDITS, None)
    _new_field()


def _new_field() -> None:
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
