import numpy as np

from lib.figures.base.colours import IN_THE_PLANE
from lib.figures.inside.space import outside, ranges_of, space

PLACES = np.array([[0, 0], [1, 2], [3, 1], [2, 2]], np.float32)
NUMBERS, TRUE, SAID = [10, 20, 30, 40], [0, 1, 1, 0], [0, 1, 0, 0]
RANGES = ranges_of(PLACES)


def test_a_class_is_a_colour_a_mistake_a_cross_and_a_point_tells_its_number():
    figure = space(PLACES, NUMBERS, TRUE, SAID, ["cat", "<b>dog"], RANGES, chosen=30)
    cats, dogs, ring, *keys = figure["data"]
    assert [(key["name"], key["marker"]["symbol"]) for key in keys] == [
        ("cat", "circle"), ("&lt;b&gt;dog", "circle"), ("wrong", "x"),
    ]  # fmt: skip
    assert [key["marker"]["color"] for key in keys[:2]] == [cats["marker"]["color"], dogs["marker"]["color"]]
    assert (dogs["x"], dogs["y"]) == ([1.0, 3.0], [2.0, 1.0])
    assert dogs["marker"]["symbol"] == ["circle", "x"]
    assert dogs["customdata"] == [[20, "&lt;b&gt;dog", "&lt;b&gt;dog"], [30, "&lt;b&gt;dog", "cat"]]
    assert cats["marker"]["color"] != dogs["marker"]["color"]
    assert (ring["x"], ring["y"]) == ([3.0], [1.0])


def test_at_another_epoch_a_sample_is_the_same_point_of_the_same_trace_and_the_axes_stay():
    before = space(PLACES, NUMBERS, TRUE, SAID, ["cat", "dog"], RANGES)
    after = space(PLACES * 5, NUMBERS, TRUE, TRUE, ["cat", "dog"], RANGES)
    for one, other in zip(before["data"][:2], after["data"][:2], strict=True):
        assert [row[0] for row in one["customdata"]] == [row[0] for row in other["customdata"]]
    assert before["layout"]["xaxis"]["range"] == after["layout"]["xaxis"]["range"] == list(RANGES[0])
    assert (outside(PLACES, RANGES), outside(PLACES * 5, RANGES)) == (0, 3)
    assert before["data"][2]["x"] == []


def test_a_class_without_a_sample_has_no_trace_and_a_predicted_number_is_a_shade():
    figure = space(PLACES, NUMBERS, TRUE, SAID, ["cat", "dog", "cow"], RANGES)
    assert sum("customdata" in trace for trace in figure["data"]) == 2
    numbers, _ring = space(PLACES, NUMBERS, [-0.5, 1, 2, 0], [0, 1, 2, 3], [], RANGES)["data"]
    assert numbers["marker"]["color"] == [-0.5, 1.0, 2.0, 0.0]
    assert numbers["marker"]["cmin"] == -2


def test_samples_that_all_lie_at_one_place_have_a_range():
    (left, right), (bottom, top) = ranges_of(np.ones((3, 2), np.float32))
    assert left < 1 < right
    assert bottom < 1 < top


def test_classes_have_the_colours_that_are_asked_for_and_their_entries_too():
    figure = space(PLACES, NUMBERS, TRUE, SAID, ["blue", "orange"], RANGES, colours=IN_THE_PLANE)
    blue, orange, _ring, *keys = figure["data"]
    assert [trace["marker"]["color"] for trace in (blue, orange, *keys[:2])] == [*IN_THE_PLANE[:2]] * 2
