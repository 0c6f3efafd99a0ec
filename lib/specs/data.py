"""Which data a run uses, and what of it becomes the model's input."""

from __future__ import annotations

from dataclasses import dataclass

from lib.errors import DataError
from lib.specs.datasets import DATASETS, OWN_NAME, POINT_FEATURES, POINT_KINDS, Dataset, find
from lib.specs.fields import Choice, Number, SpecError, Subset, check_fields, ruled

SCALINGS = ("unit", "standard", "raw")
ENDS = ("pre", "post")
POINT_CLASSES = ("blue", "orange", "green")


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

    def __post_init__(self) -> None:
        check_fields(self)
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
    def available(self) -> int:
        """Training samples there are, validation included; of sentences before the neutral ones are left out."""
        if self.kind == "points":
            return self.points - round(self.points * self.test_share / 100)
        return self.facts.full_train if self.size == "full" else self.facts.bundled_train
