"""A data choice -> the arrays of one run: the same in the worker that trains and in the page that shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lib.data.bundled.points import features, make_points
from lib.data.bundled.sentences import Sentences, labels, load_sentences
from lib.data.full.text import load_reviews
from lib.data.loading import load
from lib.data.own import shelf
from lib.data.parts import Part, split_validation, take
from lib.data.scaling import Scaling, fit_scaling
from lib.data.text import Vocabulary, build_vocabulary, pad, tokenise
from lib.specs.data import DataSpec

# The parts stay the same whatever the run's own seed: two seeds are compared on the same samples.
SPLIT_SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How sentences become rows of ids.

    Attributes:
        vocabulary: the words of the training part.
        choice: length, and the ends of padding and truncating.
        test_texts: the sentences of the test part, as they were written.
    """

    vocabulary: Vocabulary
    choice: DataSpec
    test_texts: tuple[str, ...]

    def rows(self, texts: tuple[str, ...] | list[str]) -> NDArray[np.int32]:
        """Ids of some sentences, `(len(texts), length)`."""
        return _rows([tokenise(text) for text in texts], self.vocabulary, self.choice)


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

    Points are validated with their test points, as TensorFlow Playground does.

    Raises:
        DataError: the dataset cannot be read.
    """
    if choice.kind == "text":
        return _sentences(choice, validation_split)
    if choice.kind == "points":
        return _points(choice)
    loaded = load(choice.dataset, choice.size)
    train, validation = _split(loaded.train, choice.samples, validation_split)
    return Prepared(train, validation, loaded.test, fit_scaling(choice.scaling, train))  # type: ignore[arg-type]


def test_labels(choice: DataSpec) -> NDArray[np.uint8]:
    """Labels of the test part, without preparing the rest where that is a work of its own.

    Raises:
        DataError: the dataset cannot be read.
    """
    if choice.facts.own:
        return shelf.test_labels(choice.dataset)
    whole = load(choice.dataset, choice.size).test if choice.kind in ("images", "table") else prepare(choice, 0.0).test
    return np.asarray(whole.y, np.uint8)


def _split(part: Part, samples: int, validation_split: float) -> tuple[Part, Part]:
    return split_validation(take(part, min(samples, len(part)), SPLIT_SEED), validation_split, SPLIT_SEED)


@lru_cache(maxsize=8)
def _points(choice: DataSpec) -> Prepared:
    made = make_points(
        choice.points_kind, choice.points, choice.noise / 100, choice.points_seed, choice.test_share / 100
    )
    names = choice.features.split("-")
    train, test = (Part(features(part.x, names), part.y) for part in (made.train, made.test))
    return Prepared(train, test, test, Scaling((), ()), train_points=made.train.x, test_points=made.test.x)


def _sentences(choice: DataSpec, validation_split: float) -> Prepared:
    """Prepared once for all that read the same way: tokenising takes longer than anything else here."""
    same = DataSpec(
        dataset=choice.dataset, size=choice.size, samples=choice.samples, vocabulary=choice.vocabulary,
        length=choice.length, padding=choice.padding, truncating=choice.truncating, neutral=choice.neutral,
    )  # fmt: skip
    return _read_sentences(same, validation_split)


@lru_cache(maxsize=6)
def _read_sentences(choice: DataSpec, validation_split: float) -> Prepared:
    sentences = load_reviews(choice.facts) if choice.size == "full" else load_sentences()
    tokens, places = _labelled(sentences, choice)
    train, validation = _split(places["train"], choice.samples, validation_split)
    # The words of any other part would tell the model about its exam.
    vocabulary = build_vocabulary((tokens["train"][place] for place in train.x[:, 0]), choice.vocabulary)

    def read(name: str, part: Part) -> Part:
        return Part(_rows([tokens[name][place] for place in part.x[:, 0]], vocabulary, choice), part.y)

    test = places["test"]
    texts = tuple(sentences.test.texts[place] for place in test.x[:, 0])
    return Prepared(
        read("train", train), read("train", validation), read("test", test), Scaling((), ()),
        reading=Reading(vocabulary, choice, texts),
    )  # fmt: skip


def _labelled(sentences: Sentences, choice: DataSpec) -> tuple[dict[str, list[list[str]]], dict[str, Part]]:
    """Tokens of all sentences, and for each part the places of those that have a label, with it."""
    tokens, places = {}, {}
    for name in ("train", "test"):
        part = getattr(sentences, name)
        tokens[name] = [tokenise(text) for text in part.texts]
        kept, y = labels(part.ratings, choice.neutral)
        places[name] = Part(kept.astype(np.int32)[:, None], y)
    return tokens, places


def _rows(tokens: list[list[str]], vocabulary: Vocabulary, choice: DataSpec) -> NDArray[np.int32]:
    ids = [vocabulary.encode(words) for words in tokens]
    return pad(ids, choice.length, choice.padding, choice.truncating)  # type: ignore[arg-type]
