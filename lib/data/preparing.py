"""A data choice -> the arrays of one run: the same in the worker that trains and in the page that shows."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from lib.data import spoiling
from lib.data.bundled.points import features, make_points
from lib.data.bundled.sentences import labels, load_sentences
from lib.data.corpus import Corpus, Rows, Strings, tokenised
from lib.data.full.text import load_reviews
from lib.data.loading import load
from lib.data.own import shelf
from lib.data.parts import Part, split_fold, split_validation, take
from lib.data.scaling import Scaling, fit_scaling
from lib.data.text import Vocabulary, pad, tokenise
from lib.specs.data import DataSpec

# The parts stay the same whatever the run's own seed: two seeds are compared on the same samples.
SPLIT_SEED = 0
_reading = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How sentences become rows of ids.

    Attributes:
        vocabulary: the words of the training part.
        choice: length, and the ends of padding and truncating.
        texts: all sentences there are.
        test_places: which of them are in the test part.
    """

    vocabulary: Vocabulary
    choice: DataSpec
    texts: Strings
    test_places: NDArray[np.int32]

    def test_text(self, number: int) -> str:
        """A sentence of the test part, as it was written."""
        return self.texts[int(self.test_places[number])]

    def rows(self, texts: tuple[str, ...] | list[str]) -> NDArray[np.int32]:
        """Ids of some sentences, `(len(texts), length)`."""
        ids = [self.vocabulary.encode(tokenise(text)) for text in texts]
        return pad(ids, self.choice.length, self.choice.padding, self.choice.truncating)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Parts of one run.

    Attributes:
        train, validation, test: pixels still uint8, columns still in their units; sentences are ids already.
        scaling: has seen `train` only.
        reading: of sentences only.
        test_points: of points only, where they lie: `(samples, 2)`.
        train_points: the same of the training points.
    """

    train: Part
    validation: Part
    test: Part
    scaling: Scaling
    reading: Reading | None = None
    train_points: NDArray[np.float32] | None = None
    test_points: NDArray[np.float32] | None = None


def prepare(choice: DataSpec, validation_split: float) -> Prepared:
    """Choose samples, hold the validation part back, and fit the scaling to what is left for training.

    With folds the validation part is the chosen one, whatever the share; without, points are validated with their test
    points, as TensorFlow Playground does.

    Raises:
        DataError: the dataset cannot be read, or a class has fewer samples than there are folds.
    """
    if choice.kind == "text":
        return _sentences(choice, validation_split)
    if choice.kind == "points":
        return _points(choice)
    loaded = load(choice.dataset, choice.size)
    if choice.spoiling:
        used = _used(loaded.train, choice)
        train, validation = spoiling.split(used, choice.spoiling, len(choice.class_names), validation_split, SPLIT_SEED)
    else:
        train, validation = _split(loaded.train, choice, validation_split)
    test = spoiling.seen(loaded.test, choice.spoiling)
    return Prepared(train, validation, test, fit_scaling(choice.scaling, train))  # type: ignore[arg-type]


def part_to_test(choice: DataSpec) -> Part:
    """The test part of images or of a table as a network sees it, without preparing the rest.

    Raises:
        DataError: the dataset cannot be read.
    """
    return spoiling.seen(load(choice.dataset, choice.size).test, choice.spoiling)


def test_labels(choice: DataSpec) -> NDArray[np.uint8]:
    """Labels of the test part, without preparing the rest where that is a work of its own.

    Raises:
        DataError: the dataset cannot be read.
    """
    if choice.facts.own:
        return shelf.test_labels(choice.dataset)
    whole = load(choice.dataset, choice.size).test if choice.kind in ("images", "table") else prepare(choice, 0.0).test
    return np.asarray(whole.y, np.uint8)


def _split(part: Part, choice: DataSpec, validation_split: float) -> tuple[Part, Part]:
    used = _used(part, choice)
    if choice.folds:
        return split_fold(used, choice.folds, choice.fold, SPLIT_SEED)
    return split_validation(used, validation_split, SPLIT_SEED)


def _used(part: Part, choice: DataSpec) -> Part:
    return take(part, min(choice.samples, len(part)), SPLIT_SEED)


@lru_cache(maxsize=8)
def _points(choice: DataSpec) -> Prepared:
    made = make_points(
        choice.points_kind, choice.points, choice.noise / 100, choice.points_seed, choice.test_share / 100
    )
    names = choice.features.split("-")

    def seen(part: Part) -> Part:
        return Part(features(part.x, names), part.y)

    test = seen(made.test)
    if not choice.folds:
        return Prepared(
            seen(made.train), test, test, Scaling((), ()), train_points=made.train.x, test_points=made.test.x
        )
    train, fold = split_fold(made.train, choice.folds, choice.fold, SPLIT_SEED)
    return Prepared(seen(train), seen(fold), test, Scaling((), ()), train_points=train.x, test_points=made.test.x)


def _sentences(choice: DataSpec, validation_split: float) -> Prepared:
    """Prepared once for all that read the same way, also when several ask at the same moment."""
    same = DataSpec(
        dataset=choice.dataset, size=choice.size, samples=choice.samples, vocabulary=choice.vocabulary,
        length=choice.length, padding=choice.padding, truncating=choice.truncating, neutral=choice.neutral,
        folds=choice.folds, fold=choice.fold,
    )  # fmt: skip
    with _reading:
        return _read_sentences(same, validation_split)


@lru_cache(maxsize=6)
def _read_sentences(choice: DataSpec, validation_split: float) -> Prepared:
    corpus = _corpus(choice)
    train, validation = _split(_labelled(corpus, choice, "train"), choice, validation_split)
    test = _labelled(corpus, choice, "test")
    # The words of any other part would tell the model about its exam.
    vocabulary, numbers = corpus.vocabulary(train.x[:, 0], choice.vocabulary)

    def read(part: Part) -> Part:
        ends = choice.padding, choice.truncating
        return Part(Rows(corpus, part.x[:, 0], numbers, choice.length, *ends), part.y)  # type: ignore[arg-type]

    return Prepared(
        read(train), read(validation), read(test), Scaling((), ()),
        reading=Reading(vocabulary, choice, corpus.texts, test.x[:, 0]),
    )  # fmt: skip


def labelled_sentences(choice: DataSpec) -> tuple[Part, Strings]:
    """The training part of sentences as places in all texts, with labels; and the texts.

    Raises:
        DataError: the sentences cannot be read.
    """
    with _reading:
        corpus = _corpus(choice)
    return _labelled(corpus, choice, "train"), corpus.texts


def _corpus(choice: DataSpec) -> Corpus:
    return load_reviews(choice.facts) if choice.size == "full" else _bundled_corpus()


@cache
def _bundled_corpus() -> Corpus:
    sentences = load_sentences()
    parts = sentences.train, sentences.test
    ratings = np.concatenate([part.ratings for part in parts])
    return tokenised([text for part in parts for text in part.texts], ratings, len(sentences.train))


def _labelled(corpus: Corpus, choice: DataSpec, name: str) -> Part:
    """The places of the texts of a part that have a label, with it."""
    first, end = (0, corpus.train) if name == "train" else (corpus.train, len(corpus.texts))
    kept, y = labels(corpus.ratings[first:end], choice.neutral)
    return Part((first + kept).astype(np.int32)[:, None], y)
