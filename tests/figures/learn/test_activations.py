import numpy as np
import pytest

from lib.concepts.activations import ACTIVATION_FUNCTIONS, SLOPES, chain
from lib.figures.learn import activations as figures

NAMES = tuple(SLOPES)


def lines(figure, axis):
    """The whole curves on an axis, by name."""
    shown = [trace for trace in figure.data if trace.mode == "lines" and trace.yaxis == axis and trace.hovertemplate]
    return {trace.name: trace for trace in shown}


@pytest.mark.parametrize("name", NAMES)
def test_the_curve_and_the_slope_drawn_are_those_of_the_function(name):
    figure = figures.curves_and_slopes([name], 1.5)
    curve, slope = lines(figure, "y")[name], lines(figure, "y2")[name]
    np.testing.assert_allclose(curve.y, ACTIVATION_FUNCTIONS[name](curve.x))
    np.testing.assert_allclose(slope.y, SLOPES[name](slope.x))
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    at = np.array([1.5], np.float32)
    assert [dot.y[0] for dot in dots] == [ACTIVATION_FUNCTIONS[name](at)[0], SLOPES[name](at)[0]]


def test_the_thick_part_of_a_curve_leaves_out_where_the_slope_vanishes():
    figure = figures.curves_and_slopes(["sigmoid"], 0.0)
    thick = max((trace for trace in figure.data if trace.mode == "lines"), key=lambda trace: trace.line.width)
    assert (np.isnan(thick.y) == (np.abs(SLOPES["sigmoid"](np.array(thick.x))) < figures.FADED)).all()
    assert np.isnan(thick.y).any()
    assert not np.isnan(thick.y).all()


def test_one_hover_reads_value_and_slope_together():
    layout = figures.curves_and_slopes(NAMES, 0.0).layout
    assert (layout.hovermode, layout.hoversubplots) == ("x unified", "axis")
    assert layout.xaxis.anchor == "y2"


def test_a_product_that_is_0_lies_on_the_edge_and_says_so_in_its_hover():
    figure = figures.chain_products(["relu", "sigmoid"], -1.0, depth=4, weight=1.0)
    relu, sigmoid = figure.data
    assert list(relu.y) == [1, *[figures.SMALLEST] * 4]
    assert list(relu.customdata) == [1, 0, 0, 0, 0]
    np.testing.assert_allclose(sigmoid.y[1:], chain("sigmoid", -1.0, 4).products)


def test_the_first_logit_moves_all_probabilities():
    figure = figures.softmax_curves([1.0, 0.0, -1.0])
    shares = np.array([trace.y for trace in figure.data if trace.mode == "lines"])
    np.testing.assert_allclose(shares.sum(axis=0), 1, rtol=1e-6)
    assert (np.diff(shares[0]) > 0).all()
    assert (np.diff(shares[1:]) < 0).all()


def test_each_row_of_softmax_slopes_adds_up_to_0():
    figure = figures.softmax_slope_table([2.0, -1.0, 0.5])
    np.testing.assert_allclose(np.array(figure.data[0].z).sum(axis=1), 0, atol=1e-6)


def test_the_descriptions_hold_the_numbers():
    assert "sigmoid 0.731, slope 0.197" in figures.describe_curves(["sigmoid"], 1.0)
    assert "relu 8" in figures.describe_chain(["relu"], 1.0, 3, 2.0)
    assert "z1 = 0 gives p1 = 0.500" in figures.describe_softmax([0.0, 0.0])
    assert "p2: -0.250, 0.250" in figures.describe_softmax_slopes([0.0, 0.0])
