"""The draft's layers as an editable list: a row says what a layer makes of its input; opened, it has its options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from lib.specs.fields import SpecError, rules
from lib.specs.layers.known import LAYERS
from lib.specs.model import MAX_LAYERS, LayerTrace
from lib.ui.build.arising import of_layer, of_row
from lib.ui.build.variants import about
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice, Place
from lib.ui.kit.key import Key
from lib.ui.kit.options import option
from lib.ui.kit.question_note import ask
from lib.ui.session import draft

_REFUSED: Key[tuple[int, str] | None] = Key("layer_refused", None)
"""A layer's id, and the sentence about its change that was taken back."""


def _opened(layer_id: int) -> Key[bool]:
    """Whether a layer's row is open."""
    return Key(f"layer_open_{layer_id}", False)


def layer_list() -> None:
    """Show the draft's layers with everything that can be done to them."""
    now = draft.current()
    model = now.spec.model
    place = _open_rows(now.ids)
    with st.container(key="layers", gap="xsmall"):
        st.caption(f"Input: {words.shape(model.input_shape)}")
        for number, (layer_id, row) in enumerate(zip(now.ids, model.trace, strict=True), start=1):
            _row(number, layer_id, row, len(now.ids))
        _add_row(len(now.ids))
    place.written(_numbers_of_open(now.ids))
    _REFUSED.drop()


def _open_rows(ids: tuple[int, ...]) -> Place[str]:
    """Open the rows that the address names, by their places from 1.

    Returns:
        Where the open rows are written down.
    """
    place = Place("open_layers", "open_layers", "")
    there = any(_opened(layer_id).is_set() for layer_id in ids) or "open_layers" not in st.query_params
    shown = place.shown(_numbers_of_open(ids) if there else None, lambda text: _read_rows(text, len(ids)))
    for number, layer_id in enumerate(ids, start=1):
        _opened(layer_id).set(str(number) in shown.split("-"))  # another title makes another widget, which is closed
    return place


def _numbers_of_open(ids: tuple[int, ...]) -> str:
    return "-".join(str(number) for number, layer_id in enumerate(ids, start=1) if _opened(layer_id).get())


def _read_rows(text: str, count: int) -> str | None:
    """Numbers of rows as the address says them.

    >>> _read_rows("1-3", 3), _read_rows("4", 3), _read_rows("all", 3)
    ('1-3', None, None)
    """
    known = {str(number) for number in range(1, count + 1)}
    return text if set(text.split("-")) <= known else None


def _row(place: int, layer_id: int, row: LayerTrace, count: int) -> None:
    with st.container(key=f"layer_{place}", gap="xsmall"):
        key = _opened(layer_id).name
        opened = st.expander(_title(place, row), icon=f":material/{row.layer.icon}:", key=key, on_change="rerun")
        if row.error:
            st.error(row.error, icon=":material/broken_image:")
        elif row.output_shape is not None:
            st.markdown(_sums(row))
            ask(*of_row(row))
        refused = _REFUSED.get()
        if refused and refused[0] == layer_id:
            st.warning(refused[1], icon=":material/undo:")
        if opened.open:
            with opened:
                _details(place, layer_id, row, count)


def _title(place: int, row: LayerTrace) -> str:
    """One line: place, kind, what comes out, how many weights."""
    title = f"{place} · **{row.layer.kind}**"
    if row.error:
        return f"{title} · :red[does not fit]"
    if row.output_shape is None:
        return f"{title} · :gray[waits for the layer above]"
    weights = f" · {row.parameters.total:,} weights" if row.parameters.total else ""
    return f"{title} → {words.shape(row.output_shape)}{weights}"


def _sums(row: LayerTrace) -> str:
    """How the output shape and the number of weights come about, with the numbers filled in."""
    sums = [row.shape_sum, row.parameters.sum] if row.parameters.total else [row.shape_sum]
    return ":small[" + " &nbsp;·&nbsp; ".join(f"`{text}`" for text in sums) + "]"


def _details(place: int, layer_id: int, row: LayerTrace, count: int) -> None:
    st.caption(f"{row.layer.kind} {row.layer.summary}.")
    about(row.layer)
    columns = st.columns(2)
    for number, (name, rule) in enumerate(rules(row.layer).items()):
        with columns[number % 2]:
            option(name, rule, getattr(row.layer, name), f"layer_{layer_id}_{name}", _report(layer_id, name))
    ask(*of_layer(row))
    with st.container(horizontal=True):
        st.button("Up", key=f"layer_{layer_id}_up", icon=":material/arrow_upward:", disabled=place == 1,
                  on_click=_move, args=(layer_id, -1))  # fmt: skip
        st.button("Down", key=f"layer_{layer_id}_down", icon=":material/arrow_downward:", disabled=place == count,
                  on_click=_move, args=(layer_id, 1))  # fmt: skip
        st.button("Remove", key=f"layer_{layer_id}_remove", icon=":material/delete:",
                  on_click=draft.remove_layer, args=(layer_id,))  # fmt: skip


def _report(layer_id: int, name: str) -> Callable[[Any], None]:
    """Callback of one option: a value that the layer cannot have is refused with the reason, at that layer."""

    def report(value: Any) -> None:
        try:
            draft.set_option(layer_id, name, value)
        except SpecError as error:
            _REFUSED.set((layer_id, f"{error}. The change was taken back."))

    return report


def _move(layer_id: int, by: int) -> None:
    """Move a layer. Its row stays open: in its new place Streamlit would begin with a closed one."""
    draft.move_layer(layer_id, by)
    _opened(layer_id).set(True)


def _add_row(count: int) -> None:
    kinds = draft.kinds_to_add()
    if count >= MAX_LAYERS or not kinds:
        st.caption(lessons.text("build.too_many_layers", limit=MAX_LAYERS))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = Choice("new_layer", {each: each for each in kinds}, kinds[0], "add").listed("Another layer")
        st.button("Add", key="add_layer", icon=":material/add:", on_click=_add, args=(kind,))
    st.caption(f"{kind} {LAYERS[kind].summary}.")
    left_out = [each for each in LAYERS if each not in kinds]
    if left_out:
        st.caption(lessons.text("build.layers_left_out", kinds=", ".join(left_out)))
    ask("how_many_layers")


def _add(kind: str) -> None:
    layer_id = draft.add_layer(kind)
    if layer_id is not None:
        _opened(layer_id).set(True)
