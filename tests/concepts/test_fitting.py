import numpy as np
import pytest
from numpy.polynomial import Polynomial, legendre
from sklearn.linear_model import Ridge

from lib.concepts.fitting import Points, error, errors_by_degree, fit, measure, predict

GRID = np.linspace(-1, 1, 50)


@pytest.mark.parametrize("degree", range(16))
def test_a_fit_without_a_price_is_the_least_squares_polynomial(degree):
    for seed in range(15):
        points = measure(40, noise=0.3, seed=seed)
        theirs = Polynomial.fit(points.x, points.y, degree)(GRID)
        np.testing.assert_allclose(predict(fit(points, degree), GRID), theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("l2", [1e-4, 1e-2, 1.0, 10.0])
def test_a_fit_with_a_price_is_ridge_regression(l2):
    for seed in range(50):
        degree = 1 + seed % 15
        points = measure(6 + seed % 20, noise=0.4, seed=seed)
        theirs = Ridge(l2, solver="cholesky").fit(legendre.legvander(points.x, degree)[:, 1:], points.y)
        ours = fit(points, degree, l2)
        np.testing.assert_allclose(ours[1:], theirs.coef_, rtol=1e-4, atol=1e-6)


def test_a_dearer_price_never_makes_the_weights_larger_or_the_training_error_smaller():
    points = measure(12, noise=0.3, seed=5)
    fits = [fit(points, 12, l2) for l2 in (0, 1e-6, 1e-4, 1e-2, 1, 100)]
    sizes = [np.sum(weights[1:] ** 2) for weights in fits]
    errors = [error(weights, points) for weights in fits]
    assert sizes == sorted(sizes, reverse=True)
    assert errors == sorted(errors)


def test_as_many_weights_as_points_reach_every_point():
    for seed in range(20):
        points = measure(8, noise=0.5, seed=seed)
        assert error(fit(points, 7), points) < 1e-6


def test_more_weights_than_points_still_give_a_finite_fit():
    points = measure(6, noise=0.5, seed=0)
    assert np.isfinite(predict(fit(points, 15), GRID)).all()


def test_training_error_falls_with_the_degree_while_validation_error_turns_round():
    train, validation = measure(12, noise=0.3, seed=1), measure(200, noise=0.3, seed=10_001)
    training, held_back = errors_by_degree(train, validation, 11)
    assert (np.diff(training) < 1e-9).all()
    best = held_back.argmin()
    assert 0 < best < 8
    assert held_back[-1] > 3 * held_back[best]


def test_the_same_seed_measures_at_the_same_places_whatever_the_noise():
    quiet, loud = measure(9, noise=0, seed=4), measure(9, noise=1, seed=4)
    assert (quiet.x == loud.x).all()
    np.testing.assert_allclose(quiet.y, np.sin(4 * quiet.x))
    assert (quiet.x != measure(9, noise=0, seed=5).x).all()


@pytest.mark.parametrize(("degree", "l2"), [(-1, 0), (2, -0.1)])
def test_a_fit_that_cannot_be_is_refused(degree, l2):
    with pytest.raises(ValueError, match="must not be negative"):
        fit(Points(np.zeros(2), np.zeros(2)), degree, l2)
