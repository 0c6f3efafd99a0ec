import numpy as np
import pytest

from lib.concepts.activations import sigmoid
from lib.concepts.losses import binary_crossentropy, squared_error_slope
from lib.figures.learn.losses import describe_losses, describe_slopes, loss_curves, slope_curves


@pytest.mark.parametrize("target", [0, 1])
def test_curves_and_dots_are_those_of_the_losses(target):
    crossentropy, dot, *_ = loss_curves(target, -2.0).data
    np.testing.assert_allclose(crossentropy.y, binary_crossentropy(target, np.array(crossentropy.x)))
    p = sigmoid(np.array([-2], np.float32))
    assert dot.x[0] == p[0]
    assert dot.y[0] == binary_crossentropy(target, p)[0]


@pytest.mark.parametrize("target", [0, 1])
def test_slopes_are_drawn_over_the_logit_and_inside_the_axis(target):
    figure = slope_curves(target, 3.0)
    squared = figure.data[2]
    np.testing.assert_allclose(squared.y, squared_error_slope(target, np.array(squared.x)))
    low, high = figure.layout.yaxis.range
    assert all(low < value < high for trace in figure.data for value in trace.y)


def test_the_descriptions_hold_the_numbers():
    assert describe_losses(1, 0.0).endswith("prediction 0.5000: crossentropy 0.6931, squared error 0.2500.")
    assert describe_slopes(1, 0.0).endswith("logit 0: crossentropy -0.5000, squared error -0.2500.")
