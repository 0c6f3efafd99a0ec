import numpy as np
import plotly.graph_objects as go

from lib.figures.base.colours import IN_THE_PLANE
from lib.figures.results.answered_points import answered_points

NAMES = ("blue", "orange", "green")
PLACES = np.array([[0, 0], [1, 2], [-3, 8], [2, 2]], np.float32)
FIGURE = answered_points(PLACES, [0, 1, 2, 1], [0, 1, 0, 0], NAMES)


def test_points_have_the_colour_of_their_class_and_a_ring_of_what_was_said():
    go.Figure(FIGURE)
    orange = FIGURE["data"][1]
    assert orange["marker"]["color"] == IN_THE_PLANE[1]
    assert orange["marker"]["line"]["color"] == [IN_THE_PLANE[1], IN_THE_PLANE[0]]
    assert orange["customdata"] == [[1, "orange", "orange"], [3, "orange", "blue"]]


def test_each_mistake_is_crossed():
    crosses = FIGURE["data"][-1]
    assert crosses["name"] == "mistakes (2)"
    assert list(zip(crosses["x"], crosses["y"], strict=True)) == [(-3, 8), (2, 2)]


def test_no_point_lies_outside_the_picture():
    low, high = FIGURE["layout"]["xaxis"]["range"]
    assert low < PLACES.min()
    assert high > PLACES.max()
