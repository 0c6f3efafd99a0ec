"""A part of a page that a person opens: the address says that it is open, so that a link shows what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.ui.kit.choice import Place
from lib.ui.kit.key import Key

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

_OPEN, _CLOSED = "open", ""


@dataclass(frozen=True)
class Opened:
    """A heading with something behind it; it is closed until somebody opens it.

    Attributes:
        key: of the widget.
        parameter: name in the address, where it says `open`; without it the key is the name.
    """

    key: str
    parameter: str = ""

    def heading(self, label: str, icon: str) -> ExpanderContainer:
        """Show the heading. What is behind it need be drawn only where the result's `open` is true."""
        place = Place(self.key, self.parameter or self.key, _CLOSED)
        present = Key[Any](self.key, None).get()
        known = None if present is None else _OPEN if present else _CLOSED
        shown = place.shown(known, lambda text: text if text == _OPEN else None) == _OPEN
        Key[bool](self.key, False).set(shown)  # at each drawing: under another label it is another widget, and closed
        part = st.expander(label, icon=icon, key=self.key, on_change="rerun")
        place.written(_OPEN if part.open else _CLOSED)
        return part
