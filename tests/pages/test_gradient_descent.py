import json

import numpy as np
import pytest

from lib.concepts.surfaces import SURFACES
from lib.ui.learn.gradient_descent.controls import OPTIMIZERS, Settings
from lib.ui.learn.gradient_descent.formula import first_step

PAGE = "pages/gradient_descent.py"


def latex(page):
    return [element.value for element in page.latex]


def test_the_first_step_is_written_out_with_its_numbers(open_page):
    page = open_page(PAGE)
    assert not page.exception
    assert "0.05 x^2 + 2 y^2" in latex(page)[0]
    assert r"-0.1 \cdot (-0.35,\,4)" in latex(page)[1]
    assert r"= (-3.465,\,0.6)" in latex(page)[1]


def test_each_optimizer_that_is_chosen_has_its_tab(open_page):
    page = open_page(PAGE, optimizers="Adam")
    assert [tab.label for tab in page.tabs] == ["Adam"]
    assert r"\beta_1" in latex(page)[1]


def test_without_an_optimizer_the_page_asks_for_one(open_page):
    page = open_page(PAGE)
    page.session_state["optimizers"] = []
    page.run()
    assert not page.exception
    assert "at least one optimizer" in page.info[0].value
    assert not page.latex


def test_a_rate_that_diverges_is_told(open_page):
    page = open_page(PAGE, rate="0.7", optimizers="SGD")
    assert "SGD left the picture at step 3" in page.warning[0].value
    page.select_slider(key="rate").set_value(0.1).run()
    assert not page.warning


def test_numbers_beyond_all_bounds_end_in_a_sentence_and_not_in_an_error(open_page):
    page = open_page(PAGE, surface="two_minima", rate="3", steps="100", share_kept="0.99")
    page.session_state["optimizers"] = list(OPTIMIZERS)
    page.run()
    assert not page.exception
    assert "SGD left the picture" in page.warning[0].value
    page.session_state["view"] = "scene"
    assert not page.run().exception


def test_another_surface_begins_at_its_own_start(open_page):
    page = open_page(PAGE)
    page.segmented_control(key="surface").set_value("two_minima").run()
    assert (page.slider(key="start_x").value, page.slider(key="start_y").value) == SURFACES["two_minima"].start


def test_an_address_opens_what_it_says(open_page):
    page = open_page(PAGE, surface="bowl", start_x="1.5", start_y="-2", decay_rate="0.1")
    assert r"\nabla L(1.5,\,-2) = (1.5,\,-2)" in latex(page)[1]
    assert page.slider(key="decay_rate").value == 0.1


@pytest.mark.parametrize(
    "query",
    [
        {"rate": "nan"},
        {"rate": "1e9"},
        {"surface": "Lambda"},
        {"start_x": "inf"},
        {"steps": "-1"},
        {"optimizers": "zz"},
    ],
)
def test_a_hostile_address_opens_the_page_as_it_was_meant(open_page, query):
    page = open_page(PAGE, **query)
    assert not page.exception
    assert r"= (-3.465,\,0.6)" in latex(page)[1]


def test_the_3d_view_draws_the_same_paths(open_page):
    flat, page = open_page(PAGE, optimizers="SGD"), open_page(PAGE, view="scene", optimizers="SGD")
    figure = json.loads(page.get("plotly_chart")[0].proto.spec)
    surface, path = figure["data"]
    assert (surface["type"], path["type"]) == ("surface", "scatter3d")
    maps = [each.proto for each in flat.get("bidi_component") if each.proto.component_name.endswith("gradient_descent")]
    (drawn,) = json.loads(maps[0].json)[0]["paths"]
    assert path["name"] == drawn["name"] == "SGD"
    np.testing.assert_allclose(np.transpose([path["x"], path["y"]]), drawn["points"], atol=1e-3)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_point_that_the_formula_ends_with_is_the_second_of_the_path(optimizer):
    settings = Settings("ravine", (optimizer,), 0.05, 0.0, 0.8, (-3.5, 1.0), 10)
    x, y = settings.path(optimizer).points[1]
    end = first_step(settings, optimizer).rsplit("= (", 1)[1].split(")")[0].split(r",\,")
    np.testing.assert_allclose([float(number) for number in end], [x, y], rtol=1e-3)


@pytest.mark.parametrize("surface", SURFACES)
def test_an_address_that_names_a_surface_alone_begins_at_its_own_start(open_page, surface):
    page = open_page(PAGE, surface=surface)
    assert (page.slider(key="start_x").value, page.slider(key="start_y").value) == SURFACES[surface].start
