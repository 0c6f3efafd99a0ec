"""Going on from an epoch at Inside, and what the pages say of a run that went on."""

import dataclasses

import numpy as np
import pytest
from helpers.waiting import wait_for_status, wait_until

from lib.specs.data import DataSpec
from lib.specs.start import Start
from lib.ui.inside.plan import fitting_data

pytestmark = pytest.mark.engine
INSIDE = "pages/inside.py"


def pressed(page, key):
    page.session_state["going_on"] = True
    page.button(key=key).click().run()
    assert not page.exception


@pytest.fixture
def begun(engine, monkeypatch):
    """Specs that the page has had trained, with the ids of their runs."""
    made = []
    go_on = engine.go_on

    def remember(spec, owner, weights=None):
        made.append((spec, go_on(spec, owner, weights)))
        return made[-1][1]

    monkeypatch.setattr(engine, "go_on", remember)
    return made


def test_another_rate_and_other_data_begin_with_the_weights_that_are_shown(
    open_page, trained, engine, begun, opened, prose
):
    page = opened(open_page(INSIDE, run=trained.id), "going_on")
    page.select_slider(key="on_learning_rate").set_value(0.0002).run()
    opened(page, "going_on").selectbox(key="on_data").select("fashion_mnist").run()
    opened(page, "going_on").number_input(key="on_epochs").set_value(2).run()
    opened(page, "going_on")
    assert "learning_rate 0.001 → 0.0002" in prose(page)
    assert "dataset mnist → fashion_mnist" in prose(page)
    pressed(page, "go_on")
    spec, run_id = begun[0]
    assert spec.start == Start(trained.id, 1)
    assert (spec.training.learning_rate, spec.training.epochs, spec.data.dataset) == (0.0002, 2, "fashion_mnist")
    kept = engine.weights(trained.id, 1)
    begun_with = wait_until(lambda: engine.weights(run_id, 0))
    assert all(np.array_equal(begun_with[name], kept[name]) for name in kept)
    run = wait_for_status(engine, run_id, "done")
    for script in (INSIDE, "pages/results.py", "pages/build.py"):
        page = open_page(script, run=run_id)
        assert not page.exception
        assert "after epoch 1. LayerLab keeps them with this run" in prose(page)
    assert "went on from" not in prose(open_page(INSIDE, run=trained.id)).lower()
    # Its epoch 0 is what it went on from.
    first = open_page(INSIDE, run=run_id, epoch="0", sample="5")
    assert first.select_slider(key="inside_epoch").options == ["0", "1", "2"]
    labels = [button.proto.label for button in open_page("pages/results.py", run=run.id).get("download_button")]
    assert "First weights (.npz)" in labels
    assert "Notebook (.ipynb)" in labels
    assert "First weights (.npz)" not in [
        button.proto.label for button in open_page("pages/results.py", run=trained.id).get("download_button")
    ]


def test_the_same_start_again_needs_no_weights_and_says_what_differs(open_page, trained, engine, begun, opened, prose):
    page = opened(open_page(INSIDE, run=trained.id), "going_on")
    assert "nothing but the weights to begin with" in prose(page)

    wait_until(lambda: pressed(page, "same_start") or begun)
    assert begun[0][0] == trained.spec
    run = wait_for_status(engine, begun[0][1], "done")
    assert run.id != trained.id
    assert [point.loss for point in run.epoch_points] == [point.loss for point in trained.epoch_points]


def test_build_trains_from_the_seed_again_whatever_run_it_shows(open_page, trained, engine, spec_of):
    run_id = engine.go_on(_on(trained), "c" * 32)
    wait_for_status(engine, run_id, "done")
    page = open_page("pages/build.py", run=run_id)
    assert spec_of(page) == trained.spec


def test_a_run_whose_parent_was_deleted_says_so_and_can_still_be_looked_into(open_page, trained, engine, prose):
    parent = wait_for_status(engine, engine.submit(trained.spec, "f" * 32), "done")
    run_id = engine.go_on(_on(parent), "f" * 32)
    wait_for_status(engine, run_id, "done")
    engine.retention.delete(parent.id, "f" * 32)
    page = open_page(INSIDE, run=run_id, epoch="0")
    assert not page.exception
    assert f"a run that somebody has deleted since (`{parent.id}`)" in prose(page)
    assert any(each.value.startswith("## ") and "%" in each.value for each in page.markdown)


def _on(run):
    return dataclasses.replace(run.spec, start=Start(run.id, 1))


def test_weights_are_offered_other_data_only_where_each_number_means_the_same():
    assert list(fitting_data(DataSpec("fashion_mnist"))) == ["mnist", "fashion_mnist"]
    assert list(fitting_data(DataSpec("cifar10"))) == ["cifar10"]
    assert list(fitting_data(DataSpec("movies"))) == ["movies"]
    assert "regression_plane" not in fitting_data(DataSpec("points", points_kind="xor"))
    assert fitting_data(DataSpec("points", points_kind="xor", noise=10))["spiral"].noise == 10
