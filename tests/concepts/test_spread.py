import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.concepts.spread import spread


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20))
def test_mean_and_deviation_are_those_of_pythons_statistics(values):
    found = spread(values)
    assert found.mean == pytest.approx(statistics.fmean(values), abs=1e-9)
    assert found.deviation == pytest.approx(statistics.stdev(values), abs=1e-6)
    assert (found.count, found.lowest, found.highest) == (len(values), min(values), max(values))


def test_one_figure_has_no_deviation_and_none_has_no_spread():
    assert spread([0.5]).deviation is None
    with pytest.raises(ValueError, match="at least one figure"):
        spread([])
