import dataclasses
import os
import zipfile

import numpy as np
import pytest

from lib.data.full import file as full_file
from lib.errors import DataError
from lib.specs.datasets import MNIST

SMALL = dataclasses.replace(MNIST, input_shape=(3, 3, 1), full_train=20, full_test=10)


@pytest.fixture
def arrays():
    random = np.random.default_rng(0)
    return {
        "x_train": random.integers(0, 256, (20, 3, 3, 1), np.uint8),
        "y_train": random.integers(0, 10, 20, np.uint8),
        "x_test": random.integers(0, 256, (10, 3, 3, 1), np.uint8),
        "y_test": random.integers(0, 10, 10, np.uint8),
    }


@pytest.fixture
def path(tmp_path, arrays):
    path = tmp_path / "datasets" / "mnist-full.npz"
    full_file.write(path, SMALL, arrays)
    return path


def test_what_was_written_is_read_back_and_numpy_can_open_it_too(path, arrays):
    parts = full_file.read(path, SMALL)
    with np.load(path, allow_pickle=False) as plain:
        for name in ("train", "test"):
            np.testing.assert_array_equal(parts[name].x, arrays[f"x_{name}"])
            np.testing.assert_array_equal(parts[name].y, arrays[f"y_{name}"])
            np.testing.assert_array_equal(plain[f"x_{name}"], arrays[f"x_{name}"])


def test_the_images_are_mapped_and_cannot_be_written_to_even_on_request(path):
    x = full_file.read(path, SMALL)["train"].x
    assert type(x) is np.ndarray
    with pytest.raises(ValueError, match="cannot set WRITEABLE"):
        x.setflags(write=True)


def test_a_file_replaced_by_a_new_one_does_not_change_what_is_in_use(path, arrays):
    parts = full_file.read(path, SMALL)
    full_file.write(path, SMALL, {**arrays, "x_train": 255 - arrays["x_train"]})
    np.testing.assert_array_equal(parts["train"].x, arrays["x_train"])


def test_each_flipped_bit_is_either_found_or_harmless(path, arrays):
    whole = path.read_bytes()
    refused = 0
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        path.write_bytes(damaged)
        try:
            parts = full_file.read(path, SMALL)
        except DataError:
            refused += 1
            assert not path.exists(), position
        else:  # a date or another field of the zip that says nothing about the arrays
            np.testing.assert_array_equal(parts["train"].x, arrays["x_train"])
            np.testing.assert_array_equal(parts["test"].y, arrays["y_test"])
    assert refused > sum(array.size for array in arrays.values())


@pytest.mark.parametrize("kept", [0, 10, 500, -1])
def test_a_truncated_file_is_refused_and_removed(path, kept):
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DataError, match=r"MNIST digits, mnist-full.npz, is damaged and was removed"):
        full_file.read(path, SMALL)
    assert not path.exists()


def test_a_file_of_another_shape_or_with_labels_beyond_the_classes_is_refused(path, arrays):
    np.savez(path, **{**arrays, "x_test": arrays["x_test"][:5]})
    with pytest.raises(DataError, match=r"x_test is uint8 \(5, 3, 3, 1\), not uint8 \(10, 3, 3, 1\)"):
        full_file.read(path, SMALL)
    np.savez(path, **{**arrays, "y_test": np.full(10, 10, np.uint8)})
    with pytest.raises(DataError, match="y_test has a label 10, not below 10"):
        full_file.read(path, SMALL)


def test_a_file_without_one_of_its_arrays_is_refused(path, arrays):
    np.savez(path, x_train=arrays["x_train"])
    with pytest.raises(DataError, match="damaged"):
        full_file.read(path, SMALL)


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_pickled_objects_are_never_opened(path, arrays, tmp_path):
    trap = tmp_path / "sprung"
    np.savez(path, **{**arrays, "y_train": np.array([Trap(trap)] * 20, object)}, allow_pickle=True)
    with pytest.raises(DataError, match="holds object"):
        full_file.read(path, SMALL)
    assert not trap.exists()


def test_a_compressed_file_is_refused(path, arrays):
    np.savez_compressed(path, **arrays)
    with pytest.raises(DataError, match="is compressed"):
        full_file.read(path, SMALL)


def test_a_file_that_cannot_be_read_stays_where_it_is(path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(zipfile.ZipFile, "testzip", refuse)
    with pytest.raises(DataError, match=r"cannot be read \(Permission denied\)"):
        full_file.read(path, SMALL)
    assert path.exists()


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(path, arrays, monkeypatch):
    before = path.read_bytes()

    def no_space(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space left"):
        full_file.write(path, SMALL, arrays)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_arrays_that_are_not_the_published_ones_are_not_written(tmp_path, arrays):
    with pytest.raises(DataError, match=r"x_train is float64 \(20, 3, 3, 1\)"):
        full_file.write(tmp_path / "new.npz", SMALL, {**arrays, "x_train": arrays["x_train"] / 255})
    assert list(tmp_path.iterdir()) == []
