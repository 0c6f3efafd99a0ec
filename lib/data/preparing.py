"""A data choice -> the arrays of one run: the same in the worker that trains and in the page that shows."""

from __future__ import annotations

from dataclasses import dataclass

from lib.data.loading import load
from lib.data.parts import Part, split_validation, take
from lib.data.scaling import Scaling, fit_scaling
from lib.specs.data import DataSpec

# The parts stay the same whatever the run's own seed: two seeds are compared on the same samples.
SPLIT_SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Parts of one run, pixels still uint8; `scaling` has seen `train` only."""

    train: Part
    validation: Part
    test: Part
    scaling: Scaling


def prepare(choice: DataSpec, validation_split: float) -> Prepared:
    """Choose samples, hold the validation part back, and fit the scaling to what is left for training.

    Raises:
        DataError: the dataset cannot be read.
    """
    loaded = load(choice.dataset, choice.size)
    chosen = take(loaded.train, min(choice.samples, len(loaded.train)), SPLIT_SEED)
    train, validation = split_validation(chosen, validation_split, SPLIT_SEED)
    return Prepared(train, validation, loaded.test, fit_scaling(choice.scaling, train))  # type: ignore[arg-type]
