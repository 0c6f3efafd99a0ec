from hypothesis import given
from hypothesis import strategies as st

from lib.engine.work.line import Waiting, next_in_line, waits


def test_the_first_in_line_is_served_first():
    line = [Waiting(name, name, 1.0) for name in "abc"]
    assert next_in_line(line, set()).run_id == "a"


def test_nobody_trains_two_runs_at_a_time():
    line = [Waiting("second", "ann", 1.0), Waiting("other", "bob", 1.0)]
    assert next_in_line(line, {"ann"}).run_id == "other"
    assert next_in_line(line, {"ann", "bob"}) is None


def test_a_missing_estimate_makes_all_later_ones_unknown():
    line = [Waiting("a", "a", 5.0), Waiting("b", "b", None), Waiting("c", "c", 5.0)]
    assert waits(line, [2.0], 1) == [2.0, 7.0, None]
    assert waits(line, [None], 1) == [None, None, None]


@given(st.lists(st.floats(0, 1000), max_size=8), st.lists(st.floats(0, 1000), max_size=3), st.integers(1, 3))
def test_waits_never_shrink_along_the_line(seconds, running, more):
    slots = len(running) + more - 1
    if slots == 0:
        return
    result = waits([Waiting(str(i), str(i), s) for i, s in enumerate(seconds)], running, slots)
    assert result == sorted(result)
    assert len(result) == len(seconds)
