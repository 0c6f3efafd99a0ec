"""The inside of a training on Build and on Results: folded until somebody opens it."""

import dataclasses

import pytest
from helpers.drawn_runs import with_inside

from lib.concepts.signals import Spread

pytestmark = pytest.mark.engine
CHARTS = ("gradient", "update", "dead", "weights", "outputs")


def charts(page):
    return [each for each in page.get("plotly_chart") if "_inside_" in each.proto.id]


@pytest.fixture
def watched(trained, engine, monkeypatch):
    """The trained run, and what was seen inside it: so short a run may have had no time for that."""
    spread = (Spread(-1.0, 1.0, "40ff40"),)
    run = with_inside(trained, gradient=(1.0,), update=(1e-3,), dead=(2,), units=(10,), weights=spread, outputs=spread)
    monkeypatch.setattr(type(engine), "snapshot", lambda *_: run)
    return run


@pytest.mark.parametrize(("script", "key"), [("pages/build.py", "curve"), ("pages/results.py", "result")])
def test_it_is_folded_and_shows_each_quantity_when_opened(open_page, opened, watched, prose, script, key):
    page = open_page(script, run=watched.id)
    assert not page.exception
    assert charts(page) == []
    assert "The blue line is a mean" in prose(page)
    page = opened(page, f"{key}_inside")
    assert [each.proto.id.split("_inside_")[-1] for each in charts(page)] == list(CHARTS)
    told = prose(page)
    newest = watched.inside[-1]
    assert f"after these epochs: {newest.epoch}" in told
    assert f"with dropout off: **{newest.loss:.4f}**" in told
    assert f"all of {newest.samples:,} training samples" in told or f"all of {newest.samples:,} validation" in told
    assert page.selectbox(key=f"{key}_inside_layer").options == ["dense"]


def test_a_run_that_was_not_watched_shows_nothing_of_its_inside(open_page, trained, engine, monkeypatch, prose):
    unwatched = dataclasses.replace(trained, inside=())
    monkeypatch.setattr(type(engine), "snapshot", lambda *_: unwatched)
    page = open_page("pages/results.py", run=trained.id)
    assert not page.exception
    assert "Inside the training" not in [each.label for each in page.expander]
    assert "The blue line is a mean" not in prose(page)
    assert "measured nothing inside this training, because it was too short" in prose(page)
    spec = dataclasses.replace(trained.spec, training=dataclasses.replace(trained.spec.training, watch_inside="off"))
    unwatched = dataclasses.replace(unwatched, spec=spec)
    assert "too short" not in prose(open_page("pages/results.py", run=trained.id))


def test_a_person_switches_it_off_on_build(open_page, spec_of):
    page = open_page("pages/build.py", dataset="mnist")
    page.session_state["more_settings"] = True
    page.run()
    page.selectbox(key="watch_inside").set_value("off").run()
    assert not page.exception
    assert page.query_params["watch_inside"] == ["off"] or page.query_params["watch_inside"] == "off"
    assert spec_of(page).training.watch_inside == "off"
    assert not spec_of(page).watched_inside
