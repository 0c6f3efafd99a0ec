import dataclasses
import gc

import numpy as np
import pytest
from helpers.own_files import digits_zip, wine_csv

from lib.data.loading import load
from lib.data.own import shelf
from lib.data.own.dataset import images_of, table_of
from lib.data.preparing import prepare
from lib.data.preparing import test_labels as labels_of
from lib.errors import DataError
from lib.specs.data import DataSpec
from lib.specs.fields import SpecError


def named(data, number):
    """The same data under another name."""
    return dataclasses.replace(data, facts=dataclasses.replace(data.facts, name=f"own-{number:016x}"))


@pytest.fixture
def digits():
    """Data that no other test of this process has brought, let alone trained on."""
    return named(images_of(digits_zip(), "digits.zip", 28, 1).data, 255)


def test_data_are_there_while_somebody_holds_them_and_gone_afterwards(digits):
    name = digits.facts.name
    first, second = shelf.put(digits), shelf.hold(name)
    assert load(name).test is digits.test
    first.release()
    first.release()
    assert load(name).train is digits.train
    second.release()
    assert name not in shelf._facts
    with pytest.raises(DataError, match="Upload"):
        load(name)
    with pytest.raises(SpecError, match="not here any more"):
        DataSpec(dataset=name)


def test_a_forgotten_hold_holds_nothing(digits):
    hold = shelf.put(digits)
    del hold
    gc.collect()
    with pytest.raises(DataError):
        shelf.hold(digits.facts.name)


def test_scaling_of_own_columns_has_seen_the_training_part_only():
    data = table_of(wine_csv(), "wine.csv", None).data
    hold = shelf.put(data)
    ready = prepare(DataSpec(dataset=data.facts.name, scaling="standard"), 0.2)
    scaled = ready.scaling.apply(ready.train.x)
    assert np.allclose(scaled.mean(axis=0), 0, atol=1e-4)
    assert np.allclose(scaled.std(axis=0), 1, atol=1e-4)
    assert len(ready.train) + len(ready.validation) == len(data.train)
    assert np.abs(ready.scaling.apply(ready.test.x).mean(axis=0)).max() > 0.01
    hold.release()


def test_of_data_that_a_run_was_trained_on_facts_and_test_labels_stay(digits):
    digits = named(digits, 7)  # what is remembered stays in this process
    hold = shelf.put(digits)
    choice = DataSpec(dataset=digits.facts.name)
    assert labels_of(choice).tolist() == digits.test.y.tolist()
    shelf.remember(digits.facts, digits.test.y)
    hold.release()
    assert DataSpec(dataset=digits.facts.name).class_names == ("one", "two", "zero")
    assert labels_of(choice).tolist() == digits.test.y.tolist()
    with pytest.raises(DataError, match="The data “digits” were private to a visit and are gone"):
        prepare(choice, 0.1)


def test_an_owner_is_remembered_with_the_data_until_they_are_given_up(digits):
    hold = shelf.put(digits, "ann")
    name = hold.name
    assert shelf.hold_owned(name, "ann") is not None
    assert shelf.hold_owned(name, "bob") is None
    shelf.disown(name, "ann")
    assert shelf.hold_owned(name, "ann") is None
    hold.release()
    assert shelf.hold_owned(name, "ann") is None


@pytest.fixture
def empty_shelf(monkeypatch):
    """A shelf on which tests before have left nothing."""
    monkeypatch.setattr(shelf, "_shelf", {})
    monkeypatch.setattr(shelf, "_leaving", [])


def test_beyond_the_limit_data_of_ended_visits_go_first_and_then_nothing_more_comes_in(
    digits, empty_shelf, monkeypatch
):
    monkeypatch.setattr(shelf, "MOST_DATASETS", 2)
    left, stays = shelf.put(named(digits, 1)), shelf.put(named(digits, 2))
    shelf.release_later([left], seconds=600)
    third = shelf.put(named(digits, 3))
    with pytest.raises(DataError):
        shelf.hold(left.name)
    with pytest.raises(DataError, match="300 MB"):
        shelf.put(named(digits, 4))
    assert shelf.data(stays.name).facts.name == stays.name
    stays.release()
    third.release()


def test_memory_is_limited_too(digits, empty_shelf, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_MB", digits.size_mb * 1.5)
    hold = shelf.put(named(digits, 1))
    with pytest.raises(DataError, match="Try again later"):
        shelf.put(named(digits, 2))
    hold.release()


def test_who_may_see_samples_is_asked_each_time(digits, monkeypatch):
    hold = shelf.put(digits)

    def nobody(name):
        raise DataError(f"{name} is not for you")

    monkeypatch.setattr(shelf, "_find", nobody)
    with pytest.raises(DataError, match="not for you"):
        load(hold.name)
    with pytest.raises(DataError, match="not for you"):
        prepare(DataSpec(dataset=hold.name), 0.1)
    hold.release()
