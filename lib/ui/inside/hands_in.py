"""Hands in: filters switched off, weights pruned, rounded, or set; the answer follows at once."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.activations import ACTIVATION_FUNCTIONS
from lib.concepts.by_hand import kernels, strongest, units_of
from lib.concepts.forward import forward, weight_shapes
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.changes import BITS, LARGEST, Changes, describe_changes
from lib.ui.inside import hand_changes
from lib.ui.inside.shares import shares_of
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.key import Key
from lib.ui.kit.opened import Opened
from lib.ui.kit.options import pin
from lib.ui.kit.whole_number import WholeNumber

Values = NDArray[np.float32]
Weights = dict[str, Values]

_OPENED = Opened("hands_in")
_PRUNE, _BITS = Key("hands_prune", 0), Key("hands_bits", 0)
_BIT_STEPS = (BITS[0], BITS[2], 12, 10, 8, 7, 6, 5, 4, 3, BITS[1])
_FLOAT_BITS = 32
_MOST_AXES = 4
_LEARNED: Key[tuple[str, Values]] = Key("hands_learned", ("", np.zeros(0, np.float32)))
"""The answer without changes that was computed last, and of what."""


def notice(run: RunSnapshot, changes: Changes, learned: Values | None = None) -> None:
    """Say clearly that a changed copy is shown, and offer the way back; nothing where nothing is changed.

    Args:
        run: the run.
        changes: those that are made.
        learned: what the last layer gives without them, or None.
    """
    if not changes:
        return
    with st.container(key="by_hand"):
        parts = [lessons.text("inside.by_hand", what=words.escaped(describe_changes(changes)))]
        if learned is not None:
            parts.append(lessons.text("inside.as_learned", answer=_said(run, learned)))
        st.warning(" ".join(parts), icon=":material/back_hand:")
        with st.container(horizontal=True):
            st.button("Put back", key="put_back", icon=":material/restart_alt:", on_click=hand_changes.put_back,
                      args=(run.id,))  # fmt: skip
            _undo(run, "undo_by_hand")


def answer_as_learned(run: RunSnapshot, epoch: int, weights: Weights, sample: Values) -> Values:
    """What the last layer gives without any change. It is remembered while only the changes move."""
    digest = hashlib.sha256(f"{run.id} {epoch} ".encode() + np.ascontiguousarray(sample).tobytes()).hexdigest()
    if _LEARNED.get()[0] != digest:
        _LEARNED.set((digest, forward(run.spec.model, weights, sample)[-1]))
    return _LEARNED.get()[1]


def _said(run: RunSnapshot, output: Values) -> str:
    """An answer in a few words."""
    if run.spec.regression:
        return f"{float(output[0]):.4f}"
    shares = shares_of(run.spec, output)
    said = int(shares.argmax())
    return f"{words.escaped(run.spec.data.class_names[said])} {words.percent(float(shares[said]))}"


def _undo(run: RunSnapshot, key: str) -> None:
    st.button(
        "Undo", key=key, icon=":material/undo:", on_click=hand_changes.undo, args=(run.id,),
        disabled=not hand_changes.can_undo(run.id),
    )  # fmt: skip


def hands_in(run: RunSnapshot, changes: Changes, weights: Weights, outputs: Sequence[Values]) -> None:
    """Offer the changes, behind a heading to open.

    Args:
        run: the run.
        changes: those that are made already.
        weights: by name, with these changes.
        outputs: of each layer, with these changes.
    """
    with _OPENED.heading("Change weights by hand", ":material/back_hand:") as more:
        if not more.open:
            return
        lessons.show("inside.hands")
        if hand_changes.too_many():
            st.warning(lessons.text("inside.enough_changes"))
        _units(run, changes, outputs)
        left, right = st.columns(2)
        with left:
            _pruning(run, changes, weights)
        with right:
            _rounding(run, changes)
        _one_weight(run, changes, weights)
        if not changes:
            _undo(run, "undo_put_back")


# --- units ---------------------------------------------------------------------------------------------------------


def _units(run: RunSnapshot, changes: Changes, outputs: Sequence[Values]) -> None:
    model, units = run.spec.model, units_of(run.spec.model)
    if not units:
        return
    left, right = st.columns([1, 2])
    with left:
        layer = Choice("hands_layer", {name: name for name in units}, next(iter(units))).listed("Layer")
    off = changes.off_in(layer)
    key: Key[list[int]] = Key(f"hands_off_{layer}", [])
    pin(key.name, list(off))
    with right:
        st.multiselect(
            "Switched off", list(range(units[layer])), list(off), key=key.name, placeholder="none",
            on_change=lambda: hand_changes.change(run.id, changes.with_off(layer, tuple(key.get()))),
        )  # fmt: skip
    place = model.layer_names().index(layer)
    best = strongest(outputs[place], off)
    st.button(
        "Switch the strongest off" if best is None else f"Switch the strongest off: {layer} {best}",
        key="strongest_off", icon=":material/power_settings_new:", disabled=best is None,
        on_click=partial(hand_changes.change, run.id, changes.with_off(layer, (*off, best or 0))),
    )  # fmt: skip
    activation = getattr(model.layers[place], "activation", "linear")
    rest = float(ACTIVATION_FUNCTIONS[activation](np.zeros(1, np.float32))[0]) if activation != "softmax" else None
    st.caption(
        lessons.text("inside.off_softmax") if rest is None else lessons.text("inside.off_gives", rest=f"{rest:.3g}")
    )


# --- all weights ---------------------------------------------------------------------------------------------------


def _pruning(run: RunSnapshot, changes: Changes, weights: Weights) -> None:
    pin(_PRUNE.name, changes.prune)
    st.slider(
        "Prune the smallest", 0, 100, changes.prune, 1, format="%d%%", key=_PRUNE.name,
        help=lessons.text("inside.prune"),
        on_change=lambda: hand_changes.change(run.id, _replaced(changes, prune=_PRUNE.get())),
    )  # fmt: skip
    names = kernels(run.spec.model)
    every = sum(weights[name].size for name in names)
    zeros = sum(int(np.count_nonzero(weights[name] == 0)) for name in names)
    st.caption(lessons.text("inside.zeros", zeros=f"{zeros:,}", all=f"{every:,}"))


def _rounding(run: RunSnapshot, changes: Changes) -> None:
    steps = sorted({*_BIT_STEPS, changes.bits}, key=lambda bits: -(bits or _FLOAT_BITS))
    pin(_BITS.name, changes.bits)
    st.select_slider(
        "Round to", steps, changes.bits, key=_BITS.name, help=lessons.text("inside.round"),
        format_func=lambda bits: f"{bits} bits" if bits else "as learned",
        on_change=lambda: hand_changes.change(run.id, _replaced(changes, bits=_BITS.get())),
    )  # fmt: skip
    if changes.bits:
        st.caption(lessons.text("inside.levels", bits=changes.bits, levels=f"{2**changes.bits - 1:,}"))
    else:
        st.caption(lessons.text("inside.not_rounded"))


def _replaced(changes: Changes, *, prune: int | None = None, bits: int | None = None) -> Changes:
    return Changes(
        changes.prune if prune is None else int(prune), changes.bits if bits is None else int(bits), changes.weights,
        changes.off,
    )  # fmt: skip


# --- one weight ----------------------------------------------------------------------------------------------------


def _index(name: str, axis: int, length: int) -> int:
    """Ask for a weight's place along one axis of its array."""
    field = WholeNumber(f"hands_place_{name}_{axis}", 0, f"index{axis}")
    return field.field(f"index {axis}", 0, length - 1, width=110)


def _forget_place() -> None:
    """Take the place out of the address: it was in another array."""
    for axis in range(_MOST_AXES):
        st.query_params.pop(f"index{axis}", None)


def _one_weight(run: RunSnapshot, changes: Changes, weights: Weights) -> None:
    """Show one weight by its array and its place, and let a person set it."""
    shapes = {name: shape for name, shape in weight_shapes(run.spec.model).items() if len(shape) <= _MOST_AXES}
    with st.container(key="one_weight", horizontal=True, vertical_alignment="bottom"):
        arrays = Choice("hands_array", {each: each for each in shapes}, next(iter(shapes)))
        name = arrays.listed("One weight of", on_change=_forget_place)
        place = tuple(_index(name, axis, length) for axis, length in enumerate(shapes[name]))
        present = round(float(np.clip(weights[name][place], -LARGEST, LARGEST)), 6)
        key = Key(f"hands_weight_{name}_{place}", math.nan)
        pin(key.name, present)
        st.number_input(
            "is", -LARGEST, LARGEST, present, 0.1, format="%.6g", key=key.name, width=160,
            on_change=lambda: hand_changes.change(run.id, changes.with_weight(name, place, round(key.get(), 6))),
        )  # fmt: skip
