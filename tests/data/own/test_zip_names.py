"""Names in a zip that no program would write."""

import io
import zipfile
from itertools import product

import pytest
from PIL import Image

from lib.data.own.images import read_zip


def zipped(names):
    picture, file = io.BytesIO(), io.BytesIO()
    Image.new("L", (8, 8)).save(picture, "PNG")
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), picture.getvalue())
    return file.getvalue()


GOOD = [f"{name}/{n}.png" for name in ("cats", "dogs") for n in range(5)]


def read(names):
    return read_zip(zipped(names), (8, 8), 1)


@pytest.mark.parametrize("name", ["\0", "\0abc", "/", "./", ".", "\\", "//"])
def test_an_entry_without_a_name_is_left_out(name):
    own = read([*GOOD, name])
    assert own.class_names == ("cats", "dogs")
    assert len(own.part) == 10


def test_an_entry_thousands_of_folders_deep_is_refused_for_its_depth():
    own = read([*GOOD, "a/" * 20_000 + "x.png"])
    assert len(own.notes) == 1
    assert "lies more than 20 folders deep" in own.notes[0]


def test_many_ways_to_write_one_class_are_one_class():
    letters = product(*((letter, letter.upper()) for letter in "abcdefgh"))
    spellings = ["".join(chosen) for chosen in letters]
    own = read([*GOOD, *(f"{name}/x{n}.png" for n, name in enumerate(spellings))])
    assert own.class_names == (spellings[0], "cats", "dogs")
    assert own.notes == (f"“{spellings[0]}” and “{spellings[1]}” were taken as one class: only case or spaces differ.",)
