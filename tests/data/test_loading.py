import dataclasses
import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from helpers.waiting import wait_until

from lib.data import loading
from lib.data.bundled import bundle
from lib.data.loading import class_counts, load, split_validation
from lib.errors import DataError
from lib.specs.datasets import DATASETS, IMAGES


@pytest.fixture
def nothing_loaded(monkeypatch):
    monkeypatch.setattr(loading, "_loaded", {})
    monkeypatch.setattr(loading, "_locks", {})


@pytest.mark.parametrize("dataset", IMAGES.values(), ids=IMAGES)
def test_each_bundled_dataset_has_the_samples_that_the_registry_promises(dataset):
    loaded = load(dataset.name)
    assert (loaded.dataset, loaded.size) == (dataset, "bundled")
    assert loaded.train.x.shape == (dataset.bundled_train, *dataset.input_shape)
    assert loaded.test.x.shape == (dataset.bundled_test, *dataset.input_shape)
    assert loaded.train.x.dtype == loaded.test.y.dtype == np.uint8
    assert (loaded.train.x.min(), loaded.train.x.max()) == (0, 255)


@pytest.mark.parametrize("name", ["fashion_mnist", "cifar10"])
def test_balanced_datasets_stay_balanced(name):
    loaded = load(name)
    assert class_counts(loaded.train, 10).tolist() == [1_000] * 10
    assert class_counts(loaded.test, 10).tolist() == [200] * 10


def test_mnist_has_the_first_10000_published_digits_with_the_same_balance_in_both_parts():
    loaded = load("mnist")
    train, test = class_counts(loaded.train, 10), class_counts(loaded.test, 10)
    published = np.array([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978])
    assert (train + test).tolist() == published.tolist()
    assert np.abs(test - published * 0.2).max() < 1


def test_mnist_contains_the_first_published_digit_pixel_for_pixel_where_it_is_known():
    loaded = load("mnist")
    images = np.concatenate([loaded.train.x, loaded.test.x])[..., 0]
    labels = np.concatenate([loaded.train.y, loaded.test.y])
    stroke = [3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127]
    found = np.flatnonzero((images[:, 5, 12:24] == stroke).all(axis=1))
    assert labels[found].tolist() == [5]


@pytest.mark.parametrize("name", IMAGES)
def test_no_test_image_is_also_a_training_image_of_mnist_or_nearly_none_elsewhere(name):
    loaded = load(name)
    train = {image.tobytes() for image in loaded.train.x}
    assert sum(image.tobytes() in train for image in loaded.test.x) <= (0 if name == "mnist" else 2)


def test_the_validation_part_of_bundled_mnist_is_800_of_8000():
    training, validation = split_validation(load("mnist").train, 0.1, seed=1)
    assert (len(training), len(validation)) == (7_200, 800)


def test_loaded_images_and_labels_cannot_be_written_to():
    train = load("mnist").train
    for array in (train.x, train.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_eight_threads_that_ask_at_once_share_one_reading_of_the_file(nothing_loaded, monkeypatch):
    reads = []
    real_read = bundle.read

    def counted_read(path, dataset):
        reads.append(path.name)
        return real_read(path, dataset)

    monkeypatch.setattr(bundle, "read", counted_read)
    together = threading.Barrier(8)

    def ask(_):
        together.wait()
        return load("mnist")

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(ask, range(8)))
    assert reads == ["mnist.zip"]
    assert all(result is results[0] for result in results)


def test_a_file_that_was_damaged_and_then_repaired_is_read_again(nothing_loaded, monkeypatch):
    right = DATASETS["mnist"]
    monkeypatch.setitem(DATASETS, "mnist", dataclasses.replace(right, sha256="1" * 64))
    with pytest.raises(DataError, match="damaged"):
        load("mnist")
    monkeypatch.setitem(DATASETS, "mnist", right)
    assert len(load("mnist").train) == 8_000


def test_an_unknown_dataset_is_answered_with_those_there_are():
    with pytest.raises(DataError, match=r"no dataset 'imagenet'. Choose one of mnist, fashion_mnist, cifar10"):
        load("imagenet")


def test_an_unknown_size_is_answered_with_those_there_are():
    with pytest.raises(DataError, match=r"no size 'huge'. Choose one of bundled, full"):
        load("mnist", "huge")


def test_a_full_size_that_was_not_downloaded_is_answered_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("LAYERLAB_HOME", str(tmp_path))
    assert not loading.has_full("cifar10")
    with pytest.raises(DataError, match=r"full size of CIFAR-10 was not downloaded yet.*or choose the bundled part"):
        load("cifar10", "full")


def test_the_table_is_split_with_its_classes_in_balance():
    wine = load("wine")
    assert (len(wine.train), len(wine.test)) == (wine.dataset.bundled_train, wine.dataset.bundled_test)
    assert class_counts(wine.train, 3).tolist() == [44, 54, 36]


@pytest.mark.parametrize("name", ["movies", "points"])
def test_what_depends_on_more_than_a_name_is_refused_with_the_way_to_it(name):
    with pytest.raises(DataError, match="prepare"):
        load(name)


def test_a_dataset_that_nobody_uses_leaves_memory_and_comes_back_the_same(nothing_loaded, monkeypatch):
    monkeypatch.setattr(loading, "UNUSED_SECONDS", 0.4)
    before = load("mnist")
    gone, some = weakref.ref(before.train.x), before.train.x[:50].copy()
    wait_until(lambda: not loading._loaded, 5)
    del before
    gc.collect()
    assert gone() is None
    np.testing.assert_array_equal(load("mnist").train.x[:50], some)


def test_a_dataset_in_use_stays_in_memory(nothing_loaded, monkeypatch):
    monkeypatch.setattr(loading, "UNUSED_SECONDS", 0.4)
    before, end = load("wine"), time.monotonic() + 1.0
    while time.monotonic() < end:
        assert load("wine") is before
        time.sleep(0.05)
