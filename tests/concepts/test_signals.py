"""Lengths, ratios, dead units and spreads of what is inside a network, against plain numpy."""

import numpy as np
import pytest

from lib.concepts.signals import Spread, dead_units, length, on_one_axis, spread, update_ratio

RANDOM = np.random.default_rng(3)


def test_lengths_and_ratios_are_those_of_all_arrays_joined():
    before = [RANDOM.normal(size=shape).astype(np.float32) for shape in ((3, 4), (5,))]
    after = [each + RANDOM.normal(size=each.shape).astype(np.float32) / 100 for each in before]
    old, new = (np.concatenate([each.ravel() for each in arrays]) for arrays in (before, after))
    assert length(before) == pytest.approx(np.linalg.norm(old), rel=1e-6)
    assert update_ratio(before, after) == pytest.approx(np.linalg.norm(new - old) / np.linalg.norm(old), rel=1e-4)
    assert update_ratio([np.zeros(3)], [np.ones(3)]) is None
    assert update_ratio(before, before) == 0


def test_a_unit_is_dead_only_where_no_sample_and_no_place_differs():
    maps = RANDOM.normal(size=(40, 5, 5, 6)).astype(np.float32)
    maps[..., 1], maps[..., 4] = 0.0, 0.7
    maps[..., 5] = 0.0
    maps[33, 2, 3, 5] = 0.1  # one place of one sample: alive
    assert dead_units(maps) == 2
    assert dead_units(maps[:1, :1, :1]) == 6  # a single number differs from nothing
    rounded = np.float32(0.1) * np.array([[1.0], [1.0 + 1e-7]], np.float32)
    assert dead_units(rounded) == 1
    assert dead_units(np.array([[np.nan], [1.0]])) == 0


@pytest.mark.parametrize("numbers", [500, 50_000])
def test_a_spread_is_numpys_histogram_to_two_digits(numbers):
    values = RANDOM.normal(size=numbers).astype(np.float32)
    found = spread(values.reshape(5, -1))
    counts, edges = np.histogram(values, bins=30, range=(found.low, found.high))
    within = 0.005 if numbers <= 20_000 else 0.02  # of the larger one only a part is counted
    np.testing.assert_allclose(found.shares, counts / counts.sum(), atol=within)
    assert found.shares.sum() == pytest.approx(1)
    assert len(found.heights) == 60
    assert (found.low, found.high) == (pytest.approx(edges[0]), pytest.approx(edges[-1]))


def test_what_is_not_finite_is_left_out_of_a_spread():
    assert spread(np.array([np.nan, np.inf])) is None
    assert spread(np.array([np.nan, 1.0, 2.0]), bins=2) == Spread(1.0, 2.0, "ffff")


def test_spreads_side_by_side_keep_their_shares_and_their_places():
    narrow, wide = spread(RANDOM.uniform(0, 1, 5_000)), spread(RANDOM.uniform(-2, 2, 5_000))
    middles, shares = on_one_axis([narrow, None, wide])
    assert shares.shape == (60, 3)
    assert np.isnan(shares[:, 1]).all()
    np.testing.assert_allclose(shares[:, [0, 2]].sum(axis=0), 1)
    assert (middles @ shares[:, [0, 2]]) == pytest.approx([0.5, 0.0], abs=0.1)
    assert shares[middles < 0, 0].sum() == pytest.approx(0, abs=1e-9)
    alone, everything = on_one_axis([Spread(3.0, 3.0, "00ff")])
    assert everything.sum() == pytest.approx(1)
    assert alone[np.argmax(everything)] == pytest.approx(3.0, abs=0.1)
    with pytest.raises(ValueError, match="at least one spread"):
        on_one_axis([None])
