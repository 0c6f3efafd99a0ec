import numpy as np
import pytest
from PIL import Image

from lib.data.fitted.digit_weights import digit_weights
from lib.data.loading import load
from lib.data.normalising import CENTRE, INK_SIDE, as_mnist, fitted, normalised
from lib.errors import DataError


@pytest.fixture(scope="module")
def digits():
    return load("mnist").test


def accuracy(images, labels):
    """Of the bundled softmax regression, in percent."""
    weights = digit_weights()
    pixels = np.stack(images).reshape(len(images), -1).astype(np.float32) / np.float32(255)
    return 100 * np.mean((pixels @ weights.kernel + weights.bias).argmax(axis=1) == labels)


def moved(image, columns):
    """Shifted to the right; what leaves the picture is lost."""
    shifted = np.zeros_like(image)
    shifted[:, columns:] = image[:, : -columns or None]
    return shifted


def redrawn(image, size, longest, seed):
    """The same ink, its longest side so many pixels, somewhere on a larger sheet."""
    rng = np.random.default_rng(seed)
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    ink = Image.fromarray(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    factor = longest / max(ink.size)
    ink = ink.resize([max(1, round(side * factor)) for side in ink.size], Image.Resampling.BICUBIC)
    sheet = Image.new("L", (size, size))
    sheet.paste(ink, tuple(int(rng.integers(0, size - side + 1)) for side in ink.size))
    return np.asarray(sheet)


@pytest.mark.slow
@pytest.mark.parametrize("change", ["nothing", "right by 4", "large", "small", "middle", "dark on light"])
def test_what_was_moved_or_redrawn_is_read_as_well_as_the_original(digits, change):
    change_one = {
        "nothing": lambda image, _: image,
        "right by 4": lambda image, _: moved(image, 4),
        "large": lambda image, seed: redrawn(image, 280, 180, seed),
        "middle": lambda image, seed: redrawn(image, 100, 33, seed),
        "small": lambda image, seed: redrawn(image, 64, 40, seed),
        "dark on light": lambda image, _: 255 - image,
    }[change]
    images, labels = digits.x[:2_000, ..., 0], digits.y[:2_000]
    changed = [change_one(image, seed) for seed, image in enumerate(images)]
    assert abs(accuracy([as_mnist(image) for image in changed], labels) - accuracy(list(images), labels)) <= 1
    if change == "right by 4":
        assert accuracy(changed, labels) < 30  # as they lie, nobody could read them


def test_the_longest_side_takes_20_pixels_and_the_centre_of_mass_is_in_the_middle(digits):
    for image in digits.x[:200]:
        steps = normalised(redrawn(image[..., 0], 120, 70, 1))
        assert max(steps.scaled.shape) == INK_SIDE
        whole = steps.centred.astype(float)
        assert whole.sum() == steps.scaled.astype(float).sum()
        for axis in (0, 1):
            centre = (whole.sum(axis=1 - axis) * np.arange(28)).sum() / whole.sum()
            assert abs(centre - CENTRE) <= 0.5


@pytest.mark.parametrize("shape", [(1, 40), (40, 1), (3, 200), (500, 500), (28, 28, 1), (90, 60, 3)])
def test_pictures_of_any_size_are_taken(shape):
    image = np.zeros(shape, np.uint8)
    image[shape[0] // 3 : shape[0] // 3 + 2, shape[1] // 3 : shape[1] // 3 + 2] = 255
    assert as_mnist(image).shape == (28, 28)
    assert as_mnist(image).dtype == np.uint8
    assert as_mnist(image).max() > 0


def test_a_photograph_with_shade_and_noise_keeps_only_its_ink(digits):
    rng = np.random.default_rng(0)
    paper = np.linspace(200, 225, 280)[:, None] + rng.normal(0, 4, (280, 280))
    ink = redrawn(digits.x[0, ..., 0], 280, 160, 3).astype(float) / 255
    photograph = np.clip(paper * (1 - 0.8 * ink), 0, 255).astype(np.uint8)
    clean = as_mnist(redrawn(digits.x[0, ..., 0], 280, 160, 3)).astype(float)
    assert np.abs(as_mnist(photograph) - clean).mean() < 4


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_empty_picture_is_refused_with_what_to_do(value):
    with pytest.raises(DataError, match="draw a digit"):
        as_mnist(np.full((28, 28), value, np.uint8))


@pytest.mark.parametrize("image", [np.zeros((0, 5)), np.zeros((2, 2, 4)), np.zeros(9), np.full((3, 3), np.nan)])
def test_what_is_no_picture_is_refused(image):
    with pytest.raises(DataError, match="rows and columns"):
        as_mnist(image)


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (20, 48, 1)])
@pytest.mark.parametrize("picture", [(28, 28, 1), (300, 40, 3), (1, 1, 1), (7, 90, 3)])
def test_any_picture_fits_any_network_and_its_middle_stays_in_the_middle(picture, shape):
    pixels = np.zeros(picture, np.uint8)
    pixels[picture[0] // 2, picture[1] // 2] = 255
    made = fitted(pixels, shape)
    assert (made.shape, made.dtype) == (shape, np.uint8)
    row, column = np.unravel_index(made[..., 0].argmax(), shape[:2])
    enlarged = max(shape[:2]) / min(picture[:2])
    assert abs(row - shape[0] / 2) <= max(2, enlarged)
    assert abs(column - shape[1] / 2) <= max(2, enlarged)


def test_a_picture_that_fits_already_stays_as_it_is(digits):
    assert np.array_equal(fitted(digits.x[3], (28, 28, 1)), digits.x[3])
