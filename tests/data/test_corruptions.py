import numpy as np
import pytest

from lib.data.corruptions import CORRUPTIONS, amounts, corrupted
from lib.data.warping import warp


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (7, 12, 16, 3), np.uint8)


def worse(images, kind, amount):
    return corrupted(images, kind, amount, range(len(images)))


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_type_and_shape_stay_and_no_strength_changes_nothing(images, kind):
    for amount in amounts(kind, 12, 16):
        made = worse(images, kind, amount)
        assert (made.dtype, made.shape) == (images.dtype, images.shape)
        assert (made == images).all() == (amount == 0)


@pytest.mark.parametrize("kind", CORRUPTIONS)
@pytest.mark.parametrize("size", [(8, 8), (28, 28), (32, 48), (96, 96)])
def test_there_are_five_strengths_each_stronger_than_the_one_before(kind, size):
    steps = amounts(kind, *size)
    assert len(steps) == 6
    assert steps[0] == 0
    assert sorted(set(steps)) == list(steps)
    if CORRUPTIONS[kind].of_side:
        assert all(isinstance(step, int) for step in steps)
        assert steps[-1] < min(size)


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_an_images_number_decides_everything_whatever_images_are_beside_it(images, kind):
    amount = amounts(kind, 12, 16)[3]
    together = corrupted(images, kind, amount, [9, 4, 4, 7, 1, 0, 3])
    alone = corrupted(images[3:4], kind, amount, [7])
    np.testing.assert_array_equal(together[3], alone[0])
    same = corrupted(np.stack([images[0], images[0]]), kind, amount, [5, 5])
    np.testing.assert_array_equal(*same)


@pytest.mark.parametrize("kind", ["noise", "occlusion"])
def test_what_is_drawn_differs_from_image_to_image(kind):
    image = np.full((28, 28, 1), 120, np.uint8)
    made = corrupted(np.stack([image] * 9), kind, amounts(kind, 28, 28)[2], range(9))
    assert len(np.unique(made.reshape(9, -1), axis=0)) > 5


@pytest.mark.parametrize("pixels", [1, 5, 15, 16])
def test_a_shift_is_numpys_roll_with_zeros_filled_in(images, pixels):
    expected = np.roll(images, pixels, axis=2)
    expected[:, :, :pixels] = 0
    np.testing.assert_array_equal(worse(images, "shift", pixels), expected)


def test_noise_has_the_deviation_asked_for_and_grows_from_one_draw():
    images = np.full((50, 28, 28, 1), 128, np.uint8)
    weak, strong = (worse(images, "noise", amount).astype(int) - 128 for amount in (10, 20))
    assert weak.std() == pytest.approx(10, rel=0.02)
    assert weak.mean() == pytest.approx(0, abs=0.2)
    assert np.abs(strong - 2 * weak).max() <= 2  # both are rounded


def test_a_rotation_is_that_of_the_images_page(images):
    expected = np.clip(np.rint(np.stack([warp(image, degrees=30) for image in images])), 0, 255)
    np.testing.assert_array_equal(worse(images, "rotation", 30), expected)


def test_brightness_adds_grey_levels_and_ends_at_white(images):
    np.testing.assert_array_equal(worse(images, "brightness", 100), np.minimum(images.astype(int) + 100, 255))


def test_contrast_brings_pixels_nearer_to_the_images_own_mean(images):
    made = worse(images, "contrast", 75)
    means = images.mean(axis=(1, 2, 3), keepdims=True)
    np.testing.assert_allclose(made, means + (images - means) / 4, atol=0.5)


@pytest.mark.parametrize("side", [1, 5, 12])
def test_a_square_of_that_side_is_black_and_all_else_stays(side):
    images = np.full((20, 12, 16, 1), 200, np.uint8)
    for made in worse(images, "occlusion", side)[..., 0]:
        rows, columns = np.nonzero(made == 0)
        assert np.ptp(rows) == np.ptp(columns) == side - 1
        assert len(rows) == side**2
        assert set(np.unique(made)) <= {0, 200}


def test_numbers_that_do_not_fit_and_other_types_are_refused(images):
    with pytest.raises(ValueError, match="3 numbers do not fit to 7 images"):
        corrupted(images, "noise", 1, [1, 2, 3])
    with pytest.raises(ValueError, match="float64"):
        corrupted(images / 255, "noise", 1, range(7))
