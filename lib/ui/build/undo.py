"""Undo and Redo of the draft, and the sentence about what another dataset changed besides the data."""

from __future__ import annotations

import streamlit as st

from lib.ui.kit import lessons, words
from lib.ui.session import draft, other_data

_SENTENCES = {
    "layers_adapted": "build.layers_adapted",
    "layers_replaced": "build.layers_replaced",
    "settings_replaced": "build.settings_replaced",
}
"""The passages by what `other_data` tells."""


def undo_buttons() -> None:
    """Show the two buttons."""
    with st.container(horizontal=True, key="undo_buttons", gap="small", width="content"):
        st.button("Undo", key="undo", icon=":material/undo:", disabled=not draft.can_undo(), on_click=draft.undo,
                  help=lessons.text("build.undo"))  # fmt: skip
        st.button("Redo", key="redo", icon=":material/redo:", disabled=not draft.can_redo(), on_click=draft.redo,
                  help=lessons.text("build.redo"))  # fmt: skip


def other_data_notice() -> None:
    """Say what became of a person's own layers or settings, and offer to go back."""
    found = other_data.notice()
    if found is None:
        return
    left_out, added = (", ".join(kinds) for kinds in (found.left_out, found.added))
    parts = [f"left out {left_out}"] * bool(left_out) + [f"put {added} in front"] * bool(added)
    title = words.escaped(found.spec.dataset.title)
    with st.container(key="other_data"):
        left, right = st.columns([8, 1], vertical_alignment="center", gap="small")
        said = lessons.text(_SENTENCES[found.what], title=title, changes=" and ".join(parts))
        left.info(said, icon=":material/layers:")
        right.button("Undo", key="undo_other_data", icon=":material/undo:", width="stretch", on_click=draft.undo)
