"""Which data a run uses, and what of it becomes the model's input."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib.errors import DataError
from lib.specs.datasets import DATASETS, OWN_NAME, POINT_FEATURES, POINT_KINDS, Dataset, find
from lib.specs.fields import Choice, Number, SpecError, Subset, check_fields, ruled

SCALINGS = ("unit", "standard", "raw")
ENDS = ("pre", "post")
POINT_CLASSES = ("blue", "orange", "green")
HONEST = "none"
SPOILED = (HONEST, "shuffled_pixels", "shuffled_labels", "leaked", "left_out", "sorted")
"""What may be done to images on purpose, so that a network learns something wrong, or a figure deceives."""


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Which samples, how many, and how they become numbers.

    Attributes:
        dataset: name in `lib.specs.datasets.DATASETS`, or `own-...` of data that a person brought.
        size: "bundled" comes with the app, "full" is fetched on request.
        samples: training samples used, stratified; 0 = all.
        scaling: "unit" divides pixels by 255 and maps a table's columns to 0..1, "standard" subtracts the training
            part's mean and divides by its standard deviation, "raw" leaves them; text and points are never scaled.
        vocabulary: ids that words may have, padding (0) and unknown (1) included.
        length: tokens of a sentence after padding or cutting.
        padding, truncating: at which end of a sentence, as in `keras.utils.pad_sequences`.
        neutral: sentences whose mean rating (-4 to 4) is nearer to 0 than this are left out.
        points_kind: shape of the 2-D points.
        points: how many, training and test together.
        noise: spread of the points, in percent.
        test_share: part of the points held back as test points, in percent.
        points_seed: another seed, other points of the same kind.
        features: what the network sees of a point.
        folds: into how many equal parts the training samples are cut for k-fold validation; 0 = none: then the
            training's `validation_split` holds samples back.
        fold: which of these parts, from 1, is the validation part; all others are trained on. With folds points are
            validated on one of them, too, so that their test points stay unseen.
        spoiled: how images are spoiled on purpose, see `lib.data.spoiling`; other data never are.
    """

    dataset: str = ruled("mnist", Choice(tuple(DATASETS), OWN_NAME))
    size: str = ruled("bundled", Choice(("bundled", "full")))
    samples: int = ruled(0, Number(0, 60_000, 500))
    scaling: str = ruled("unit", Choice(SCALINGS))
    vocabulary: int = ruled(10_000, Number(100, 20_000, 100))
    length: int = ruled(100, Number(5, 500, 5))
    padding: str = ruled("pre", Choice(ENDS))
    truncating: str = ruled("pre", Choice(ENDS))
    neutral: float = ruled(0.0, Number(0.0, 2.0, 0.1))
    points_kind: str = ruled("circle", Choice(tuple(POINT_KINDS)))
    points: int = ruled(500, Number(20, 2_000, 20))
    noise: int = ruled(0, Number(0, 50, 5, "%"))
    test_share: int = ruled(50, Number(10, 90, 10, "%"))
    points_seed: int = ruled(1, Number(0, 2**31 - 1))
    features: str = ruled("x-y", Subset(POINT_FEATURES))
    folds: int = ruled(0, Number(0, 10))
    fold: int = ruled(1, Number(1, 10))
    spoiled: str = ruled(HONEST, Choice(SPOILED))

    def __post_init__(self) -> None:
        check_fields(self)
        if self.folds == 1:
            raise SpecError("folds must be 0 (none) or a whole number from 2 to 10, not 1: one fold leaves no other")
        if self.fold > max(self.folds, 1):
            raise SpecError(f"fold must be a whole number from 1 to the number of folds, {self.folds}, not {self.fold}")
        try:
            find(self.dataset)
        except DataError as error:
            raise SpecError(str(error)) from None

    @property
    def facts(self) -> Dataset:
        """What is known of the dataset."""
        return find(self.dataset)

    @property
    def kind(self) -> str:
        """What one sample is: images, text, table or points."""
        return self.facts.kind

    @property
    def spoiling(self) -> str:
        """How the samples are spoiled on purpose, or ""."""
        return self.spoiled if self.kind == "images" and self.spoiled != HONEST else ""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one sample as the model takes it."""
        if self.kind == "text":
            return (self.length,)
        if self.kind == "points":
            return (len(self.number_names),)
        return self.facts.input_shape

    @property
    def number_names(self) -> tuple[str, ...]:
        """Number i of a sample is called `number_names[i]`: a feature of a point, a column of a table; else empty."""
        if self.kind == "points":
            return tuple(self.features.split("-"))
        return self.facts.columns if self.kind == "table" else ()

    @property
    def class_names(self) -> tuple[str, ...]:
        """Label i is called `class_names[i]`; empty where a number is to be predicted."""
        if self.kind == "points":
            return POINT_CLASSES[: POINT_KINDS[self.points_kind]]
        return self.facts.class_names

    @property
    def validates_on_test(self) -> bool:
        """Whether the validation part is the test part: so it is with points, as in TensorFlow Playground."""
        return self.kind == "points" and not self.folds

    @property
    def without_folds(self) -> DataSpec:
        """The same samples with no fold of them set aside."""
        return replace(self, folds=0, fold=1) if self.folds else self

    @property
    def without_fold(self) -> DataSpec:
        """The same folds, whichever of them is set aside."""
        return replace(self, fold=1)

    @property
    def value_range(self) -> tuple[int, int]:
        """Between which numbers scaled pixels lie.

        Standardised ones have no fixed ends: no pixel is more than 255 standard deviations of 1 or more away.
        """
        return {"unit": (0, 1), "raw": (0, 255), "standard": (-255, 255)}[self.scaling]

    @property
    def available(self) -> int:
        """Training samples there are, validation included; of sentences before the neutral ones are left out."""
        if self.kind == "points":
            return self.points - round(self.points * self.test_share / 100)
        return self.facts.full_train if self.size == "full" else self.facts.bundled_train
