"""Principal components against numpy's whole decomposition."""

import numpy as np
import pytest

from lib.concepts.pca import components
from lib.data.loading import load


def whole(values):
    centred = values.astype(np.float64) - values.mean(axis=0, dtype=np.float64)
    _, spread, right = np.linalg.svd(centred, full_matrices=False)
    return centred, spread, right


@pytest.mark.parametrize(("samples", "parts"), [(200, 2), (200, 10), (12, 2), (3, 2)])
def test_axes_places_and_shares_of_real_images_are_those_of_the_whole_decomposition(samples, parts):
    values = load("mnist").test.x[:samples].reshape(samples, -1) / np.float32(255)
    found = components(values, parts)
    centred, spread, right = whole(values)
    np.testing.assert_allclose(found.shares, spread[:parts] ** 2 / np.sum(spread**2), rtol=1e-3)
    for axis, place, direction in zip(found.axes, found.places(values).T, right, strict=False):
        assert abs(axis @ direction) == pytest.approx(1, abs=2e-3)
        assert axis[np.abs(axis).argmax()] > 0
        assert abs(np.corrcoef(place, centred @ direction)[0, 1]) == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(parts), atol=1e-4)


def test_the_same_numbers_give_the_same_axes_and_turned_ones_the_opposite():
    values = np.random.default_rng(0).normal(size=(50, 30)).astype(np.float32) * np.linspace(5, 1, 30, dtype=np.float32)
    first, again = components(values), components(values.copy())
    np.testing.assert_array_equal(first.axes, again.axes)
    other_seed = components(values, seed=9)
    np.testing.assert_allclose(first.axes, other_seed.axes, atol=2e-2)
    np.testing.assert_allclose(
        first.places(values).std(axis=0), components(-values).places(-values).std(axis=0), rtol=1e-4
    )


@pytest.mark.parametrize("values", [np.full((5, 3), 0.1), np.ones((1, 4)), np.zeros((4, 1))])
def test_samples_that_do_not_differ_have_no_direction(values):
    found = components(values.astype(np.float32))
    assert not found.axes.any()
    assert not found.shares.any()
    assert not found.places(values.astype(np.float32)).any()


def test_along_one_line_there_is_one_direction():
    values = np.outer(np.arange(20), np.ones(300)).astype(np.float32)
    found = components(values)
    assert found.shares.tolist() == pytest.approx([1, 0], abs=1e-5)
    assert not found.axes[1].any()


@pytest.mark.parametrize("values", [np.zeros((0, 3)), np.array([[np.nan, 1.0]]), np.array([[np.inf, 1.0]])])
def test_what_has_no_components_is_refused(values):
    with pytest.raises(ValueError, match="finite"):
        components(values.astype(np.float32))
