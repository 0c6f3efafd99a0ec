"""A pad to draw a digit on, with mouse, finger or keys. The drawing stands in the address, so that a link shows it."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.ui.kit.component import component
from lib.ui.kit.drawn_text import SIDE, from_text, to_text
from lib.ui.kit.key import Key
from lib.ui.kit.noted import Noted

_BYTES = SIDE * SIDE
PARAMETER = "drawing"


def drawing(key: str) -> NDArray[np.uint8]:
    """Show the pad.

    The session remembers the drawing: it is there again when the pad comes back.

    Args:
        key: the component's key.

    Returns:
        uint8 `(28, 28, 1)`, white ink on black 0 in 16 levels with soft edges, nearly as MNIST's digits are; an empty
        pad is all black.
    """
    note, times, pad = Noted(key, PARAMETER, "", _known), Key(f"{key}_put", 0), Key[Any](key, None)
    before = note.get()
    text = note.shown()
    if text != before:  # it comes from the address: the pad, which may be there already, must be told
        times.set(times.get() + 1)
    drawn = from_text(text)
    assert drawn is not None
    component("drawing")(
        key=key,
        data={"pixels": base64.b64encode(drawn.tobytes()).decode() if text else "", "put": times.get()},
        on_pixels_change=lambda: _take(pad.get().pixels, note),
    )
    return drawn


def _known(text: str) -> str | None:
    return None if from_text(text) is None else text


def _take(pixels: object, note: Noted[str]) -> None:
    """Take what the pad has sent, if it is a drawing."""
    drawn = from_base64(pixels)
    if pixels == "":
        note.set("")
    elif drawn is not None:
        note.set(to_text(drawn))


def from_base64(text: object) -> NDArray[np.uint8] | None:
    """The drawing that the pad has sent, or None. A browser may send anything: it must be 28 x 28 bytes in base64.

    Args:
        text: 784 bytes, row by row, in base64.
    """
    if not isinstance(text, str) or len(text) != 4 * -(-_BYTES // 3):
        return None
    try:
        pixels = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE, 1) if len(pixels) == _BYTES else None
