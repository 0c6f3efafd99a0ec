import numpy as np
import pytest

from lib.data.loading import load, split_validation
from lib.data.parts import Part
from lib.data.scaling import Scaling, channel_statistics, fit_scaling
from lib.errors import DataError


def random_part(samples=30, channels=3, low=0, high=256, seed=0):
    x = np.random.default_rng(seed).integers(low, high, (samples, 4, 5, channels), np.uint8)
    return Part(x, np.zeros(samples, np.uint8))


def test_unit_scaling_gives_0_to_1_in_float32():
    part = random_part()
    scaled = fit_scaling("unit", part).apply(part.x)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, part.x / 255, rtol=1e-6)


def test_raw_scaling_keeps_the_values():
    part = random_part()
    np.testing.assert_array_equal(fit_scaling("raw", part).apply(part.x), part.x.astype(np.float32))


@pytest.mark.parametrize("channels", [1, 3])
def test_standard_scaling_gives_each_channel_mean_0_and_deviation_1(channels):
    part = random_part(channels=channels)
    scaled = fit_scaling("standard", part).apply(part.x)
    np.testing.assert_allclose(scaled.mean(axis=(0, 1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=(0, 1, 2)), 1, atol=1e-5)


@pytest.mark.parametrize("samples", [1, 999, 1_000, 1_001, 2_500])
def test_statistics_equal_numpys_whatever_the_number_of_chunks(samples):
    part = random_part(samples)
    mean, deviation = channel_statistics(part)
    np.testing.assert_allclose(mean, part.x.mean(axis=(0, 1, 2)))
    np.testing.assert_allclose(deviation, part.x.std(axis=(0, 1, 2)))


def test_standard_scaling_knows_the_training_part_only():
    dark, bright = random_part(high=100).x, random_part(low=200).x
    everything = Part(np.concatenate([dark, bright]), np.repeat(np.arange(2, dtype=np.uint8), 30))
    training, validation = split_validation(everything, 0.5, seed=1)
    scaling = fit_scaling("standard", training)
    np.testing.assert_allclose(scaling.apply(training.x).mean(axis=(0, 1, 2)), 0, atol=1e-5)
    # The validation part's own mean would be 0 only if it had been looked at.
    assert np.abs(scaling.apply(validation.x).mean(axis=(0, 1, 2))).min() > 1e-4


def test_the_bundled_mnist_has_about_the_published_mean_and_deviation():
    mean, deviation = channel_statistics(load("mnist").train)
    assert mean[0] / 255 == pytest.approx(0.1307, abs=0.002)
    assert deviation[0] / 255 == pytest.approx(0.3081, abs=0.002)


def test_a_channel_of_one_single_value_becomes_0_and_not_infinite():
    part = Part(np.full((3, 2, 2, 1), 7, np.uint8), np.zeros(3, np.uint8))
    np.testing.assert_array_equal(fit_scaling("standard", part).apply(part.x), 0)


def test_standard_scaling_of_nothing_is_refused():
    with pytest.raises(DataError, match="no samples"):
        fit_scaling("standard", random_part(0))


def test_an_unknown_kind_is_answered_with_those_there_are():
    with pytest.raises(DataError, match=r"no scaling 'minmax'. Choose one of unit, standard, raw"):
        fit_scaling("minmax", random_part())


def test_applying_a_scaling_leaves_the_pixels_alone_and_works_on_one_image():
    part = random_part(1)
    before = part.x.copy()
    scaled = Scaling((2.0, 1.0, 1.0), (0.0, 0.0, -1.0)).apply(part.x[0])
    assert scaled.shape == (4, 5, 3)
    assert scaled[0, 0].tolist() == [2.0 * before[0, 0, 0, 0], before[0, 0, 0, 1], before[0, 0, 0, 2] - 1.0]
    np.testing.assert_array_equal(part.x, before)
