import json

import numpy as np
import pytest
from helpers.own_files import digits_zip, wine_csv

from lib.data.own.dataset import facts_from_dict, facts_to_dict, from_plain, images_of, table_of, title_of, to_plain
from lib.errors import DataError


def test_a_zip_of_three_folders_becomes_a_dataset_of_three_classes():
    data = images_of(digits_zip(), "My_digits.zip", 32, 3).data
    assert (data.facts.title, data.facts.kind, data.facts.own) == ("My digits", "images", True)
    assert data.facts.input_shape == (32, 32, 3)
    assert data.facts.class_names == ("one", "two", "zero")
    assert (len(data.train), len(data.test)) == (48, 12) == (data.facts.bundled_train, data.facts.bundled_test)
    assert np.bincount(data.train.y).tolist() == [16, 16, 16]
    assert np.bincount(data.test.y).tolist() == [4, 4, 4]


def test_the_first_samples_are_not_all_of_one_class():
    data = images_of(digits_zip(), "digits.zip", 28, 1).data
    assert len(set(data.test.y[:8].tolist())) == 3
    assert len(set(data.train.y[:12].tolist())) == 3


def test_a_table_becomes_a_dataset_with_its_columns():
    read = table_of(wine_csv(), "wine.csv", None)
    facts = read.data.facts
    assert (facts.kind, facts.input_shape, len(facts.columns), len(facts.class_names)) == ("table", (13,), 13, 3)
    assert len(read.data.train) + len(read.data.test) == 178
    assert read.label == wine_csv().decode().splitlines()[0].split(",")[-1]


def test_the_same_samples_have_the_same_name_and_the_same_split_however_they_were_packed():
    content = digits_zip()
    first, again, grey = (
        images_of(content, name, 28, channels).data
        for content, name, channels in (
            (content, "a.zip", 3),
            (digits_zip(folder="b"), "b.zip", 3),
            (content, "a.zip", 1),
        )
    )
    assert first.facts.name == again.facts.name != grey.facts.name
    assert np.array_equal(first.test.x, again.test.x)


def test_it_comes_back_whole_from_plain_data_and_from_json():
    data = table_of(wine_csv(), "wine.csv", None).data
    back = from_plain(to_plain(data))
    assert facts_from_dict(json.loads(json.dumps(facts_to_dict(data.facts)))) == back.facts == data.facts
    for half in ("train", "test"):
        assert np.array_equal(getattr(back, half).x, getattr(data, half).x)
        assert np.array_equal(getattr(back, half).y, getattr(data, half).y)


def test_bytes_that_are_no_samples_are_refused():
    data = table_of(wine_csv(), "wine.csv", None).data
    with pytest.raises(ValueError, match="hold no arrays"):
        from_plain({**to_plain(data), "samples": b"PK junk"})


def test_a_file_that_cannot_be_used_says_why():
    with pytest.raises(DataError, match="This is no zip"):
        images_of(b"no zip", "digits.zip", 28, 1)
    with pytest.raises(DataError, match="There is no column “colour”"):
        table_of(wine_csv(), "wine.csv", "colour")


@pytest.mark.parametrize(
    ("file_name", "title"),
    [
        ("<b>x</b>.zip", "b x b"),
        (":red[a] $x^2$ `c`.csv", "red a x 2 c"),
        ("Größe_猫.zip", "Größe 猫"),
        ("….zip", "your data"),
        ("x" * 300 + ".zip", "x" * 40),
        ("no ending", "no ending"),
    ],
)
def test_nothing_in_a_files_name_can_become_formatting(file_name, title):
    assert title_of(file_name) == title
