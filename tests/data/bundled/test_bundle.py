import dataclasses
import hashlib
import io
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from lib.data.bundled import bundle
from lib.data.loading import DATA_FOLDER
from lib.data.parts import Part
from lib.errors import DataError
from lib.specs.datasets import CIFAR10, MNIST


def random_part(samples, shape, seed=0):
    random = np.random.default_rng(seed)
    return Part(random.integers(0, 256, (samples, *shape), np.uint8), random.integers(0, 10, samples, np.uint8))


def small(shape):
    return dataclasses.replace(MNIST, input_shape=shape)


@pytest.fixture
def mnist_file(tmp_path):
    return shutil.copy(DATA_FOLDER / MNIST.file, tmp_path / MNIST.file)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(4, 4, 1), (3, 5, 3)])
@pytest.mark.parametrize("samples", [1, 50, 51, 2_000, 2_001])
def test_packing_gives_back_each_pixel_and_label_in_order(shape, samples):
    train, test = random_part(samples, shape), random_part(7, shape, seed=1)
    parts = bundle.decode(bundle.encode({"train": train, "test": test}), small(shape))
    assert list(parts) == ["train", "test"]
    for name, part in (("train", train), ("test", test)):
        np.testing.assert_array_equal(parts[name].x, part.x)
        np.testing.assert_array_equal(parts[name].y, part.y)


def test_packing_twice_gives_the_same_bytes():
    parts = {"train": random_part(60, (4, 4, 1))}
    assert bundle.encode(parts) == bundle.encode(parts)


@pytest.mark.parametrize("position", [0, 100, 700_000, -1])
def test_one_flipped_bit_in_a_bundled_file_is_named_with_file_hash_and_remedy(mnist_file, position):
    content = bytearray(mnist_file.read_bytes())
    content[position] ^= 1
    mnist_file.write_bytes(content)
    found = hashlib.sha256(content).hexdigest()
    with pytest.raises(DataError, match=rf"mnist\.zip of MNIST digits is damaged.*{found[:12]}.*assets/data"):
        bundle.read(mnist_file, MNIST)


def test_a_truncated_bundled_file_is_said_to_be_damaged(mnist_file):
    mnist_file.write_bytes(mnist_file.read_bytes()[:-1_000])
    with pytest.raises(DataError, match="damaged"):
        bundle.read(mnist_file, MNIST)


def test_a_missing_bundled_file_is_named_with_its_reason_and_remedy(tmp_path):
    with pytest.raises(DataError, match=r"mnist\.zip of MNIST digits cannot be read \(No such file.*assets/data"):
        bundle.read(tmp_path / MNIST.file, MNIST)


def test_a_sheet_of_another_size_is_refused_before_it_is_decoded(monkeypatch):
    content = io.BytesIO()
    picture = io.BytesIO()
    Image.new("RGB", (3_000, 3_000)).save(picture, "WEBP", lossless=True)
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("labels.json", '{"train": [1, 2, 3]}')
        archive.writestr("train-0.webp", picture.getvalue())
    monkeypatch.setattr(Image.Image, "convert", lambda *_: pytest.fail("decoded"))
    with pytest.raises(DataError, match=r"\(3000, 3000\) pixels, not \(1600, 32\)"):
        bundle.decode(content.getvalue(), CIFAR10)


def test_labels_that_would_unpack_to_much_more_than_any_dataset_has_are_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("labels.json", " " * 2_000_000)
    with pytest.raises(DataError, match="1,000,000 bytes"):
        bundle.decode(content.getvalue(), MNIST)
