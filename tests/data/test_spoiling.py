"""Images spoiled on purpose: what is done to each part, and what stays as it is."""

import numpy as np
import pytest

from lib.data import spoiling
from lib.data.loading import load
from lib.data.parts import Part, take
from lib.data.preparing import SPLIT_SEED, part_to_test, prepare
from lib.specs.data import SPOILED, DataSpec

SAMPLES, SHARE = 400, 0.25
HONEST = DataSpec(samples=SAMPLES)


@pytest.fixture(scope="module")
def parts():
    """The prepared parts, honest and spoiled in each way."""
    return {name: prepare(DataSpec(samples=SAMPLES, spoiled=name), SHARE) for name in SPOILED}


def equal(one, other):
    return np.array_equal(one.x[:], other.x[:]) and np.array_equal(one.y, other.y)


def images_of(part):
    return {image.tobytes() for image in part.x[:]}


def test_each_way_is_another_one_and_is_the_same_each_time(parts):
    assert len({parts[name].train.x[:].tobytes() + parts[name].train.y.tobytes() for name in SPOILED}) == len(SPOILED)
    for name in SPOILED:
        again = prepare(DataSpec(samples=SAMPLES, spoiled=name), SHARE)
        assert equal(again.train, parts[name].train)
        assert equal(again.validation, parts[name].validation)


def test_the_test_part_is_the_honest_one_unless_pixels_are_shuffled(parts):
    for name in SPOILED:
        assert equal(parts[name].test, parts["none"].test) == (name != "shuffled_pixels")


def test_all_images_of_all_parts_are_shuffled_by_one_permutation(parts):
    honest, shuffled = parts["none"], parts["shuffled_pixels"]
    height, width = honest.train.x.shape[1:3]
    places = np.arange(height * width, dtype=np.uint16).reshape(height, width, 1)
    order = spoiling.shuffled_pixels(places).ravel()
    assert sorted(order) == list(range(height * width))
    assert np.mean(order == np.arange(len(order))) < 0.01
    for name in ("train", "validation", "test"):
        before, after = getattr(honest, name), getattr(shuffled, name)
        np.testing.assert_array_equal(after.x[:].reshape(len(before), -1), before.x.reshape(len(before), -1)[:, order])
        np.testing.assert_array_equal(after.y, before.y)


def test_a_colour_keeps_its_channels_together():
    image = np.random.default_rng(0).integers(0, 255, (2, 5, 4, 3), np.uint8)
    shuffled = spoiling.shuffled_pixels(image)
    assert sorted(map(tuple, shuffled[0].reshape(-1, 3))) == sorted(map(tuple, image[0].reshape(-1, 3)))


@pytest.mark.parametrize("index", [3, -1, slice(2, 7), np.array([5, 0, 5])], ids=str)
def test_images_that_are_shuffled_on_demand_are_those_that_are_shuffled_at_once(index):
    x = np.random.default_rng(1).integers(0, 255, (9, 6, 5, 1), np.uint8)
    lazy = spoiling.seen(Part(x, np.zeros(9, np.uint8)), "shuffled_pixels")
    np.testing.assert_array_equal(lazy.x[index], spoiling.shuffled_pixels(x)[index])
    assert (len(lazy), lazy.x.shape, lazy.x.dtype) == (9, x.shape, x.dtype)
    np.testing.assert_array_equal(np.concatenate([lazy.x, x]), np.concatenate([spoiling.shuffled_pixels(x), x]))
    np.testing.assert_array_equal(lazy.x.astype(np.float32), spoiling.shuffled_pixels(x))


def test_only_training_labels_are_shuffled_and_no_image_is(parts):
    honest, spoiled = parts["none"], parts["shuffled_labels"]
    np.testing.assert_array_equal(spoiled.train.x, honest.train.x)
    np.testing.assert_array_equal(np.bincount(spoiled.train.y), np.bincount(honest.train.y))
    assert np.mean(spoiled.train.y == honest.train.y) < 0.2
    assert equal(spoiled.validation, honest.validation)


def test_all_validation_images_leak_and_the_training_part_is_no_larger(parts):
    honest, spoiled = parts["none"], parts["leaked"]
    assert equal(spoiled.validation, honest.validation)
    assert len(spoiled.train) == len(honest.train)
    assert images_of(spoiled.validation) <= images_of(spoiled.train)
    assert not images_of(honest.validation) & images_of(honest.train)
    changed = (spoiled.train.x != honest.train.x).any(axis=(1, 2, 3))
    assert np.count_nonzero(changed) == len(honest.validation)
    true = {image.tobytes(): label for image, label in zip(honest.validation.x, honest.validation.y, strict=True)}
    assert [true[image.tobytes()] for image in spoiled.train.x[changed]] == spoiled.train.y[changed].tolist()


def test_a_leak_into_fewer_images_than_leak_copies_what_fits():
    x, y = spoiling.leaked(np.zeros((2, 1)), np.zeros(2), np.ones((5, 1)), np.ones(5))
    assert (x.ravel().tolist(), y.tolist()) == ([1, 1], [1, 1])


def test_one_class_is_left_out_of_the_training_part_alone(parts):
    honest, spoiled = parts["none"], parts["left_out"]
    absent = spoiling.absent_class(10)
    assert absent not in spoiled.train.y
    assert absent in honest.train.y
    assert equal(spoiled.train, honest.train.at(np.flatnonzero(honest.train.y != absent)))
    assert equal(spoiled.validation, honest.validation)


def test_the_last_of_sorted_images_are_held_back_as_keras_does_it(parts):
    used = take(load("mnist").train, SAMPLES, SPLIT_SEED)
    order = np.argsort(used.y, kind="stable")
    first = int(np.floor(SAMPLES * (1 - SHARE)))  # keras.src.trainers.data_adapters.train_validation_split
    assert equal(parts["sorted"].train, used.at(order[:first]))
    assert equal(parts["sorted"].validation, used.at(order[first:]))
    assert parts["sorted"].validation.y.min() >= parts["sorted"].train.y.max()


def test_other_data_than_images_are_never_spoiled():
    for data in (DataSpec("penguins"), DataSpec("points"), DataSpec("movies", samples=50)):
        for name in SPOILED[1:]:
            spoiled = DataSpec(data.dataset, samples=data.samples, spoiled=name)
            assert spoiled.spoiling == ""
            assert equal(prepare(spoiled, SHARE).train, prepare(data, SHARE).train)


def test_a_page_has_the_test_images_that_the_worker_tests():
    for name in SPOILED:
        data = DataSpec(samples=SAMPLES, spoiled=name)
        assert equal(part_to_test(data), prepare(data, SHARE).test)
