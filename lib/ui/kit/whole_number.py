"""A whole number to type in that stands in the address, whatever an address may say.

Streamlit's own `bind="query-params"` ends the page with an exception where the address says `inf`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from lib.ui.kit.choice import Place
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin

_MOST_DIGITS = 18


@dataclass(frozen=True)
class WholeNumber:
    """A number that a person types.

    Attributes:
        key: of the widget.
        usual: the number of whoever types none.
        parameter: name in the address; without it the key is the name.
    """

    key: str
    usual: int
    parameter: str = ""

    def field(
        self, label: str, low: int, high: int, *, help: str | None = None, width: int | Literal["stretch"] = "stretch"
    ) -> int:
        """Ask for a number from `low` to `high`. What is no such number in the address is as if nothing stood there."""
        shown = self.shown(low, high)
        return self.written(st.number_input(label, low, high, shown, key=self.key, help=help, width=width))

    def shown(self, low: int, high: int) -> int:
        """The number for a widget of another kind to show, pinned to it; its answer goes to `written`."""
        shown = self._place.shown(Key[Any](self.key, None).get(), lambda text: _read(text, low, high))
        if not low <= shown <= high:
            shown = self.usual
        pin(self.key, shown)
        return shown

    def written(self, number: int) -> int:
        """Make the address say the number."""
        return self._place.written(number)

    @property
    def _place(self) -> Place[int]:
        return Place(self.key, self.parameter or self.key, self.usual)


def _read(text: str, low: int, high: int) -> int | None:
    """The number that an address says, if it is a whole one from `low` to `high`.

    >>> [_read(text, -5, 20) for text in ("12", "-3", "21", "inf", "1e3", "")]
    [12, -3, None, None, None, None]
    """
    digits = text.removeprefix("-")
    number = int(text) if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS else None
    return number if number is not None and low <= number <= high else None
