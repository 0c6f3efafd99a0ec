import json

import numpy as np
import plotly.graph_objects as go
import pytest

from lib.concepts.optimizers import SGD, Adam, descend
from lib.concepts.surfaces import REACH, SURFACES
from lib.figures.learn.descent import Descent, descent_map, descent_scene, describe_descents


def walk(surface, optimizer, rate, steps=40):
    points = descend(SURFACES[surface].gradient, SURFACES[surface].start, optimizer, rate, steps=steps).points
    return Descent(points, SURFACES[surface].losses(points))


def test_the_map_holds_every_point_and_its_true_numbers():
    descent = walk("bowl", SGD(), 0.5, steps=3)
    picture = descent_map("bowl", {"SGD": descent}, 3)
    (path,) = picture["paths"]
    assert path["points"] == [[-3, 2], [-1.5, 1], [-0.75, 0.5], [-0.375, 0.25]]
    assert path["words"][1] == ["-1.5", "1", "1.62"]
    assert path["losses"][0] == 6.5
    assert picture["highest"] > 6.5


@pytest.mark.parametrize("surface", SURFACES)
def test_the_grid_begins_at_the_bottom_left(surface):
    grid = np.array(descent_map(surface, {}, 10)["grid"])
    side = round(len(grid) ** 0.5)
    corners = SURFACES[surface].losses(np.array([[-REACH, -REACH], [REACH, -REACH]], float))
    np.testing.assert_allclose(grid[[0, side - 1]] ** 2, corners, rtol=1e-3)


def test_a_path_that_diverges_is_drawn_out_of_the_picture_and_its_step_is_named():
    descent = walk("ravine", SGD(), 0.7)
    assert descent.left_at == 3
    assert (np.abs(descent.points[:3]) <= REACH).all()
    (path,) = descent_map("ravine", {"SGD": descent}, 40)["paths"]
    assert len(path["points"]) == 4
    assert abs(path["points"][-1][1]) > REACH
    assert len(path["words"]) == 41
    assert "SGD leaves the picture at step 3" in describe_descents("ravine", {"SGD": descent})


def test_a_path_that_comes_back_has_not_left():
    points = np.array([[1, 1], [9, 1], [2, 0.0]])
    assert Descent(points, np.ones(3)).left_at is None


def test_numbers_that_overflow_still_make_a_picture_a_browser_can_read():
    descent = walk("two_minima", SGD(), 3.0, steps=100)
    assert np.isinf(descent.losses[-1])
    json.dumps(descent_map("two_minima", {"SGD": descent}, 100), allow_nan=False)
    go.Figure(descent_scene("two_minima", {"SGD": descent}))


def test_the_largest_picture_stays_small():
    descents = {
        name: walk("ravine", Adam(), 0.1, steps=100) for name in ("SGD", "momentum", "Nesterov", "RMSprop", "Adam")
    }
    assert len(json.dumps(descent_map("ravine", descents, 100))) < 60_000
    assert len(go.Figure(descent_scene("ravine", descents)).to_json()) < 200_000


def test_the_scene_shows_the_points_inside_its_box_only():
    figure = go.Figure(
        descent_scene("ravine", {"SGD": walk("ravine", SGD(), 0.7), "Adam": walk("ravine", Adam(), 0.1)})
    )
    _, leaving, staying = figure.data
    assert [x is None for x in leaving.x[:4]] == [False, True, True, True]
    assert None not in staying.x
    assert figure.layout.scene.zaxis.range[1] == pytest.approx(1.3 * 2.6125)


def test_the_alt_text_says_where_each_path_ends():
    text = describe_descents("bowl", {"SGD": walk("bowl", SGD(), 1.0, steps=2)})
    assert text == "Loss surface bowl with descents from (-3.00, 2.00): SGD ends at (0.00, 0.00) with loss 0."
    assert describe_descents("saddle", {}) == "Loss surface saddle, without paths."
