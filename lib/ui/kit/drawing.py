"""A pad to draw a digit on, with mouse, finger or keys."""

from __future__ import annotations

import base64
import binascii

import numpy as np
from numpy.typing import NDArray

from lib.ui.kit.component import component
from lib.ui.kit.key import Key

SIDE = 28
_BYTES = SIDE * SIDE


def drawing(key: str) -> NDArray[np.uint8]:
    """Show the pad.

    The session remembers the drawing: it is there again when the pad comes back.

    Args:
        key: the component's key.

    Returns:
        uint8 `(28, 28, 1)`, white ink 255 on black 0 with soft edges, as MNIST's digits are; an empty pad is all black.
    """
    last = Key(f"{key}_last", "")
    result = component("drawing")(key=key, data={"pixels": last.get()}, on_pixels_change=lambda: None)
    if result.pixels == "":
        last.drop()
    elif from_base64(result.pixels) is not None:
        last.set(result.pixels)
    drawn = from_base64(last.get())
    return np.zeros((SIDE, SIDE, 1), np.uint8) if drawn is None else drawn


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
