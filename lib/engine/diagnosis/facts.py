"""What the rules must know of a run's data, beyond its description."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lib.data.loading import load
from lib.data.parts import Part, class_counts
from lib.data.preparing import prepare
from lib.specs.data import DataSpec


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about the training part, validation included.

    Attributes:
        counts: samples of each class; empty where classes have about equally many, or a number is to be predicted.
        spread: variance of the number that is to be predicted: the loss of always saying its mean; None for classes.
        largest: largest magnitude among the numbers of a sample as it is stored; 0 where samples are never scaled.
    """

    counts: tuple[int, ...] = ()
    spread: float | None = None
    largest: float = 0.0


@lru_cache(maxsize=64)
def facts_of(data: DataSpec) -> Facts:
    """Look at a run's data. That costs little: of bundled images and sentences nothing is opened.

    Raises:
        DataError: own data are gone, or somebody else's. Whoever asks must have seen to that before: answers are kept.
    """
    if data.kind == "points":
        return Facts(spread=None if data.class_names else _variance(prepare(data.without_folds, 0.0).train))
    if data.kind == "text":
        return Facts()
    if data.kind == "images" and not data.facts.own:
        return Facts(largest=255.0)
    part = load(data.dataset, data.size).train
    largest = 255.0 if data.kind == "images" else float(np.abs(part.x).max(initial=0.0))
    if not data.class_names:
        return Facts(spread=_variance(part), largest=largest)
    counts = class_counts(part, len(data.class_names))
    return Facts(tuple(counts.tolist()), largest=largest)


def _variance(part: Part) -> float:
    return float(np.var(part.y, dtype=np.float64))


def chance_loss(classes: int, loss: str, binary: bool, facts: Facts) -> float | None:
    """The loss of a network that knows nothing and gives each class the same probability; None where nobody can tell.

    A number that is predicted always as its mean has its variance as the loss. Where the samples of each class were
    counted, the best answer without looking has their shares as probabilities, and their entropy as its crossentropy.

    Args:
        classes: how many there are; 0 where a number is to be predicted.
        loss: name in `lib.specs.training.LOSSES`.
        binary: one sigmoid unit answers for two classes.
        facts: of the data.

    >>> round(chance_loss(10, "categorical_crossentropy", False, Facts()), 4), round(math.log(10), 4)
    (2.3026, 2.3026)

    The mean squared error has a mean over the classes as well: `(classes - 1) / classes**2`.

    >>> chance_loss(10, "mean_squared_error", False, Facts()), chance_loss(2, "mean_squared_error", True, Facts())
    (0.09, 0.25)
    """
    if not classes:
        return facts.spread
    if loss == "mean_squared_error":
        return 0.25 if binary else (classes - 1) / classes**2
    samples = sum(facts.counts)
    shares = [count / samples for count in facts.counts if count] if samples else [1 / classes] * classes
    return -sum(share * math.log(share) for share in shares)
