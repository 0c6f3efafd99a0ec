"""The part "Its mistakes" of Results, of really trained small runs and of answers made by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest
from helpers.waiting import wait_for_status

from lib.concepts.calibration import reliability
from lib.specs.codec import from_query
from lib.ui.kit import lessons
from lib.ui.results import run_answers

pytestmark = pytest.mark.engine
RESULTS = "pages/results.py"
ASKED = {
    "circle": {
        "dataset": "points", "points_kind": "circle", "epochs": "3", "loss": "binary_crossentropy",
        "layers": "Dense(units=4,activation=tanh);Dense(units=1,activation=sigmoid)", "learning_rate": "0.03",
    },
    "wine": {
        "dataset": "wine", "scaling": "standard", "epochs": "2", "learning_rate": "0.01",
        "layers": "Dense(units=8);Dense(units=3,activation=softmax)",
    },
    "movies": {
        "dataset": "movies", "samples": "500", "vocabulary": "2000", "length": "20", "learning_rate": "0.05",
        "layers": "Embedding(input_dim=2000,output_dim=4);GlobalAveragePooling1D;Dense(units=1,activation=sigmoid)",
        "loss": "binary_crossentropy", "epochs": "1",
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def run_of(engine, trained):
    known = {"mnist": trained}

    def run_of(kind):
        if kind not in known:
            known[kind] = wait_for_status(engine, engine.submit(from_query(ASKED[kind]), "c" * 32), "done")
        return known[kind]

    return run_of


def words_of(page):
    return "\n".join(each.value for each in [*page.markdown, *page.caption, *page.warning])


def metric(page, label):
    return next(each.value for each in page.metric if each.label == label)


def cards(page, key):
    """The samples that a row shows."""
    parts = [each for each in page.get("bidi_component") if key in each.proto.id]
    return json.loads(parts[0].proto.json)["samples"]


@pytest.mark.parametrize(("kind", "most"), [("mnist", 5), ("movies", 3), ("wine", 3), ("circle", 3)])
def test_the_worst_mistakes_and_the_narrowest_hits_are_shown_as_cards(open_page, run_of, engine, kind, most):
    run = run_of(kind)
    page = open_page(RESULTS, run=run.id)
    assert not page.exception
    shares, true = engine.probabilities(run.id), run_answers.read(run).true
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == true
    worst, narrow = np.sort(sure[~right])[::-1][:most], np.sort(sure[right])[:most]
    for key, expected in (("confident_mistakes", worst), ("narrowly_right", narrow)):
        shown = cards(page, key)
        np.testing.assert_allclose([max(each["shares"]) for each in shown], expected, atol=1e-5)
        assert all((each["label"] == each["predicted"]) == (key == "narrowly_right") for each in shown)
    assert words_of(page).count("(ECE)") == 1


def test_a_point_is_shown_by_its_features(open_page, run_of):
    run = run_of("circle")
    shown = cards(open_page(RESULTS, run=run.id), "narrowly_right")
    rows = run_answers.test_part(run).x
    for each in shown:
        assert [name for name, _ in each["values"]] == run.spec.data.features.split("-")
        assert [value for _, value in each["values"]] == [f"{value:g}" for value in rows[each["number"]]]


def test_the_error_is_told_with_what_chance_alone_gives(open_page, trained, engine):
    shares, true = engine.probabilities(trained.id), run_answers.read(trained).true
    found = reliability(shares.max(axis=1).clip(max=1), shares.argmax(axis=1) == true)
    said = words_of(open_page(RESULTS, run=trained.id))
    assert f"**{100 * found.error:.2f}%** apart on average" in said
    assert f"would show about {100 * found.error_by_chance:.2f}%" in said


@pytest.mark.parametrize("kind", ["mnist", "circle"])
def test_the_slider_says_how_many_are_answered_and_how_many_of_those_are_right(open_page, run_of, engine, kind):
    run = run_of(kind)
    shares, true = engine.probabilities(run.id), run_answers.read(run).true
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == true
    page = open_page(RESULTS, run=run.id, doubt="55")
    for least in (55, 70):
        page.slider(key="doubt").set_value(least).run()
        kept = sure >= least / 100
        assert metric(page, "It answers") == f"{100 * kept.mean():.2f}%"
        assert metric(page, "of these are right") == (f"{100 * right[kept].mean():.2f}%" if kept.any() else "–")
        assert "".join(page.query_params["doubt"]) == str(least)
    assert not page.exception


@pytest.mark.parametrize("value", ["inf", "-1", "101", "1e400", "", "<b>"])
def test_a_threshold_that_makes_no_sense_is_as_if_there_were_none(open_page, trained, value):
    page = open_page(RESULTS, run=trained.id, doubt=value)
    assert not page.exception
    assert page.slider(key="doubt").value == 80


def read_as(monkeypatch, change):
    """Have the page read other answers than those of the run."""
    real = run_answers.read
    monkeypatch.setattr(run_answers, "read", lambda run: change(real(run)))


def test_a_network_without_mistakes_and_one_with_nothing_else_are_told_so(open_page, trained, monkeypatch):
    for right, passage in ((True, "no_confident_mistakes"), (False, "no_narrowly_right")):

        def all_alike(found, right=right):
            said = found.predicted if right else (found.predicted + 1) % 10
            return replace(found, true=said.astype(np.uint8))

        with monkeypatch.context() as patch:
            read_as(patch, all_alike)
            page = open_page(RESULTS, run=trained.id)
        assert not page.exception
        assert lessons.text(f"results.{passage}", kind="images") in words_of(page)


def test_numbers_that_are_no_probabilities_have_mistakes_and_no_confidence(open_page, trained, monkeypatch):
    read_as(monkeypatch, lambda found: replace(found, probabilities=found.probabilities * 30 - 10))
    page = open_page(RESULTS, run=trained.id)
    assert not page.exception
    assert lessons.text("results.no_probabilities") in words_of(page)
    assert cards(page, "confident_mistakes")
    assert "doubt" not in [slider.key for slider in page.slider]


def test_where_samples_are_closed_the_counts_are_still_shown(open_page, trained, monkeypatch):
    monkeypatch.setattr("lib.ui.results.answers._trouble", lambda run: "The images are gone.")
    page = open_page(RESULTS, run=trained.id)
    assert not page.exception
    assert "(ECE)" in words_of(page)
    assert not [each for each in page.get("bidi_component") if "confident_mistakes" in each.proto.id]
