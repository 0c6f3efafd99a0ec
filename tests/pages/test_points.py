"""Points on the Build page: the plane before, while and after a training, with a real worker."""

import json

import pytest
from helpers.waiting import wait_for_status, wait_until

from lib.concepts.plane import with_changes
from lib.figures.build.boundary import network_picture
from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES
from lib.ui.build import boundary_edits
from lib.ui.kit import lessons

BUILD = "pages/build.py"
CIRCLE = to_query(RECIPES["points_circle"].run)
SHORT = {**CIRCLE, "epochs": "20"}


def shown(page):
    """What the boundary component was given."""
    views = [view.proto for view in page.get("bidi_component") if view.proto.component_name.endswith("boundary")]
    return json.loads(views[0].json)[0] if views else None


def value_field(page):
    return next(field for field in page.number_input if field.label == "value")


def choice(page, label):
    return next(box for box in page.selectbox if box.label == label)


def click(page, key):
    return page.button(key=key).click().run()


def begin(page, engine, key, *statuses):
    """Press a button that starts a run, and show the page once the run has one of these statuses."""
    before = page.query_params.get("run")
    click(page, key)
    run_id = page.query_params["run"]
    assert run_id != before
    now = wait_for_status(engine, run_id, *statuses)
    page.run()
    return now


@pytest.mark.engine
def test_before_any_training_the_plane_shows_the_points_as_chosen(open_page):
    page = open_page(BUILD, **CIRCLE)
    assert not page.exception
    circle = shown(page)
    assert "output" not in circle
    assert "circle" in circle["summary"]
    moons = shown(open_page(BUILD, **{**CIRCLE, "points_kind": "moons"}))
    assert moons["train"] != circle["train"]
    assert page.button(key="step").disabled
    assert not page.button(key="restart").disabled


@pytest.mark.engine
def test_images_have_no_plane(open_page):
    page = open_page(BUILD, dataset="mnist")
    assert shown(page) is None
    assert "step" not in [button.key for button in page.button]


@pytest.mark.engine
def test_a_trained_network_is_shown_with_loss_and_accuracy_of_both_parts(open_page, engine):
    page = open_page(BUILD, **SHORT)
    now = begin(page, engine, "train", "done")
    assert not page.exception
    picture = shown(page)
    assert picture["output"] == network_picture(now.spec, engine.weights(now.id))["output"]
    assert picture["at"] == 20
    name, _, test = picture["scores"][1]
    assert (name, test) == ("accuracy", f"{100 * now.evaluation.accuracy:.1f}%")
    assert picture["scores"][0][2] == f"{now.evaluation.loss:.4f}"


@pytest.mark.engine
def test_a_number_to_predict_has_a_loss_and_no_accuracy(open_page, engine, spec_of):
    page = open_page(BUILD, **SHORT)
    page.selectbox(key="points_kind").set_value("regression_plane").run()
    begin(page, engine, "train", "done")
    assert not page.exception
    assert [row[0] for row in shown(page)["scores"]] == ["loss"]
    assert shown(page)["classes"] == []


@pytest.mark.engine
def test_from_the_start_shows_the_same_first_weights_and_step_trains_one_batch(open_page, engine):
    page = open_page(BUILD, **CIRCLE)
    now = begin(page, engine, "restart", "paused")
    first = shown(page)
    assert (first["at"], now.batch) == (0, 0)
    click(page, "step")
    wait_until(lambda: engine.snapshot(now.id).batch == 1 and engine.snapshot(now.id).status == "paused")
    assert engine.snapshot(now.id).epoch == 1
    page.run()
    assert shown(page)["output"] != first["output"]
    begin(page, engine, "restart", "paused")
    assert shown(page)["output"] == first["output"]
    click(page, "stop")
    wait_for_status(engine, page.query_params["run"], "stopped")


@pytest.mark.engine
def test_slow_motion_is_told_to_the_run_under_way_and_to_the_next(open_page, engine, monkeypatch):
    told = []
    monkeypatch.setattr(engine, "set_pace", lambda run_id, seconds: told.append((run_id, seconds)))
    page = open_page(BUILD, **CIRCLE)
    first = begin(page, engine, "restart", "paused").id
    assert told == []
    page.segmented_control(key="pace").set_value("5").run()
    page.run()
    assert told == [(first, 0.2)]
    second = begin(page, engine, "restart", "paused").id
    assert told == [(first, 0.2), (second, 0.2)]
    page.segmented_control(key="pace").set_value("full").run()
    assert told[-1] == (second, 0.0)
    click(page, "stop")
    wait_for_status(engine, second, "stopped")


@pytest.mark.engine
def test_a_weight_changed_by_hand_redraws_the_plane_and_can_be_taken_back(open_page, engine):
    page = open_page(BUILD, **SHORT)
    now = begin(page, engine, "train", "done")
    trained = shown(page)
    choice(page, "unit").set_value(("dense_1", 1)).run()
    choice(page, "weight of").set_value("dense[2]").run()
    weights = engine.weights(now.id)
    assert value_field(page).value == pytest.approx(weights["dense_1/kernel"][2, 1], abs=1e-4)
    value_field(page).set_value(-3.5).run()
    edited = with_changes(weights, {("dense_1/kernel", (2, 1)): -3.5})
    assert shown(page)["output"] == network_picture(now.spec, edited)["output"] != trained["output"]
    assert lessons.text("boundary.edited") in [info.value for info in page.info]

    good = shown(page)
    value_field(page).set_value(1e6).run()
    assert "1000000.0 is too large" in " ".join(warning.value for warning in page.warning)
    assert shown(page)["output"] == good["output"]
    assert value_field(page).value == -3.5

    click(page, "edit_reset")
    assert shown(page)["output"] == trained["output"]
    assert value_field(page).value == pytest.approx(weights["dense_1/kernel"][2, 1], abs=1e-4)
    assert page.button(key="edit_reset").disabled


@pytest.mark.engine
def test_other_points_chosen_after_a_training_are_shown_instead_of_its_boundary(open_page, engine):
    page = open_page(BUILD, **SHORT)
    begin(page, engine, "train", "done")
    page.selectbox(key="points_kind").set_value("xor").run()
    assert "output" not in shown(page)
    assert "xor" in shown(page)["summary"]
    assert lessons.text("boundary.other_points") in [caption.value for caption in page.caption]


@pytest.mark.parametrize(
    "chosen",
    [None, 3, "x", [], {}, {"layer": "dense"}, {"layer": "dense", "unit": 99}, {"layer": "../x", "unit": 0},
     {"layer": ["dense"], "unit": {"a": 1}}],
)  # fmt: skip
def test_a_click_on_what_is_not_there_chooses_nothing(chosen, monkeypatch):
    state = {}
    monkeypatch.setattr(boundary_edits.st, "session_state", state)
    boundary_edits.choose(RECIPES["points_circle"].run, chosen)
    assert state == {}


def test_a_click_on_a_line_chooses_its_weight_and_a_bad_source_only_the_unit(monkeypatch):
    state = {}
    monkeypatch.setattr(boundary_edits.st, "session_state", state)
    run = RECIPES["points_circle"].run
    boundary_edits.choose(run, {"layer": "dense_1", "unit": 1, "source": 3})
    assert boundary_edits._chosen(run).get() == "dense_1:1:dense[3]"
    boundary_edits.choose(run, {"layer": "dense", "unit": 0, "source": 77})
    assert boundary_edits._chosen(run).get() == "dense:0:dense[3]"
