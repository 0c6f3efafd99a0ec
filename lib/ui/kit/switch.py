"""A switch that stands in the address, whatever an address may say: `true`, `false`, or nothing where usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.ui.kit.choice import Place
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin

_WRITTEN = {"true": "true", "false": "false", "1": "true", "0": "false"}


@dataclass(frozen=True)
class Switch:
    """A question that is answered with yes or no.

    Attributes:
        key: of the widget.
        usual: the answer of whoever has not touched it.
        parameter: name in the address; without it the key is the name.
    """

    key: str
    usual: bool = False
    parameter: str = ""

    def toggle(self, label: str, *, disabled: bool = False, help: str | None = None) -> bool:
        """Ask; what is neither on nor off in the address is as if nothing stood there."""
        place = Place(self.key, self.parameter or self.key, _said(self.usual))
        present = Key[Any](self.key, None).get()
        shown = place.shown(None if present is None else _said(present), _WRITTEN.get) == "true"
        pin(self.key, shown)
        answer = st.toggle(label, shown, key=self.key, disabled=disabled, help=help)
        return place.written(_said(answer)) == "true"


def _said(answer: bool) -> str:
    return str(bool(answer)).lower()
