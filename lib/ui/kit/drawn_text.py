"""A drawing as a short text for an address: 16 grey levels, two pixels a byte, packed without loss."""

from __future__ import annotations

import base64
import binascii
import zlib

import numpy as np
from numpy.typing import NDArray

SIDE = 28
LEVEL = 17
"""From one grey level to the next one: 0, 17, 34, ... 255."""
_BYTES = SIDE * SIDE // 2
_MOST_LETTERS = 600
"""Even noise, which cannot be packed, takes 530."""
_NO_HEADER = -15
"""How `zlib` is told that there is none."""


def to_text(drawn: NDArray[np.uint8]) -> str:
    """A drawing as text; "" where nothing is drawn.

    Args:
        drawn: `(28, 28, 1)`. Pixels between two levels go to the nearer one.

    >>> to_text(np.zeros((28, 28, 1), np.uint8))
    ''
    """
    levels = np.round(drawn.ravel() / LEVEL).astype(np.uint8)
    if not levels.any():
        return ""
    packer = zlib.compressobj(9, zlib.DEFLATED, _NO_HEADER)
    packed = packer.compress((levels[::2] * 16 + levels[1::2]).tobytes()) + packer.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def from_text(text: str) -> NDArray[np.uint8] | None:
    """The drawing that `to_text` made a text of, `(28, 28, 1)`; None for any other text, however it was made.

    >>> from_text("a digit") is None
    True
    """
    if not text:
        return np.zeros((SIDE, SIDE, 1), np.uint8)
    if len(text) > _MOST_LETTERS or not text.isascii():
        return None
    unpacker = zlib.decompressobj(_NO_HEADER)
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        pairs = unpacker.decompress(packed, _BYTES + 1)
    except (binascii.Error, ValueError, zlib.error):
        return None
    if len(pairs) != _BYTES or not unpacker.eof or unpacker.unused_data:
        return None
    bytes_ = np.frombuffer(pairs, np.uint8)
    return (np.stack([bytes_ >> 4, bytes_ & 15], axis=1) * np.uint8(LEVEL)).reshape(SIDE, SIDE, 1)
