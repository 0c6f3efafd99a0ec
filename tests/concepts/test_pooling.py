import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest

from lib.concepts.pooling import min_pool2d, pool2d, share_changed, shifted

KERAS = {
    "max": lambda image, **window: keras.layers.MaxPooling2D(**window)(image),
    "average": lambda image, **window: keras.layers.AveragePooling2D(**window)(image),
    "min": lambda image, **window: -keras.layers.MaxPooling2D(**window)(-image),
    "global_max": lambda image, **window: keras.layers.GlobalMaxPooling2D(keepdims=True)(image),
    "global_average": lambda image, **window: keras.layers.GlobalAveragePooling2D(keepdims=True)(image),
}
CASES = 200  # for each kind of pooling


def random_case(seed):
    rng = np.random.default_rng(seed)
    pool_size, stride, channels = (int(rng.integers(1, most + 1)) for most in (7, 5, 4))
    height, width = (int(size) for size in rng.integers(pool_size, 21, size=2))
    padding = ("valid", "same")[int(rng.integers(2))]
    return rng.normal(size=(height, width, channels)).astype(np.float32), pool_size, stride, padding


@pytest.mark.slow
@pytest.mark.parametrize("pool_type", KERAS)
def test_pooling_gives_what_keras_gives_over_many_windows(pool_type):
    for seed in range(CASES):
        image, pool_size, stride, padding = random_case(seed)
        ours = pool2d(image, pool_type, pool_size, stride, padding)
        theirs = KERAS[pool_type](image[None], pool_size=pool_size, strides=stride, padding=padding)
        np.testing.assert_allclose(ours, np.asarray(theirs)[0], rtol=1e-5, atol=1e-6, err_msg=str(seed))
        assert ours.dtype == np.float32


def test_the_least_of_each_window_is_really_the_least():
    image = np.random.default_rng(0).normal(size=(6, 6, 2)).astype(np.float32)
    least = min_pool2d(image, pool_size=3, stride=3)
    assert least[1, 0].tolist() == image[3:, :3].min(axis=(0, 1)).tolist()


def test_a_window_larger_than_the_image_is_refused_unless_padding_makes_room():
    image = np.ones((3, 3, 1), np.float32)
    with pytest.raises(ValueError, match="a window of 4 pixels does not fit into 3x3"):
        pool2d(image, "max", 4, 1)
    assert pool2d(image, "max", 4, 1, "same").shape == (3, 3, 1)


def test_a_pooling_of_another_name_is_refused():
    with pytest.raises(ValueError, match="'median'"):
        pool2d(np.ones((3, 3, 1), np.float32), "median", 2, 2)


def test_a_shift_moves_every_pixel_and_loses_none():
    image = np.arange(12, dtype=np.float32).reshape(3, 4, 1)
    moved = shifted(image, right=1, down=2)[:, :, 0]
    assert moved.tolist() == [[7, 4, 5, 6], [11, 8, 9, 10], [3, 0, 1, 2]]
    assert np.array_equal(shifted(image, 0, 0), image)


def test_a_dot_inside_a_window_is_forgotten_and_across_its_border_is_not():
    inside, across = np.zeros((2, 8, 8, 1), np.float32)
    inside[2, 2] = across[2, 3] = 1
    changes = [
        share_changed(pool2d(image, "max", 2, 2), pool2d(shifted(image, 1, 0), "max", 2, 2))
        for image in (inside, across)
    ]
    assert changes == [0, 1]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([3, 2], [3, 0], 0.4),
        ([0, 0], [0, 0], 0),
        ([0, 0], [0, 1], 1),
        ([1, 1], [0, 0], 1),
        ([1, 0], [0, 1], 1),
        ([1, 0], [1, 1], 0.5),
    ],
)
def test_the_change_is_a_share_of_what_was_there_and_of_what_is_there_now(before, after, expected):
    assert share_changed(np.array(before, np.float32), np.array(after, np.float32)) == pytest.approx(expected)
