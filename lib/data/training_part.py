"""The samples that a choice of data trains on, before any of them is held back: what all folds are cut from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.bundled.points import features, make_points
from lib.data.corpus import Strings
from lib.data.loading import load
from lib.data.parts import Indices, Part, fold_numbers, stratified
from lib.data.preparing import SPLIT_SEED, labelled_sentences
from lib.errors import DataError
from lib.specs.data import DataSpec

ENOUGH_OF_EACH = 100
"""With so many samples for each class, a bundled or published dataset has more of the rarest one than folds."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingPart:
    """The training part of a dataset, and which of it is used.

    Attributes:
        part: all there is; of sentences their places in `texts`.
        used: positions in `part`, ascending.
        texts: of sentences only.
    """

    part: Part
    used: Indices
    texts: Strings | None = None

    @property
    def y(self) -> NDArray[Any]:
        """Labels of the samples that are used."""
        labels: NDArray[Any] = self.part.y[self.used]
        return labels

    def sample(self, number: int) -> NDArray[Any]:
        """A used sample as it is before scaling: pixels, a row of a table, features of a point."""
        row: NDArray[Any] = self.part.x[self.used[number]]
        return row

    def text(self, number: int) -> str:
        """A used sentence, as it was written."""
        if self.texts is None:
            raise TypeError("these samples are no sentences")
        return self.texts[int(self.part.x[self.used[number], 0])]


def training_part(choice: DataSpec) -> TrainingPart:
    """What a choice trains on, whatever fold of it is set aside. Images are not copied.

    Raises:
        DataError: the dataset cannot be read.
    """
    part, texts = _whole(choice)
    chosen = 0 < choice.samples < len(part) and choice.kind != "points"
    used = stratified(part.y, choice.samples, SPLIT_SEED) if chosen else np.arange(len(part))
    return TrainingPart(part, used, texts)


def _whole(choice: DataSpec) -> tuple[Part, Strings | None]:
    if choice.kind == "text":
        return labelled_sentences(choice)
    if choice.kind == "points":
        share = choice.test_share / 100
        made = make_points(choice.points_kind, choice.points, choice.noise / 100, choice.points_seed, share)
        return Part(features(made.train.x, choice.features.split("-")), made.train.y), None
    return load(choice.dataset, choice.size).train, None


def folds_of(choice: DataSpec, part: TrainingPart) -> NDArray[np.intp]:
    """Of each used sample the number of the fold in which it is validated, from 1, `(samples,)`.

    The samples of a fold stand in this order in the validation part that `prepare` makes.

    Raises:
        DataError: there are more folds than samples of a class.
    """
    return fold_numbers(part.y, choice.folds, SPLIT_SEED) + 1


def fold_trouble(choice: DataSpec) -> str:
    """Why a choice cannot be cut into its folds, in a sentence that says what to do, or "".

    Images and sentences that are LayerLab's own are not opened for it while many are used: their classes are of about
    the same size.

    Raises:
        DataError: own data are gone, or somebody else's.
    """
    if choice.facts.own:
        load(choice.dataset)  # asked each time, because the answer below is remembered
    return _trouble(choice.without_fold)


@lru_cache(maxsize=64)
def _trouble(choice: DataSpec) -> str:
    few = choice.samples and choice.samples < ENOUGH_OF_EACH * len(choice.class_names)
    if choice.kind in ("images", "text") and not choice.facts.own and not few:
        return ""
    try:
        fold_numbers(training_part(choice).y, choice.folds, SPLIT_SEED)
    except DataError as error:
        return str(error)
    return ""
