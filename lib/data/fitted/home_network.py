"""The network on Home's picture: small enough that every one of its maps is shown, trained on real digits.

`tools/draw_hero.py` made the file; `assets/data/PROVENANCE.md` says with which result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.specs.layers.known import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from lib.specs.model import ModelSpec

PATH = Path(__file__).parents[3] / "assets" / "data" / "home_network.npz"
MODEL = ModelSpec(
    (28, 28, 1),
    (
        Conv2D(filters=6), MaxPooling2D(), Conv2D(filters=12), MaxPooling2D(), Flatten(), Dropout(rate=0.2),
        Dense(units=10, activation="softmax"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class HomeNetwork:
    """The trained network and the digits that pass through it; read only.

    Attributes:
        weights: by name, such as "conv2d/kernel"; for pixels from 0 to 1.
        digits: test digits, uint8 `(10, 28, 28)`: for each class the first of the test part.
        labels: what they are, in the order in which they pass.
        accuracy: share of the 2,000 test digits for which the network is right.
    """

    weights: Mapping[str, NDArray[np.float32]]
    digits: NDArray[np.uint8]
    labels: tuple[int, ...]
    accuracy: float


@cache
def home_network() -> HomeNetwork:
    """Open the file, once in a process."""
    with np.load(PATH, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    for values in arrays.values():
        values.setflags(write=False)
    digits, labels = arrays.pop("digits"), tuple(int(label) for label in arrays.pop("labels"))
    accuracy = float(arrays.pop("accuracy"))
    return HomeNetwork(arrays, digits, labels, accuracy)
