import numpy as np
import pytest
from scipy.stats import kendalltau

from lib.concepts.ranks import kendall_tau


def test_tau_is_what_scipy_computes_ties_included():
    rng = np.random.default_rng(0)
    for size in range(2, 40):
        first, second = rng.integers(6, size=(2, size)).astype(float)
        assert kendall_tau(first, second) == pytest.approx(kendalltau(first, second).statistic, nan_ok=True)


def test_where_all_are_equal_there_is_no_order():
    assert np.isnan(kendall_tau(np.ones(4), np.arange(4.0)))
