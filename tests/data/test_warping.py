import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from lib.data.warping import interpolate, warp


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)


@pytest.fixture
def square():
    return np.random.default_rng(1).integers(0, 256, (9, 9, 1), np.uint8)


@pytest.mark.parametrize(("down", "right"), [(2, 3), (-1, 4), (0, -5)])
def test_a_shift_by_whole_pixels_moves_them_and_repeats_the_edge(image, down, right):
    expected = np.pad(image, ((5, 5), (5, 5), (0, 0)), "edge")[5 - down : 17 - down, 5 - right : 21 - right]
    np.testing.assert_array_equal(warp(image, shift=(down, right)), expected)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_quarter_turn_is_anticlockwise_and_exact(square, quarters):
    np.testing.assert_allclose(warp(square, degrees=90 * quarters), np.rot90(square, quarters), atol=1e-9)


def test_a_zoom_of_two_shows_things_half_as_large():
    image = np.zeros((41, 41, 1), np.uint8)
    image[10:31, 10:31] = 255
    small = warp(image, zoom=2) > 127
    assert small.any(axis=1).sum() == small.any(axis=0).sum() == 11


@given(st.integers(0, 10_000))
def test_what_lies_between_pixels_is_what_scipy_gives(seed):
    random = np.random.default_rng(seed)
    image = random.integers(0, 256, (7, 5, 2), np.uint8)
    row, column = random.uniform(-3, 10, (2, 6, 4))
    expected = [map_coordinates(image[..., c].astype(float), [row, column], order=1, mode="nearest") for c in (0, 1)]
    np.testing.assert_allclose(interpolate(image, row, column), np.stack(expected, axis=-1), atol=1e-9)
