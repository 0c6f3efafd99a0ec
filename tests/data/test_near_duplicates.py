"""Copies that stand in two parts are found, and pictures that are only similar are not."""

import dataclasses
import io

import numpy as np
import pytest
from helpers.own_files import wine_csv
from PIL import Image, ImageEnhance

from lib.data.loading import load
from lib.data.near_duplicates import ALIKE, fingerprints, near_duplicates, parts_of, twins
from lib.data.own import shelf
from lib.data.own.dataset import OwnData, table_of, to_plain
from lib.data.parts import Part
from lib.data.preparing import prepare
from lib.specs.data import DataSpec
from lib.specs.datasets import MNIST
from lib.worker import tasks

DATASETS = ("mnist", "fashion_mnist", "cifar10")


def saved_anew(pixels, way):
    """A picture as its copy comes into another file: from a large JPEG, darker, or from another size."""
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    width, height = picture.size
    if way == "jpeg":
        file = io.BytesIO()
        picture.resize((8 * width, 8 * height), Image.Resampling.BICUBIC).save(file, "JPEG", quality=50)
        picture = Image.open(file).resize((width, height), Image.Resampling.BOX)
    elif way == "darker":
        picture = ImageEnhance.Brightness(picture).enhance(0.8)
    else:
        picture = picture.resize((3 * width, 3 * height), Image.Resampling.BILINEAR)
        picture = picture.resize((width, height), Image.Resampling.BOX)
    return np.asarray(picture).reshape(pixels.shape)


@pytest.mark.parametrize("name", DATASETS)
def test_pictures_that_were_saved_anew_are_found_where_they_stand(name):
    x = load(name).train.x[:400]
    chosen = np.arange(40, 80)
    for way, least in (("jpeg", 1.0), ("darker", 1.0), ("larger", 0.95)):
        copies = np.stack([saved_anew(pixels, way) for pixels in x[chosen]])
        found = twins(copies, x)
        print(f"{name}, {way}: {np.mean(found == chosen):.3f}")
        assert np.mean(found == chosen) >= least
        assert set(found) <= {-1, *chosen}


def test_of_two_thousand_pictures_of_a_kind_hardly_any_is_taken_for_a_copy():
    alarms = {}
    for name in DATASETS:
        prints = fingerprints(load(name).train.x[:2_000])
        alike = prints @ prints.T
        np.fill_diagonal(alike, 0)
        alarms[name] = int((alike.max(axis=1) >= ALIKE).sum())
    print(f"false alarms among 2,000: {alarms}")
    assert (alarms["mnist"], alarms["cifar10"]) == (0, 0)
    assert alarms["fashion_mnist"] <= 2  # one pair of trousers of one shape


def test_the_product_of_two_fingerprints_is_the_correlation_of_pictures_shrunk_by_pillow():
    for shape in ((28, 28), (32, 32), (64, 64)):
        images = np.random.default_rng(0).integers(0, 255, (3, *shape, 3), np.uint8)
        block = shape[0] // 14
        small = [np.asarray(Image.fromarray(image).reduce(block), float).ravel() for image in images]
        ours = fingerprints(images) @ fingerprints(images).T
        np.testing.assert_allclose(ours, np.corrcoef(small), atol=0.02)  # Pillow rounds to whole numbers


def test_pictures_of_one_colour_are_alike_only_where_they_are_equal():
    blank = np.stack([np.full((28, 28, 1), level, np.uint8) for level in (0, 90, 255)])
    assert twins(blank, blank[::-1]).tolist() == [2, 1, 0]
    assert twins(blank[:1], blank[1:]).tolist() == [-1]
    assert twins(blank[:0], blank).tolist() == []
    assert twins(blank, blank[:0]).tolist() == [-1, -1, -1]


def own_digits(train, test):
    def labelled(x):
        return Part(x, np.resize(np.arange(10, dtype=np.uint8), len(x)))

    return OwnData(dataclasses.replace(MNIST, name="own-00000000000000dd"), labelled(train), labelled(test))


def test_each_part_is_compared_with_the_others_as_the_run_cuts_them():
    digits = load("mnist").train.x
    data = own_digits(digits[:300], digits[300:360])
    places = parts_of(data, 200, 0.25)
    one, two, three = places["train"][7], places["validation"][3], places["train"][50]
    train, test = data.train.x.copy(), data.test.x.copy()
    test[11] = saved_anew(train[one], "jpeg")
    test[12] = train[two]
    train[places["validation"][9]] = saved_anew(train[three], "darker")
    test[13] = train[np.setdiff1d(np.arange(300), np.concatenate([places["train"], places["validation"]]))[0]]
    found = near_duplicates(own_digits(train, test), 200, 0.25)
    assert {name: pairs.tolist() for name, pairs in found.items()} == {
        "test-train": [[11, one]],
        "validation-train": [[places["validation"][9], three]],
        "test-validation": [[12, two]],
    }  # the copy of a picture that the run does not use does no harm


@pytest.mark.parametrize(("samples", "split"), [(0, 0.2), (100, 0.25), (90, 0.0)])
def test_the_parts_are_those_of_the_run(samples, split):
    data = table_of(wine_csv(), "wine.csv", None).data
    hold = shelf.put(data)
    places, ready = parts_of(data, samples, split), prepare(DataSpec(data.facts.name, samples=samples), split)
    for part in ("train", "validation"):
        np.testing.assert_array_equal(data.train.x[places[part]], getattr(ready, part).x)
    hold.release()


def test_a_worker_finds_equal_rows_of_a_table():
    rows = [f"{i},{i % 7},{'cat' if i % 2 else 'dog'}" for i in range(60)]
    distinct = table_of("\n".join(["a,b,animal", *rows]).encode(), "pets.csv", None).data
    assert not any(len(pairs) for pairs in near_duplicates(distinct, 0, 0.1).values())
    twice = table_of("\n".join(["a,b,animal", *rows, *rows]).encode(), "pets.csv", None).data
    pairs = tasks.near_duplicates(to_plain(twice), 0, 0.0)["test-train"]
    assert len(pairs) > 10
    for first, second in pairs:
        np.testing.assert_array_equal(twice.test.x[first], twice.train.x[second])
