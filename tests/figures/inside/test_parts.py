import numpy as np

from lib.figures.inside.parts import AGAINST, FOR, MOST_SHOWN, part_bars, words_data


def test_the_weightiest_part_is_on_top_and_the_sign_has_its_side_and_colour():
    bars = part_bars(["hue", "<b>ash", "flat"], np.array([0.25, -0.5, 0], np.float32))
    (trace,) = bars["data"]
    assert trace["x"] == [-0.5, 0.25, 0]
    assert trace["marker"]["color"] == [AGAINST, FOR, FOR]
    assert trace["customdata"] == ["&lt;b&gt;ash", "hue", "flat"]
    assert trace["text"] == ["-0.5", "+0.25", "0"]
    low, high = bars["layout"]["xaxis"]["range"]
    assert low == -high < -0.5


def test_of_very_many_parts_the_weightiest_are_shown():
    parts = np.arange(100, dtype=np.float32) - 50
    shown = part_bars([str(place) for place in range(100)], parts)["data"][0]["x"]
    assert len(shown) == MOST_SHOWN
    assert min(map(abs, shown)) >= 38


def test_parts_that_move_nothing_have_a_range():
    low, high = part_bars(["a", "b"], np.zeros(2, np.float32))["layout"]["xaxis"]["range"]
    assert low < 0 < high
    assert words_data(["a"], np.zeros(1, np.float32), 0.5)["most"] == 1


def test_a_word_says_the_probability_with_and_without_it():
    words = words_data(["good", "film"], np.array([0.25, -0.125], np.float32), 0.75)["words"]
    assert words[0]["said"] == "“good”: the probability is 0.750, and 0.500 without the word"
    assert [each["number"] for each in words] == ["+0.25", "-0.12"]


def test_one_sided_bars_begin_at_0_unless_a_part_is_below():
    for parts, begins in (([0.5, 0.25], True), ([0.5, -0.25], False)):
        low, _ = part_bars(["a", "b"], np.array(parts, np.float32), one_sided=True)["layout"]["xaxis"]["range"]
        assert (low == 0) == begins
