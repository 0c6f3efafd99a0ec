"""The Dense layer that the page "Flatten, dense, softmax" looks into: ten units, fitted to real digits.

`tools/fit_digit_weights.py` made the file; `assets/data/PROVENANCE.md` says with which result.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lib.data.own.pictures import Picture

SIDE = 28
PATH = Path(__file__).parents[3] / "assets" / "data" / "digit_weights.npz"


@dataclass(frozen=True, slots=True, eq=False)
class DigitWeights:
    """A Dense layer for 28x28 digits whose pixels are 0 to 1; read only.

    Attributes:
        kernel: float32, `(784, 10)`.
        bias: float32, `(10,)`.
    """

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]


@cache
def digit_weights() -> DigitWeights:
    """Open the file, once in a process."""
    with np.load(PATH, allow_pickle=False) as file:
        kernel, bias = file["kernel"], file["bias"]
    kernel.setflags(write=False)
    bias.setflags(write=False)
    return DigitWeights(kernel, bias)


def as_digit(picture: Picture) -> NDArray[np.float32]:
    """A picture in the form that the layer was fitted to: grey, 28x28, 0 to 1. A smaller one is centred on black.

    Args:
        picture: at most 28 pixels a side.

    Returns:
        `(28, 28, 1)`.
    """
    pixels = picture.pixels
    grey = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).convert("L")
    sheet = Image.new("L", (SIDE, SIDE))
    sheet.paste(grey, ((SIDE - grey.width) // 2, (SIDE - grey.height) // 2))
    return np.asarray(sheet, np.float32)[..., None] / np.float32(255)
