import numpy as np

from lib.figures.learn.softmax_bars import softmax_bars

NAMES = ("cat", "dog")
SHARES, ORDINARY = np.array([0.6, 0.4], np.float32), np.array([0.9, 0.1], np.float32)


def test_bars_show_this_temperature_and_outlines_the_ordinary_one():
    bars, outlines, _ = softmax_bars(NAMES, SHARES, ORDINARY).data
    assert np.array_equal(bars.x, SHARES)
    assert np.array_equal(outlines.x, ORDINARY)
    assert outlines.marker.color == "rgba(0,0,0,0)"


def test_the_numbers_are_of_this_temperature_and_stand_right_of_bar_and_outline():
    numbers = softmax_bars(NAMES, SHARES, ORDINARY).data[2]
    assert numbers.text == (" 60.0%", " 40.0%")
    np.testing.assert_array_equal(numbers.x, np.array([0.9, 0.4], np.float32))


def test_the_axis_names_the_classes_from_the_top():
    axis = softmax_bars(NAMES, SHARES, ORDINARY).layout.yaxis
    assert axis.ticktext == NAMES
    assert axis.autorange == "reversed"
