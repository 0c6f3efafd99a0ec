"""A run's answers to the whole test part, and the samples that a question picks from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.metrics import confusion_matrix
from lib.data.loading import load
from lib.engine.snapshot import RunSnapshot
from lib.ui.engine import engine

Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """What a run said of each test sample.

    Attributes:
        probabilities: `(samples, classes)`, float32.
        true, predicted: labels, `(samples,)`.
        counts: confusion matrix, rows = true.
    """

    run: RunSnapshot
    probabilities: NDArray[np.float32]
    true: NDArray[np.uint8]
    predicted: NDArray[np.intp]
    counts: NDArray[np.int64]

    def first(self) -> Numbers:
        """All samples in the order of the test part: the classic check looks at the first 20."""
        return np.arange(len(self.true))

    def wrong(self) -> Numbers:
        """Mistakes, the most confident first."""
        mistakes = np.flatnonzero(self.predicted != self.true)
        return mistakes[np.argsort(-self.probabilities[mistakes].max(axis=1), kind="stable")]

    def least_sure(self) -> Numbers:
        """All samples, the one with the lowest highest probability first."""
        return np.argsort(self.probabilities.max(axis=1), kind="stable")

    def of_class(self, label: int) -> Numbers:
        """Samples of one true class."""
        return np.flatnonzero(self.true == label)

    def cell(self, label: int, predicted: int) -> Numbers:
        """Samples of one true class that were taken for another (or for the same), the most confident first."""
        inside = np.flatnonzero((self.true == label) & (self.predicted == predicted))
        return inside[np.argsort(-self.probabilities[inside, predicted], kind="stable")]


def read(run: RunSnapshot) -> Tested | None:
    """The answers of a run, or None before it was tested.

    Raises:
        DataError: the dataset cannot be read.
    """
    probabilities = engine().probabilities(run.id)
    if probabilities is None:
        return None
    true = load(run.spec.data.dataset, run.spec.data.size).test.y
    predicted: NDArray[Any] = probabilities.argmax(axis=1)
    classes = len(run.spec.dataset.class_names)
    return Tested(run, probabilities, true, predicted, confusion_matrix(true, predicted, classes))
