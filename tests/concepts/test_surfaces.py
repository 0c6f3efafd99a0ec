import numpy as np
import pytest

from lib.concepts.surfaces import REACH, SURFACES

STEP = 1e-5


@pytest.mark.parametrize("name", SURFACES)
def test_the_gradient_is_that_of_finite_differences(name):
    surface = SURFACES[name]
    points = np.random.default_rng(3).uniform(-REACH, REACH, (200, 2))
    for axis in range(2):
        shift = STEP * np.eye(2)[axis]
        slope = (surface.losses(points + shift) - surface.losses(points - shift)) / (2 * STEP)
        exact = [surface.gradient(point)[axis] for point in points]
        np.testing.assert_allclose(exact, slope, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("name", SURFACES)
def test_no_loss_is_below_zero_and_the_start_lies_in_the_picture(name):
    surface = SURFACES[name]
    x, y = np.meshgrid(np.linspace(-REACH, REACH, 401), np.linspace(-REACH, REACH, 401))
    assert surface.loss(x, y).min() >= 0
    assert max(map(abs, surface.start)) < REACH


@pytest.mark.parametrize(("name", "minima"), [("bowl", [(0, 0)]), ("ravine", [(0, 0)]), ("saddle", [(0, 2), (0, -2)])])
def test_the_minima_are_flat_and_have_loss_zero(name, minima):
    for minimum in minima:
        assert SURFACES[name].losses(np.array([minimum], float)) == 0
        assert not SURFACES[name].gradient(np.array(minimum, float)).any()


def test_the_saddle_is_flat_between_lower_and_higher_ground():
    surface = SURFACES["saddle"]
    assert not surface.gradient(np.zeros(2)).any()
    middle, along, across = surface.losses(np.array([[0, 0], [0, 0.5], [0.5, 0]]))
    assert along < middle < across


def test_of_two_minima_the_left_one_is_deeper():
    surface = SURFACES["two_minima"]
    x = np.linspace(-REACH, REACH, 8001)
    losses = surface.losses(np.stack([x, 0 * x], axis=1))
    valleys = x[1:-1][(losses[1:-1] < losses[:-2]) & (losses[1:-1] < losses[2:])]
    np.testing.assert_allclose(valleys, [-2.072, 1.921], atol=1e-3)
    left, right = surface.losses(np.stack([valleys, [0, 0]], axis=1))
    assert left < 0.05 < 1 < right


@pytest.mark.parametrize("name", SURFACES)
def test_a_loss_beyond_all_numbers_is_infinite_and_never_nan(name):
    losses = SURFACES[name].losses(np.array([[1e300, 1e300], [0, -1e300], [1e200, 0]]))
    assert (losses[:2] == np.inf).all()
    assert not np.isnan(losses).any()
