"""A run's answers to the whole test part, and the samples that they are about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.calibration import confident_mistakes, least_sure_hits
from lib.concepts.metrics import confusion_matrix
from lib.data import preparing
from lib.data.parts import Part
from lib.data.preparing import Prepared, prepare, test_labels
from lib.data.scaling import Scaling
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.data import DataSpec
from lib.ui.session.engine import engine

Positions = NDArray[np.intp]
_ROUNDING = 1e-5
"""Float32 probabilities may be above 1 by about so much."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassAnswers:
    """What a run said of each test sample, where there are classes.

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

    @property
    def names(self) -> tuple[str, ...]:
        """What the classes are called."""
        return self.run.spec.data.class_names

    @property
    def has_threshold(self) -> bool:
        """Whether there are two classes, and a probability of the second."""
        return len(self.names) == 2 and bool(((self.probabilities >= 0) & (self.probabilities <= 1)).all())

    @property
    def are_probabilities(self) -> bool:
        """Whether the outputs lie between 0 and 1, as those of softmax and sigmoid do."""
        return bool(((self.probabilities >= 0) & (self.probabilities <= 1 + _ROUNDING)).all())

    @property
    def confidence(self) -> NDArray[np.float64]:
        """The highest probability of each sample, `(samples,)`; at most 1 where the outputs are probabilities."""
        highest: NDArray[np.float64] = self.probabilities.max(axis=1).astype(np.float64)
        return np.minimum(highest, 1.0) if self.are_probabilities else highest

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the class that was said is the true one, `(samples,)`."""
        return np.asarray(self.predicted == self.true)

    def at(self, threshold: float) -> ClassAnswers:
        """The answers when the second of two classes needs a probability above a threshold."""
        predicted = (self.probabilities[:, 1] > threshold).astype(np.intp)
        return replace(self, predicted=predicted, counts=confusion_matrix(self.true, predicted, 2))

    def first(self) -> Positions:
        """All samples in the order of the test part: the classic check looks at the first 20."""
        return np.arange(len(self.true))

    def wrong(self) -> Positions:
        """Mistakes, the most confident first."""
        return confident_mistakes(self.confidence, self.right)

    def narrowly_right(self) -> Positions:
        """Right answers, the least confident first."""
        return least_sure_hits(self.confidence, self.right)

    def least_sure(self) -> Positions:
        """All samples, the least confident answers first."""
        return np.argsort(self.probabilities.max(axis=1), kind="stable")

    def of_class(self, label: int) -> Positions:
        """Samples of one true class."""
        return np.flatnonzero(self.true == label)

    def cell(self, label: int, predicted: int) -> Positions:
        """Samples of one true class that were taken for another (or for the same), the most confident first."""
        inside = np.flatnonzero((self.true == label) & (self.predicted == predicted))
        return inside[np.argsort(-self.probabilities[inside, predicted], kind="stable")]


@dataclass(frozen=True, slots=True, eq=False)
class NumberAnswers:
    """What a run said of each test sample, where a number is predicted.

    Attributes:
        true, predicted: float32, `(samples,)`.
    """

    run: RunSnapshot
    true: NDArray[np.float32]
    predicted: NDArray[np.float32]


def read(run: RunSnapshot) -> ClassAnswers | NumberAnswers | None:
    """The answers of a run, or None before its test.

    Raises:
        DataError: the dataset cannot be read.
    """
    outputs = engine().probabilities(run.id)
    if outputs is None:
        return None
    if run.spec.regression:
        return NumberAnswers(run, test_part(run).y, outputs[:, 0])
    # The labels of own data are still there when the samples are gone.
    true = test_labels(run.spec.data) if run.spec.dataset.own else test_part(run).y
    predicted: NDArray[Any] = outputs.argmax(axis=1)
    counts = confusion_matrix(true, predicted, len(run.spec.data.class_names))
    return ClassAnswers(run, outputs, true, predicted, counts)


def test_part(run: RunSnapshot) -> Part:
    """The samples that a run was tested with, as they are before scaling; shuffled where its pixels are.

    Raises:
        DataError: they cannot be read, or are not here any more.
    """
    data = run.spec.data
    return prepared(run).test if data.kind in ("text", "points") else preparing.part_to_test(data)


def prepared(run: RunSnapshot) -> Prepared:
    """The prepared data of a run. Sentences and points are prepared once, images and tables each time.

    Raises:
        DataError: the dataset cannot be read.
    """
    return prepare(run.spec.data, run.spec.training.validation_split)


@lru_cache(maxsize=32)
def scaling(data: DataSpec, validation_split: float) -> Scaling:
    """How a run's samples are scaled. Remembered, because it is computed from all training samples.

    Raises:
        DataError: the dataset cannot be read.
    """
    return prepare(data, validation_split).scaling
