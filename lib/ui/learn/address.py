"""What the address of a Learn page asks for and the page cannot give: told in one sentence, and never an error.

Streamlit takes a value that makes no sense out of the address without a word. So the address is noted before the
controls are drawn, and compared with what they show afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.ui.kit import heard, lessons
from lib.ui.kit.key import Key
from lib.ui.kit.not_used import listed

_Address = Mapping[str, tuple[str, ...]]

_PICTURE = ("picture_source", "picture_dataset", "picture_number", "drawing")
_CELL = ("row", "column")
ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "images": (
        *_PICTURE, *_CELL, "scale", "label", "other", "validation_share", "translation", "rotation", "zoom", "flip",
        "pixel_noise", "others",
    ),
    "convolution": (*_PICTURE, "weights"),
    "pooling": _PICTURE,
    "flattening": (*_PICTURE, "logits"),
    "activations": ("x", "depth", "weight"),
    "gradient_descent": ("step", "formula"),
    "sequences": ("cell", "row_length", "row_padding", "row_truncating"),
    "attention": ("places", "block"),
    "questions": ("question",),
}  # fmt: skip
"""Parameters whose control is not always on the page, by the page's file stem: another tab, another source."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """A page being drawn, and all that its address has asked for since it was drawn to its end."""

    stem: str
    asked: _Address


_DRAWN: Key[_Visit | None] = Key("learn_address_asked", None)
"""The page that is being drawn."""
_KNOWN: Key[_Visit | None] = Key("learn_address_known", None)
"""The page that was drawn to its end last, with its address at that time."""
_UNUSED: Key[tuple[str, ...]] = Key("learn_address_unused", ())
"""What could not be used of the address that was read last, as `name=text`."""


def begin(stem: str) -> None:
    """Note what the address asks for, before any control is drawn.

    Args:
        stem: the page's file stem.
    """
    visit, cut_short = _Visit(stem, _present()), _DRAWN.get()
    if visit == _KNOWN.get():
        return
    if cut_short is not None and cut_short.stem == stem:  # a rerun: its controls have cleaned the address already
        visit = _Visit(stem, {**cut_short.asked, **visit.asked})
    else:
        heard.forget()
    _UNUSED.drop()
    _DRAWN.set(visit)


def end() -> None:
    """Compare, after all controls have been drawn, and say in a sentence what could not be used."""
    visit = _DRAWN.take()
    if visit is not None:
        unused = (name for name, texts in visit.asked.items() if not _used(visit.stem, name, texts))
        _UNUSED.set(tuple(f"{name}={visit.asked[name][-1]}" for name in unused))
        heard.forget()
    before, now = visit or _KNOWN.get(), _present()
    if before is not None:
        if visit is None and before.asked != now:
            _UNUSED.drop()  # somebody has set a control since
        _KNOWN.set(_Visit(before.stem, now))  # also what controls have written just now: it is no news
    found = _UNUSED.get()
    if found:
        st.warning(lessons.text("address.unused", said=listed(found)), icon=":material/link_off:")


def _present() -> _Address:
    return {name: tuple(st.query_params.get_all(name)) for name in st.query_params}


def _used(stem: str, name: str, texts: tuple[str, ...]) -> bool:
    """Whether a parameter has had its effect, or would have it if its control were on the page."""
    if name in heard.parameters():
        return heard.parameters()[name]
    control = Key[Any](name, None)
    if control.is_set():
        return means(control.get(), texts)
    return name in ELSEWHERE.get(stem, ())


def means(value: Any, texts: tuple[str, ...]) -> bool:
    """Whether a control shows what an address says.

    Args:
        value: the control's.
        texts: the parameter's, as often as it stands in the address.

    >>> means(0.5, ("0.50",)), means(3, ("99",)), means(["SGD"], ("SGD", "zz")), means("a b", ("a b",))
    (True, False, False, True)
    """
    if isinstance(value, list):
        return {str(each) for each in value} == set(texts)
    text = texts[-1]
    if isinstance(value, int | float):
        try:
            return math.isclose(float(text), value, rel_tol=1e-6, abs_tol=1e-9)
        except ValueError:
            return False
    return bool(text == value or (value and text.startswith(str(value))))  # a text that is too long is cut off
