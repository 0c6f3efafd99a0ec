"""Changes by hand as text: for addresses, and for what a run began with."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.specs.changes import Changes, from_text, to_text
from lib.specs.fields import SpecError
from lib.specs.start import Start

LAYERS = st.sampled_from(["conv2d", "conv2d_1", "dense"])
CHANGES = st.builds(
    Changes,
    st.integers(0, 100),
    st.sampled_from([0, 2, 4, 16]),
    st.dictionaries(
        st.tuples(st.just("dense/kernel"), st.lists(st.integers(0, 99), min_size=1, max_size=4).map(tuple)),
        st.integers(-1_000_000, 1_000_000).map(lambda number: number / 1_000),
        max_size=3,
    ).map(lambda found: tuple((name, place, value) for (name, place), value in found.items())),
    st.dictionaries(LAYERS, st.lists(st.integers(0, 99), min_size=1, max_size=3, unique=True), max_size=3).map(
        lambda found: tuple((layer, unit) for layer, units in found.items() for unit in units)
    ),
)


@given(CHANGES)
def test_changes_come_back_from_their_text(changes):
    assert from_text(to_text(changes)) == changes
    assert bool(changes) == bool(to_text(changes))


@given(st.text(max_size=60))
def test_any_text_is_either_changes_or_a_spec_error(text):
    with contextlib.suppress(SpecError):
        assert isinstance(from_text(text), Changes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prune:101", "prune must be a whole number from 0 to 100"),
        ("bits:1", "bits must be 0, or from 2 to 16"),
        ("bits:17", "bits must be a whole number from 0 to 16"),
        ("set:dense/kernel:0-0:1e9", "no change of weights"),
        ("set:dense/kernel:0-0:1000.5", "from -1000 to 1000"),
        ("set:../kernel:0:1", "no change of weights"),
        ("off:dense:-1", "no change of weights"),
        ("off:dense:²", "no change of weights"),
        (";", "no change of weights"),
        ("<script>", "no change of weights"),
        ("prune:1;" * 200, "at most 800 letters"),
    ],
)
def test_hostile_text_is_refused_with_a_sentence_also_in_the_description_of_a_run(text, words):
    with pytest.raises(SpecError, match=words):
        from_text(text)
    with pytest.raises(SpecError, match=words):
        Start("0123456789abcdef", 1, (), text)


def test_units_of_one_layer_are_chosen_together_and_others_stay():
    changes = Changes(off=(("conv2d", 1), ("dense", 4))).with_off("conv2d", (2, 3))
    assert changes.off == (("dense", 4), ("conv2d", 2), ("conv2d", 3))
    assert changes.off_in("conv2d") == (2, 3)
    assert not changes.with_off("conv2d", ()).with_off("dense", ())
