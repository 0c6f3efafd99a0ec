"""A number with decimals to type in that stands in the address, whatever an address may say; see `whole_number`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.ui.kit.choice import Place
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin

_WRITTEN = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True)
class DecimalNumber:
    """A number that a person types.

    Attributes:
        key: of the widget.
        usual: the number of whoever types none.
        parameter: name in the address.
    """

    key: str
    usual: float
    parameter: str

    def field(self, label: str, low: float, high: float, step: float) -> float:
        """Ask for a number from `low` to `high`. What is no such number in the address is as if nothing stood there."""
        place = Place(self.key, self.parameter, self.usual)
        shown = place.shown(Key[Any](self.key, None).get(), lambda text: _read(text, low, high))
        if not low <= shown <= high:
            shown = self.usual
        pin(self.key, shown)
        return place.written(st.number_input(label, low, high, shown, step, key=self.key))


def _read(text: str, low: float, high: float) -> float | None:
    """The number that an address says, if it is one from `low` to `high`.

    >>> [_read(text, -6, 6) for text in ("1.25", "-3", "6.5", "inf", "nan", "1e0", "٣", "")]
    [1.25, -3.0, None, None, None, None, None, None]
    """
    number = float(text) if _WRITTEN.fullmatch(text) else None
    return number if number is not None and low <= number <= high else None
