"""Folds are scikit-learn's own, each sample is in one of them, and nothing is fitted on the one that is held back."""

import dataclasses

import numpy as np
import pytest
from helpers.own_files import wine_csv
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold, StratifiedKFold

from lib.data import preparing
from lib.data.own import shelf
from lib.data.own.dataset import table_of
from lib.data.parts import Part, fold_numbers, split_fold
from lib.data.preparing import prepare
from lib.data.scaling import fit_scaling
from lib.data.text import tokenise
from lib.data.training_part import fold_trouble, folds_of, training_part
from lib.errors import DataError
from lib.specs.data import DataSpec
from lib.specs.fields import SpecError
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec


def shuffled(counts, seed):
    y = np.repeat(np.arange(len(counts), dtype=np.uint8), counts)
    return np.random.default_rng(seed).permutation(y)


def theirs(splitter, y):
    """Of each sample the number of the fold in which scikit-learn validates it."""
    numbers = np.full(len(y), -1)
    for number, (_, held_out) in enumerate(splitter.split(np.zeros(len(y)), y)):
        numbers[held_out] = number
    return numbers


@given(st.lists(st.integers(10, 40), min_size=1, max_size=6), st.integers(2, 10), st.integers(0, 99))
def test_the_folds_are_those_of_scikit_learn_and_have_each_class_in_its_share(counts, folds, seed):
    y = shuffled(counts, seed)
    dealt = fold_numbers(y, folds, seed)
    np.testing.assert_array_equal(dealt, theirs(StratifiedKFold(folds, shuffle=True, random_state=seed), y))
    sizes = np.array([np.bincount(y[dealt == number], minlength=len(counts)) for number in range(folds)])
    assert np.ptp(sizes, axis=0).max() <= 1
    assert np.ptp(sizes.sum(axis=1)) <= 1


@given(st.integers(2, 90), st.integers(2, 10), st.integers(0, 99))
def test_the_folds_of_numbers_are_those_of_scikit_learn(samples, folds, seed):
    y = np.linspace(-1, 1, samples, dtype=np.float32)
    if samples < folds:
        with pytest.raises(DataError, match=f"{folds} folds need {folds} samples, one for each fold"):
            fold_numbers(y, folds, seed)
        return
    wanted = theirs(KFold(folds, shuffle=True, random_state=seed), y)
    np.testing.assert_array_equal(fold_numbers(y, folds, seed), wanted)


def test_more_folds_than_the_rarest_class_has_samples_are_refused_with_both_numbers():
    y = shuffled([30, 4, 30], 0)
    with pytest.raises(DataError, match=r"5 folds need 5 samples of each class.*rarest class has 4: choose at most 4"):
        fold_numbers(y, 5, 0)
    assert sorted(np.unique(fold_numbers(y, 4, 0))) == [0, 1, 2, 3]


def test_a_split_keeps_each_label_with_its_sample():
    y = shuffled([12, 7], 1)
    part = Part(np.arange(len(y), dtype=np.float32)[:, None], y)
    for fold in (1, 2, 3):
        halves = split_fold(part, 3, fold, 0)
        places = [half.x[:, 0].astype(int) for half in halves]
        assert sorted([*places[0], *places[1]]) == list(range(len(y)))
        for half, place in zip(halves, places, strict=True):
            np.testing.assert_array_equal(half.y, y[place])


@pytest.mark.parametrize(
    "choice",
    [
        DataSpec("mnist", samples=503),
        DataSpec("movies", samples=500, length=10),
        DataSpec("penguins"),
        DataSpec("points", points=90),
        DataSpec("points", points=90, points_kind="regression_plane"),
    ],
    ids=lambda choice: f"{choice.dataset} {choice.points_kind}",
)
def test_the_folds_of_any_data_are_disjoint_cover_all_and_are_as_large_as_their_spec_says(choice):
    whole, part = prepare(choice, 0.0), training_part(choice)
    numbers = folds_of(dataclasses.replace(choice, folds=4), part)
    assert sorted(set(numbers)) == [1, 2, 3, 4]
    np.testing.assert_array_equal(part.y, whole.train.y)
    for fold in (1, 2, 3, 4):
        data = dataclasses.replace(choice, folds=4, fold=fold)
        ready, run = prepare(data, 0.3), RunSpec(data, ModelSpec(data.input_shape, ()), TrainSpec(validation_split=0.3))
        assert (len(ready.train), len(ready.validation)) == (run.training_samples(), run.validation_samples())
        assert len(ready.train) + len(ready.validation) == len(whole.train)
        np.testing.assert_array_equal(ready.test.y, whole.test.y)
        for half, here in ((ready.validation, numbers == fold), (ready.train, numbers != fold)):
            places = np.flatnonzero(here)
            read = ready.reading.rows([part.text(i) for i in places]) if ready.reading else part.part.x[part.used[here]]
            np.testing.assert_array_equal(half.x[:], read)
            np.testing.assert_array_equal(half.y, part.y[here])


def test_points_with_folds_leave_their_test_points_alone():
    data = DataSpec("points", points=100, test_share=40)
    ready = prepare(dataclasses.replace(data, folds=3, fold=2), 0.0)
    assert (len(ready.train), len(ready.validation), len(ready.test)) == (40, 20, 40)
    assert len(ready.train_points) == 40
    assert not data.folds
    assert data.validates_on_test
    assert not dataclasses.replace(data, folds=3).validates_on_test


# --- nothing is fitted on the fold that is held back ---------------------------------------------------------------


def scalings_with_another_fold():
    """The scaling of a fold's run, and what becomes of it when all numbers of the held-back fold are other ones."""
    data = table_of(wine_csv(), "wine.csv", None).data
    held_back = fold_numbers(data.train.y, 4, preparing.SPLIT_SEED) == 1
    x = np.where(held_back[:, None], data.train.x * 1_000, data.train.x).astype(np.float32)
    facts = dataclasses.replace(data.facts, name="own-00000000000f01d5")
    other = dataclasses.replace(data, train=Part(x, data.train.y), facts=facts)
    for each in (data, other):
        hold = shelf.put(each)
        yield prepare(DataSpec(each.facts.name, scaling="standard", folds=4, fold=2), 0.0).scaling
        hold.release()


def test_the_scaling_does_not_see_the_held_back_fold_and_a_planted_leak_is_found(monkeypatch):
    first, second = scalings_with_another_fold()
    assert first == second
    monkeypatch.setattr(preparing, "fit_scaling", lambda kind, _: fit_scaling(kind, load_train()))
    first, second = scalings_with_another_fold()
    assert first != second


def load_train():
    """All training samples of the data that are on the shelf now."""
    (entry,) = [each for name, each in shelf._shelf.items() if each.data.facts.title == "wine"]
    return entry.data.train


def test_the_vocabulary_has_words_of_the_other_folds_only():
    choice = DataSpec("movies", samples=600, length=15, vocabulary=20_000, folds=3, fold=3)
    ready = prepare(choice, 0.0)
    part = training_part(choice)
    texts = [part.text(i) for i in np.flatnonzero(folds_of(choice, part) == 3)]
    assert {word for text in texts for word in tokenise(text)} - set(ready.reading.vocabulary.words)
    assert not (ready.train.x[:] == 1).any()


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (DataSpec("mnist", folds=10), ""),
        (DataSpec("movies", folds=5), ""),
        (DataSpec("mnist", samples=30, folds=5), "5 folds need 5 samples of each class, one for each fold, but the"),
        (DataSpec("wine", samples=12, folds=4), "choose at most 3 folds, or use more samples"),
        (DataSpec("points", points=20, test_share=90, points_kind="regression_plane", folds=3), "there are 2"),
    ],
    ids=lambda value: f"{value.dataset} {value.folds}" if isinstance(value, DataSpec) else "",
)
def test_a_count_above_the_rarest_class_is_told_before_anything_is_trained(choice, words):
    assert words in fold_trouble(choice)
    assert bool(words) == bool(fold_trouble(choice))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"folds": 1}, r"folds must be 0 \(none\) or a whole number from 2 to 10, not 1"),
        ({"folds": 11}, "folds must be a whole number from 0 to 10, not 11"),
        ({"folds": 3, "fold": 4}, "fold must be a whole number from 1 to the number of folds, 3, not 4"),
        ({"fold": 2}, "from 1 to the number of folds, 0, not 2"),
    ],
)
def test_a_fold_that_is_not_there_is_refused_with_its_value(values, words):
    with pytest.raises(SpecError, match=words):
        DataSpec(**values)
