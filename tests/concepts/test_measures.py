import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.concepts.measures import MEASURES

DIFFERENCES = st.lists(st.floats(-1, 1).filter(lambda value: not value or abs(value) > 1e-7), min_size=1, max_size=4)


@given(DIFFERENCES, st.sampled_from(sorted(MEASURES)))
def test_a_difference_is_written_as_0_only_when_it_is_0_and_its_sign_is_its_own(values, name):
    texts = MEASURES[name].differences(values)
    for value, text in zip(values, texts, strict=True):
        number = float(text.replace("\N{MINUS SIGN}", "-"))
        assert (number > 0, number < 0) == (value > 0, value < 0)
        assert number == pytest.approx(100 * value if MEASURES[name].share else value, abs=0.0051, rel=0.51)
    assert len({len(text.partition(".")[2]) for text in texts}) == 1


def test_a_difference_far_too_small_is_written_as_0_without_a_sign():
    assert MEASURES["loss"].differences([-1e-12]) == ("0.0000",)


def test_a_loss_is_better_when_it_is_lower():
    assert {name: measure.higher_is_better for name, measure in MEASURES.items()} == {"accuracy": True, "loss": False}
