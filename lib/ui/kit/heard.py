"""What the controls of a page have read in its address, and whether they could use it."""

from __future__ import annotations

from collections.abc import Container, Mapping

import streamlit as st

from lib.ui.kit.key import Key

_HEARD: Key[Mapping[str, bool]] = Key("address_heard", {})


def tell(name: str, used: bool) -> None:
    """Note that a parameter was read.

    Args:
        name: the parameter's.
        used: whether what it says makes sense.
    """
    _HEARD.set({**_HEARD.get(), name: used})


def parameters() -> Mapping[str, bool]:
    """The parameters that were read since `forget`, and whether they could be used."""
    return _HEARD.get()


def forget() -> None:
    """Begin anew: another address is read."""
    _HEARD.drop()


def place(**allowed: Container[str]) -> None:
    """Look whether the address says a place that a component has: a cell, a step.

    The browser alone reads and writes it (`components/place.js`), so that looking around needs no run of the script.

    Args:
        allowed: by the parameter's name, the texts that are such a place.
    """
    for name, texts in allowed.items():
        text = st.query_params.get(name)
        if text is not None:
            tell(name, text in texts)


def numbers(first: int, last: int) -> frozenset[str]:
    """The whole numbers from the first to the last one, as an address writes them.

    >>> sorted(numbers(0, 2))
    ['0', '1', '2']
    """
    return frozenset(map(str, range(first, last + 1)))
