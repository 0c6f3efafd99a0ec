"""What a person gives into the network: one sample as the network's dataset would hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.normalising import Normalised
from lib.figures.learn.sequences import Row


@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """One sample.

    Attributes:
        values: of the network's input shape, before any scaling: pixels (uint8), ids of words (int32), features of a
            point, or the columns of a row in their own units (float32).
        name: what a person calls it.
        truth: its class, or the number that is to be predicted; None where nobody knows it.
        steps: how a drawn digit became one of MNIST's, or None.
        place: of a point: where it lies, x and y.
        row: of a sentence: its words, and which of them stands at each step.
        text: of a sentence: as it was written.
    """

    values: NDArray[Any]
    name: str
    truth: int | float | None = None
    steps: Normalised | None = None
    place: tuple[float, float] | None = None
    row: Row | None = None
    text: str = ""


def pixels_of(given: Input) -> NDArray[np.uint8]:
    """The values of an image."""
    return np.asarray(given.values, np.uint8)
