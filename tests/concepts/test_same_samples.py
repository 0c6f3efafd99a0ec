import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lib.concepts.same_samples import BothAnswered, both_answered, margin

COUNTS = st.integers(0, 300)
ANSWERS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)


@given(ANSWERS)
def test_the_table_counts_each_sample_once(answers):
    found = both_answered(*zip(*answers, strict=True))
    table = [found.both_right, found.only_a, found.only_b, found.both_wrong]
    assert table == [answers.count(each) for each in ((True, True), (True, False), (False, True), (False, False))]
    assert found.samples == len(answers)
    right_a, right_b = np.array(answers).T
    assert found.difference == pytest.approx(right_b.mean() - right_a.mean())


@given(COUNTS, COUNTS)
def test_p_is_that_of_scipys_binomial_test(only_a, only_b):
    found = BothAnswered(5, only_a, only_b, 7)
    expected = stats.binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1
    assert found.p == pytest.approx(expected, rel=1e-9)
    assert found.p == BothAnswered(5, only_b, only_a, 7).p


def test_whole_test_sets_have_a_p_too():
    assert BothAnswered(0, 5_000, 5_000, 0).p == 1
    assert BothAnswered(0, 4_900, 5_100, 0).p == pytest.approx(stats.binomtest(4_900, 10_000).pvalue)
    assert BothAnswered(0, 0, 10_000, 0).p == 0.0


def test_the_margin_of_97_percent_of_2000_samples_is_three_quarters_of_a_point():
    assert margin(0.97, 2_000) == pytest.approx(1.959964 * math.sqrt(0.97 * 0.03 / 2_000))
    assert round(100 * margin(0.97, 2_000), 2) == 0.75
    assert margin(1.0, 50) == 0


def test_95_of_100_tests_lie_within_the_margin_of_the_true_accuracy():
    """10,000 simulated tests: the standard error of the share is 0.22 points. The margin is an approximation of a
    distribution of whole numbers, which adds up to a point."""
    found = np.random.default_rng(0).binomial(2_000, 0.97, 10_000) / 2_000
    within = np.mean([abs(share - 0.97) <= margin(share, 2_000) for share in found])
    assert within == pytest.approx(0.95, abs=0.01 + 4 * 0.0022)


def test_95_of_100_differences_lie_within_the_margin_of_the_true_one():
    random = np.random.default_rng(1)
    shares = [0.94, 0.02, 0.03, 0.01]
    found = [BothAnswered(*counts) for counts in random.multinomial(2_000, shares, 10_000).tolist()]
    within = np.mean([abs(each.difference - 0.01) <= each.margin for each in found])
    assert within == pytest.approx(0.95, abs=0.01 + 4 * 0.0022)


@given(ANSWERS)
def test_the_margin_of_a_difference_is_that_of_a_mean_of_differences(answers):
    right_a, right_b = np.array(answers).T
    differences = right_b.astype(int) - right_a
    expected = 1.959964 * differences.std() / math.sqrt(len(answers))
    assert both_answered(right_a, right_b).margin == pytest.approx(expected, abs=1e-12)


def test_what_both_find_hard_says_nothing_about_the_difference():
    found = BothAnswered(both_right=1_900, only_a=5, only_b=5, both_wrong=90)
    assert found.margin < margin(1_905 / 2_000, 2_000) / 2
    assert BothAnswered(10, 0, 0, 10).margin == 0


@pytest.mark.parametrize(("a", "b"), [([], []), ([True], [True, False]), ([[True]], [[True]])])
def test_no_samples_and_lists_of_different_lengths_are_refused(a, b):
    with pytest.raises(ValueError, match="one length"):
        both_answered(a, b)


@pytest.mark.parametrize(("accuracy", "samples"), [(1.1, 10), (-0.1, 10), (0.5, 0), (math.nan, 10)])
def test_a_margin_needs_a_share_and_samples(accuracy, samples):
    with pytest.raises(ValueError, match="margin needs"):
        margin(accuracy, samples)
