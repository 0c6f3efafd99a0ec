import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.specs.progress import (
    MOST_BYTES,
    MOST_ENTRIES,
    Answered,
    Progress,
    ProgressError,
    Saved,
    from_file,
    from_json,
    to_file,
    to_json,
)

TIMES = st.floats(0, 1e10, allow_nan=False)
ANSWERED = st.builds(Answered, st.integers(0, 9), TIMES, st.none() | TIMES)
SIGHTINGS = st.sampled_from([f"pooling.task_{number}_{name}" for number in (1, 2, 12) for name in ("a", "b_2")])
QUESTIONS = st.sampled_from(["pooling.quiz", "images.quiz", "images.quiz_2"])
PROGRESS = st.builds(
    Progress,
    st.dictionaries(SIGHTINGS, TIMES, max_size=6),
    st.dictionaries(QUESTIONS, ANSWERED, max_size=3),
)
WHOLE = {
    "layerlab_progress": 1,
    "seen": {"pooling.task_1_hidden": 5.5},
    "answers": {"pooling.quiz": {"first": 0, "at": 1, "right_at": None}},
}


@given(PROGRESS)
def test_what_is_written_is_read_again(progress):
    assert from_json(to_json(progress)) == progress


@given(PROGRESS, st.none() | TIMES, st.text("0123456789abcdef", min_size=16, max_size=16) | st.just(""))
def test_a_file_also_says_when_and_by_whom_it_was_saved(progress, at, by):
    saved = Saved(progress, at, by)
    assert from_file(to_file(saved)) == saved
    assert from_json(to_file(saved)) == progress
    assert from_file(to_json(progress)) == Saved(progress)


@given(PROGRESS, PROGRESS)
def test_what_is_lacking_changes_nothing_that_is_there(mine, other):
    more = mine.lacking(other)
    whole = mine.joined(more)
    assert len(whole) == len(mine) + len(more)
    assert set(whole.seen) == {*mine.seen, *other.seen}
    assert mine.seen.items() <= whole.seen.items()
    assert mine.answers.items() <= whole.answers.items()


@pytest.mark.parametrize(
    "part", [{"saved_by": 7}, {"saved_by": "<b>"}, {"saved_by": None}, {"saved_at": "now"}, {"saved_at": -1}]
)
def test_a_file_with_a_damaged_origin_is_refused(part):
    with pytest.raises(ProgressError, match="Nothing was taken over"):
        from_file(json.dumps({**WHOLE, **part}))


@given(PROGRESS, PROGRESS, PROGRESS)
def test_in_whatever_order_progress_is_joined_the_same_comes_out(one, two, three):
    assert one.joined(two).seen == two.joined(one).seen
    assert one.joined(two).joined(three) == one.joined(two.joined(three))
    assert one.joined(one) == one
    assert len(one.joined(two)) <= len(one) + len(two)


def test_a_right_answer_is_remembered_beside_the_first_one():
    first, later = Answered(2, 10.0), Answered(1, 20.0, 20.0)
    assert first.joined(later) == later.joined(first) == Answered(2, 10.0, 20.0)


def test_only_what_is_known_is_picked():
    whole = from_json(json.dumps(WHOLE))
    assert whole.only({"pooling.task_1_hidden"}, set()) == dataclasses.replace(whole, answers={})
    assert len(whole.only(set(), {"pooling.quiz"})) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("[]", "holds no progress"),
        ('{"seen": {}}', "holds no progress"),
        ("x" * (MOST_BYTES + 1), "200,000 at most"),
        (b"\xff\xfe\x00", "cannot be read"),
        (json.dumps({**WHOLE, "layerlab_progress": 2}), "has version 2"),
        (json.dumps({**WHOLE, "layerlab_progress": True}), "has version True"),
        (json.dumps({**WHOLE, "layerlab_progress": "<b>" * 99}), "has version '<b><b>"),
    ],
)
def test_what_is_no_progress_is_refused_with_a_sentence(text, said):
    with pytest.raises(ProgressError, match=said):
        from_json(text)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("seen", None),
        ("seen", []),
        ("seen", {"../etc": 1}),
        ("seen", {"pooling.task_1_hidden": "yesterday"}),
        ("seen", {"pooling.task_1_hidden": True}),
        ("seen", {"pooling.task_1_hidden": -1}),
        ("seen", {"pooling.task_1_hidden": 1e300}),
        ("seen", {"pooling.task_1_hidden": float("inf")}),
        ("seen", {"pooling.task_1_hidden": float("nan")}),
        ("seen", {"pooling.task_1_hidden": 10**400}),
        ("seen", {f"page.task_1_{number}": 1 for number in range(MOST_ENTRIES + 1)}),
        ("answers", {"pooling.quiz": 1}),
        ("answers", {"pooling.quiz": {"first": 0, "at": 1}}),
        ("answers", {"pooling.quiz": {"first": 99, "at": 1, "right_at": None}}),
        ("answers", {"pooling.quiz": {"first": 0, "at": 1, "right_at": "now"}}),
        ("answers", {"pooling.quiz": {"first": 0.5, "at": 1, "right_at": None}}),
        ("answers", {"pooling.quiz": {"first": 0, "at": 1, "right_at": None, "__class__": "x"}}),
    ],
)
def test_damaged_progress_is_refused_as_a_whole(part, value):
    with pytest.raises(ProgressError, match="Nothing was taken over"):
        from_json(json.dumps({**WHOLE, part: value}))
