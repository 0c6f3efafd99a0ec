import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.concepts.calibration import (
    abstention,
    confident_mistakes,
    least_sure_hits,
    reliability,
    wilson_interval,
)

# Few different confidences, so that many samples share one.
CONFIDENCES = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.99, 1.0])
SAMPLES = st.lists(st.tuples(CONFIDENCES, st.booleans()), min_size=1, max_size=60)


def two_lists(samples):
    confidence, right = zip(*samples, strict=True)
    return list(confidence), list(right)


@given(SAMPLES)
def test_mistakes_and_hits_are_sorted_as_python_sorts_them_and_equal_ones_keep_their_order(samples):
    confidence, right = two_lists(samples)
    places = range(len(right))
    mistakes = sorted((i for i in places if not right[i]), key=lambda i: (-confidence[i], i))
    hits = sorted((i for i in places if right[i]), key=lambda i: (confidence[i], i))
    assert confident_mistakes(confidence, right).tolist() == mistakes
    assert least_sure_hits(confidence, right).tolist() == hits


def brute_force_bins(confidence, right, bins):
    """Bins by walking: each begins where the even share begins, moved down to the first sample of that confidence."""
    order = sorted(range(len(right)), key=lambda i: confidence[i])
    values = [confidence[i] for i in order]
    first = sorted({values.index(values[number * len(values) // bins]) for number in range(bins)})
    parts = [order[start:end] for start, end in zip(first, [*first[1:], len(order)], strict=True)]
    return [
        (sum(confidence[i] for i in part) / len(part), sum(right[i] for i in part) / len(part), len(part))
        for part in parts
    ]


@given(SAMPLES, st.integers(1, 12))
def test_bins_and_their_error_are_those_of_a_walk_over_the_samples(samples, bins):
    confidence, right = two_lists(samples)
    found = reliability(confidence, right, bins)
    expected = brute_force_bins(confidence, right, bins)
    shown = zip(found.confidence, found.accuracy, found.count, strict=True)
    np.testing.assert_allclose(list(shown), expected, atol=1e-12)
    error = sum(count * abs(accuracy - mean) for mean, accuracy, count in expected) / len(right)
    assert found.error == pytest.approx(error, abs=1e-12)


@given(SAMPLES, st.randoms())
def test_the_order_of_the_samples_changes_no_bin(samples, random):
    shuffled = random.sample(samples, len(samples))
    one, other = reliability(*two_lists(samples), bins=5), reliability(*two_lists(shuffled), bins=5)
    np.testing.assert_array_equal(one.count, other.count)
    np.testing.assert_allclose(one.accuracy, other.accuracy)


def test_bins_have_equal_mass_where_all_confidences_differ():
    assert reliability(np.linspace(0.1, 0.9, 1_000), np.ones(1_000), bins=10).count.tolist() == [100] * 10


def test_a_network_that_is_always_sure_and_right_three_times_of_four_is_off_by_a_quarter():
    found = reliability([1.0] * 4, [True, True, True, False])
    assert (found.count.tolist(), found.error, found.error_by_chance) == ([4], 0.25, 0.0)


def test_the_error_by_chance_is_what_a_perfectly_calibrated_network_shows():
    random = np.random.default_rng(0)
    confidence = random.uniform(0.4, 1, 1_000)
    errors = [reliability(confidence, random.random(1_000) < confidence).error for _ in range(300)]
    expected = reliability(confidence, np.ones(1_000)).error_by_chance
    assert np.mean(errors) == pytest.approx(expected, rel=0.05)


def test_about_95_of_100_measured_shares_have_the_true_one_in_their_interval():
    random = np.random.default_rng(1)
    for true in (0.5, 0.9):
        low, high = wilson_interval(random.binomial(200, true, 2_000) / 200, 200)
        assert 0.93 < np.mean((low <= true) & (true <= high)) < 0.97
    low, high = wilson_interval([0.0, 1.0], [5, 5])
    assert low[0] == pytest.approx(0, abs=1e-12)
    assert high[1] == pytest.approx(1, abs=1e-12)
    assert low[1] < 0.7


@given(SAMPLES, st.floats(0, 1))
def test_a_threshold_answers_what_is_at_least_so_sure(samples, threshold):
    confidence, right = two_lists(samples)
    given_ = [hit for sure, hit in zip(confidence, right, strict=True) if sure >= threshold]
    found = abstention(confidence, right)
    assert found.at(threshold) == (len(given_), sum(given_))
    assert found.at(0.0) == (len(right), sum(right))
    assert found.confidence.tolist() == sorted(set(confidence), reverse=True)
    for sure, answered, hits in zip(found.confidence, found.answered, found.right, strict=True):
        assert found.at(sure) == (answered, hits)


def test_no_samples_have_no_mistakes_and_no_answers():
    assert confident_mistakes([], []).tolist() == []
    assert abstention([], []).at(0.5) == (0, 0)


def test_two_lists_of_different_lengths_are_refused():
    for function in (confident_mistakes, least_sure_hits, reliability, abstention):
        with pytest.raises(ValueError, match="one length"):
            function([0.5], [True, False])


@pytest.mark.parametrize(
    ("confidence", "bins", "words"),
    [([], 10, "samples and bins"), ([0.5], 0, "samples and bins"), ([1.5], 1, "0 to 1"), ([np.nan], 1, "0 to 1")],
)
def test_reliability_needs_samples_and_bins_and_probabilities(confidence, bins, words):
    with pytest.raises(ValueError, match=words):
        reliability(confidence, [True] * len(confidence), bins)
