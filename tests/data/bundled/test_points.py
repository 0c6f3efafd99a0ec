import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier

from lib.data.bundled.points import DRAWN_BY, FEATURES, features, make_points
from lib.errors import DataError
from lib.specs.datasets import POINT_FEATURES, POINT_KINDS

CLASSED = [kind for kind, classes in POINT_KINDS.items() if classes]


def test_every_kind_can_be_drawn_and_every_feature_computed():
    assert list(DRAWN_BY) == list(POINT_KINDS)
    assert tuple(FEATURES) == POINT_FEATURES


@pytest.mark.parametrize("kind", POINT_KINDS)
def test_points_have_the_types_that_a_network_reads_and_lie_near_the_origin(kind):
    points = make_points(kind, 500, 0.1, seed=1)
    for part in (points.train, points.test):
        assert part.x.shape == (250, 2)
        assert part.x.dtype == np.float32
        assert np.abs(part.x).max() < 7
    if points.classes:
        assert points.train.y.dtype == np.uint8
        assert set(points.train.y.tolist()) == set(range(points.classes))
    else:
        assert points.train.y.dtype == np.float32
        assert -1 <= points.train.y.min() < -0.7 < 0.7 < points.train.y.max() <= 1


@pytest.mark.parametrize("kind", POINT_KINDS)
def test_the_same_seed_draws_the_same_points_and_another_seed_others(kind):
    first, again, other = (make_points(kind, 100, 0.2, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.train.x, again.train.x)
    np.testing.assert_array_equal(first.test.y, again.test.y)
    assert not np.array_equal(first.train.x, other.train.x)


@pytest.mark.parametrize("kind", CLASSED)
def test_without_noise_the_nearest_training_points_tell_the_class_of_a_test_point(kind):
    points = make_points(kind, 1_000, 0.0, seed=0)
    model = KNeighborsClassifier(3).fit(points.train.x, points.train.y)
    assert model.score(points.test.x, points.test.y) > 0.98


@pytest.mark.parametrize("kind", CLASSED)
def test_noise_makes_the_classes_harder_to_tell_apart(kind):
    scores = []
    for noise in (0.0, 0.5):
        points = make_points(kind, 2_000, noise, seed=0)
        model = KNeighborsClassifier(3).fit(points.train.x, points.train.y)
        scores.append(model.score(points.test.x, points.test.y))
    assert scores[1] < scores[0] - 0.02


@pytest.mark.parametrize("kind", CLASSED)
def test_without_noise_each_class_has_the_same_share_in_training_and_test(kind):
    points = make_points(kind, 600, 0.0, seed=5, test_share=0.5)
    for part in (points.train, points.test):
        assert np.bincount(part.y).tolist() == [300 // points.classes] * points.classes


def test_circle_and_xor_and_plane_follow_their_formulas_without_noise():
    circle, xor, plane = (make_points(kind, 400, 0.0, seed=2).train for kind in ("circle", "xor", "regression_plane"))
    np.testing.assert_array_equal(circle.y, np.hypot(*circle.x.T) < 2.5)
    np.testing.assert_array_equal(xor.y, xor.x.prod(axis=1) > 0)
    assert np.abs(xor.x).min() >= 0.3
    np.testing.assert_allclose(plane.y, plane.x.sum(axis=1) / 10, atol=1e-6)


def test_the_arms_of_the_spiral_lie_half_a_turn_apart():
    points = make_points("spiral", 400, 0.0, seed=0, test_share=0).train
    arms = [points.x[points.y == label] for label in (0, 1)]
    first, second = (arm[np.argsort(np.hypot(*arm.T))] for arm in arms)
    np.testing.assert_allclose(first, -second, atol=1e-5)
    assert np.hypot(*first[-1]) == pytest.approx(5, abs=0.05)


@pytest.mark.parametrize("kind", ["spiral", "gaussians", "moons", "three_classes"])
def test_more_noise_moves_the_same_points(kind):
    clean, little, more = (make_points(kind, 200, noise, seed=9, test_share=0).train for noise in (0.0, 0.01, 0.4))
    np.testing.assert_array_equal(clean.y, more.y)
    assert np.abs(little.x - clean.x).max() < 0.2 < np.abs(more.x - clean.x).max()


@pytest.mark.parametrize(("share", "held_out"), [(0, 0), (0.1, 10), (0.9, 90)])
def test_the_share_of_test_points_is_kept(share, held_out):
    points = make_points("moons", 100, 0.1, seed=0, test_share=share)
    assert (len(points.train), len(points.test)) == (100 - held_out, held_out)


@given(st.sampled_from(list(POINT_KINDS)), st.integers(2, 60), st.floats(0, 0.5), st.integers(0, 2**32))
def test_any_allowed_choice_gives_as_many_finite_points_as_were_asked_for(kind, samples, noise, seed):
    points = make_points(kind, samples, noise, seed)
    x = np.concatenate([points.train.x, points.test.x])
    assert x.shape == (samples, 2)
    assert np.isfinite(x).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("star", 100, 0.1), "no points of kind 'star'. Choose one of circle, xor"),
        (("moons", 1, 0.1), "must be 2 to 5,000, but is 1"),
        (("moons", 10**9, 0.1), "must be 2 to 5,000, but is 1,000,000,000"),
        (("moons", 100, 0.6), "noise must be 0 to 0.5, but is 0.6"),
        (("moons", 100, float("nan")), "noise must be 0 to 0.5, but is nan"),
    ],
)
def test_a_choice_outside_its_range_is_answered_with_the_range(arguments, message):
    with pytest.raises(DataError, match=message):
        make_points(*arguments, seed=0)


def test_features_are_what_their_names_say_in_the_order_asked_for():
    x = make_points("gaussians", 50, 0.1, seed=0).train.x
    names = ["sin_y", "x_times_y", "x", "y_squared", "sin_x", "y", "x_squared"]
    a, b = x.T
    expected = np.stack([np.sin(b), a * b, a, b**2, np.sin(a), b, a**2], axis=1)
    given_features = features(x, names)
    assert given_features.dtype == np.float32
    np.testing.assert_allclose(given_features, expected, rtol=1e-6)
    assert set(names) == set(FEATURES)


@pytest.mark.parametrize(
    ("names", "message"),
    [([], "at least one"), (["x", "x"], "only once"), (["x", "exp_x"], "no feature 'exp_x'. Choose from x, y")],
)
def test_no_feature_an_unknown_one_and_one_twice_are_refused(names, message):
    with pytest.raises(DataError, match=message):
        features(np.zeros((1, 2), np.float32), names)
