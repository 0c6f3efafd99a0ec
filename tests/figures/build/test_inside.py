"""Lines by layer and maps of spreads: what they draw, and what their alt texts say."""

import json
import math

import numpy as np
import pytest

from lib.concepts.signals import spread
from lib.figures.build.inside import HEIGHT, describe_layer_lines, describe_spread_map, layer_lines, spread_map

LINES = {"dense": [(1, 0.02), (2, 0.004), (3, 0.001)], "dense_1": [(1, None), (2, 0.0), (3, 2e-5)]}


def by_name(figure):
    json.dumps(figure)  # plain data
    return {trace["name"]: trace for trace in figure["data"]}


def test_a_line_for_each_layer_and_a_dotted_one_for_what_is_good():
    figure = layer_lines(LINES, "update", epochs=5)
    lines = by_name(figure)
    assert (lines["dense"]["x"], lines["dense"]["y"]) == ([1, 2, 3], [0.02, 0.004, 0.001])
    assert (lines["dense_1"]["x"], lines["dense_1"]["y"]) == ([3], [2e-5])  # what is 0 has no place on a log axis
    assert (lines["0.001"]["y"], lines["0.001"]["line"]["dash"]) == ([1e-3, 1e-3], "dot")
    assert lines["dense"]["line"]["color"] != lines["dense_1"]["line"]["color"]
    axis = figure["layout"]["yaxis"]
    assert (axis["type"], axis["range"]) == ("log", [-5, -1])
    assert figure["layout"]["xaxis"]["range"] == [0, 5]


def test_shares_have_a_plain_axis_and_keep_what_is_0():
    figure = layer_lines({"dense": [(1, 0.0), (2, 0.5)]}, "dead", epochs=2)
    assert by_name(figure)["dense"]["y"] == [0.0, 0.5]
    assert "type" not in figure["layout"]["yaxis"]
    assert len(figure["data"]) == 1


def test_many_layers_differ_by_dashes_and_have_no_legend():
    figure = layer_lines({f"dense_{n}": [(1, 0.1)] for n in range(25)}, "gradient", epochs=1)
    looks = {(trace["line"]["color"], trace["line"]["dash"]) for trace in figure["data"]}
    assert len(looks) == 25
    assert not figure["layout"]["showlegend"]
    assert layer_lines({}, "gradient", epochs=1)["data"] == []
    with pytest.raises(ValueError, match="no quantity 'speed'"):
        layer_lines(LINES, "speed", epochs=1)


def test_the_alt_text_of_lines_says_where_each_layer_began_and_stands():
    text = describe_layer_lines(LINES, "update")
    assert "dense: from 0.02 to 0.001 in epoch 3" in text
    assert "dense_1: from 0 to 2e-05 in epoch 3" in text
    assert "Nothing was measured yet" in describe_layer_lines({"dense": [(1, None)]}, "update")


def test_a_column_of_the_map_is_an_epoch_whose_shares_are_told():
    spreads = [spread(np.linspace(0, 1, 1_000)), None, spread(np.linspace(-2, 2, 1_000))]
    figure = spread_map(spreads, [1, 5, 9], "Weights of dense")
    (trace,) = figure["data"]
    shares = np.array(trace["customdata"], float)
    assert trace["x"] == ["1", "5", "9"]
    np.testing.assert_allclose(shares[:, [0, 2]].sum(axis=0), 1, atol=0.01)
    assert np.isnan(shares[:, 1]).all()
    np.testing.assert_allclose(np.array(trace["z"], float)[:, [0, 2]] ** 2, shares[:, [0, 2]], atol=1e-3)
    assert trace["zmax"] == pytest.approx(math.sqrt(np.nanmax(shares)), abs=1e-3)
    assert -2 < trace["y"][0] < trace["y"][-1] < 2
    text = describe_spread_map(spreads, [1, 5, 9], "Weights of dense")
    assert text == "Weights of dense: from 0 to 1 after epoch 1, from -2 to 2 after epoch 9."
    assert describe_spread_map([None], [1], "Weights") == "Weights: no finite numbers."


@pytest.mark.parametrize("layers", [1, 5, 11, 20])
def test_the_names_of_the_layers_stand_below_the_title_and_take_nothing_from_the_lines(layers):
    lines = {f"conv2d_{place}": [(1, 0.1), (2, 0.2)] for place in range(layers)}
    layout = layer_lines(lines, "gradient", 2)["layout"]
    assert layout["showlegend"] == (layers < 20)
    assert layout["margin"]["t"] >= 44 + (19 * layers if layers < 20 else 0)
    assert layout["height"] - layout["margin"]["t"] == HEIGHT - 88
