import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from lib.data.augmentation import FLIPS, Augmentation, interpolate, keras_code, variants, warp


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)


@pytest.fixture
def square():
    return np.random.default_rng(1).integers(0, 256, (9, 9, 1), np.uint8)


def test_nothing_changes_where_every_amount_is_none(image):
    for made in variants(image, Augmentation(), 4, seed=0):
        np.testing.assert_array_equal(made, image)


def test_the_same_seed_gives_the_same_variants_and_another_gives_others(image):
    augmentation = Augmentation(0.2, 30, 0.2, "horizontal", 0.1)
    first = variants(image, augmentation, 8, seed=3)
    np.testing.assert_array_equal(first, variants(image, augmentation, 8, seed=3))
    assert (first != variants(image, augmentation, 8, seed=4)).any()
    assert len(np.unique(first.reshape(8, -1), axis=0)) == 8


@pytest.mark.parametrize(
    ("flip", "mirrored"), [("horizontal", [np.fliplr]), ("vertical", [np.flipud]),
                           ("horizontal_and_vertical", [np.fliplr, np.flipud, lambda x: x[::-1, ::-1]])]
)  # fmt: skip
def test_about_half_of_the_variants_are_mirrored_and_only_as_asked(image, flip, mirrored):
    made = variants(image, Augmentation(flip=flip), 60, seed=0)
    seen = [next(i for i, x in enumerate([image, *(m(image) for m in mirrored)]) if (x == one).all()) for one in made]
    assert set(seen) == set(range(len(mirrored) + 1))
    assert 0.25 * 60 / len(mirrored) < seen.count(0) < 0.75 * 60


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


@given(st.floats(0, 1), st.floats(0, 180), st.floats(0, 0.95), st.sampled_from(FLIPS), st.floats(0, 1))
def test_any_variant_has_the_images_shape_and_type(translation, rotation, zoom, flip, noise):
    image = np.arange(35, dtype=np.uint8).reshape(5, 7, 1)
    made = variants(image, Augmentation(translation, rotation, zoom, flip, noise), 2, seed=1)
    assert made.shape == (2, 5, 7, 1)
    assert made.dtype == np.uint8


def test_noise_has_the_deviation_asked_for():
    grey = np.full((60, 60, 1), 128, np.uint8)
    noise = variants(grey, Augmentation(noise=0.1), 8, seed=0) / 255 - 128 / 255
    assert noise.std() == pytest.approx(0.1, rel=0.02)
    assert abs(noise.mean()) < 0.005


@pytest.mark.parametrize(
    ("name", "value"), [("translation", 1.1), ("rotation", -1), ("zoom", 1), ("noise", float("nan")), ("flip", "both")]
)
def test_an_amount_outside_its_range_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        Augmentation(**{name: value})


def test_the_code_runs_in_keras_and_has_a_layer_for_each_amount():
    layers = eval(keras_code(Augmentation(0.1, 18, 0.2, "horizontal", 0.05)), {"keras": keras}).layers
    assert [type(layer).__name__ for layer in layers] == [
        "RandomFlip", "RandomTranslation", "RandomRotation", "RandomZoom", "GaussianNoise"
    ]  # fmt: skip
    assert layers[0].mode == "horizontal"
    assert layers[2].factor == (-0.05, 0.05)
    assert eval(keras_code(Augmentation()), {"keras": keras}).layers == []
