"""What is asked about an answer, whatever method answers it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.receptive import Field, receptive_field
from lib.figures.inside.why import WhyMap
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec

Values = NDArray[np.float32]
Weights = dict[str, NDArray[Any]]
Explain = Callable[["Net"], WhyMap | None]
"""Gives a network's map; None while a worker computes it."""
Explained = tuple[Explain, tuple[Field, Field]]
"""How a map is had, and what its cells see of the image, down and across."""


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """The network at one moment of its training.

    Attributes:
        place: of its map on the page, where its newest question counts.
        title: of its map.
        weights: by name.
    """

    place: str
    title: str
    weights: Weights


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked about an answer.

    Attributes:
        spec: of the run.
        pixels: the image as it is seen, uint8.
        sample: the image as it goes into the first layer.
        label: the class that is asked about.
        other: a class to compare with, or None.
    """

    spec: RunSpec
    pixels: NDArray[np.uint8]
    sample: Values
    label: int
    other: int | None

    @property
    def units(self) -> tuple[int, int | None, int]:
        """The unit that is asked about, one to compare with, and 1, or -1 where the unit speaks for the other class.

        One unit that answers for two classes has a score for the second; for the first it counts the other way.
        """
        if self.spec.binary:
            return 0, None, -1 if self.label == 0 else 1
        return self.label, self.other, 1

    @property
    def direction(self) -> Values:
        """One number for each output: what is asked about is the outputs times these, added up."""
        unit, other, sign = self.units
        numbers = np.zeros(self.spec.model.shapes()[-1][0], np.float32)
        numbers[unit] += sign
        if other is not None:
            numbers[other] -= 1
        return numbers


def fields_before(model: ModelSpec, place: int) -> tuple[Field, Field]:
    """What a cell of the maps that go into layer number `place` sees of the image, down and across."""
    layers, shapes = model.layers[:place], (model.input_shape, *model.shapes())[:place]
    return receptive_field(layers, shapes, 0), receptive_field(layers, shapes, 1)


def digest(*parts: NDArray[Any]) -> str:
    """The same text for the same numbers."""
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()
