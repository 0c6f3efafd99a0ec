"""The learned space on Inside: places come from a worker, axes stay from epoch to epoch, t-SNE is begun and stopped."""

import json

import numpy as np
import pytest
from helpers.inside import drawn_until, prose

from lib.concepts.forward import forward
from lib.data.loading import load
from lib.engine.errors import EngineError
from lib.ui.inside import epoch_choice, space_view
from lib.ui.kit import lessons
from lib.ui.session import asked

pytestmark = pytest.mark.engine
INSIDE = "pages/inside.py"
FEW = {"more": "space", "embedding_samples": "500"}


def figure(page):
    found = [each.proto for each in page.get("plotly_chart") if "space_plot" in each.proto.id]
    return json.loads(found[0].spec) if found else None


def places(page):
    """Where each sample lies, and whether it is a cross, by its number."""
    traces = [each for each in drawn_until(page, lambda: figure(page))["data"] if "customdata" in each]
    return {
        row[0]: (x, y, trace["marker"].get("symbol", [""] * len(trace["x"]))[place])
        for trace in traces
        for place, (row, x, y) in enumerate(zip(trace["customdata"], trace["x"], trace["y"], strict=True))
    }


def test_each_epoch_lies_along_the_last_ones_directions_with_the_ranges_kept(open_page, run_of, engine):
    run = run_of("images")
    numbers = np.linspace(0, 1_999, 500).astype(int)
    images, kept = load("mnist").test, engine.epochs_kept(run.id)
    outputs = {
        epoch: [forward(run.spec.model, engine.weights(run.id, epoch), images.x[number] / np.float32(255))
                for number in numbers]
        for epoch in (1, kept[-1])
    }  # fmt: skip
    last = np.stack([each[1] for each in outputs[kept[-1]]]).astype(np.float64)
    axes = np.linalg.svd(last - last.mean(axis=0), full_matrices=False)[2][:2]
    axes *= np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])[:, None]
    ranges = []
    for epoch, passed in outputs.items():
        page = open_page(INSIDE, run=run.id, epoch=str(epoch), **FEW)
        found = places(page)
        assert sorted(found) == numbers.tolist()
        expected = (np.stack([each[1] for each in passed]) - last.mean(axis=0)) @ axes.T
        shown = np.array([found[number][:2] for number in numbers])
        np.testing.assert_allclose(shown, expected, atol=2e-3 * np.abs(expected).max())
        crosses = [found[number][2] == "x" for number in numbers]
        wrong = [each[-1].argmax() != images.y[number] for each, number in zip(passed, numbers, strict=True)]
        assert np.mean(np.array(crosses) == wrong) > 0.99
        ranges.append([figure(page)["layout"][axis]["range"] for axis in ("xaxis", "yaxis")])
    assert ranges[0] == ranges[1]


@pytest.mark.parametrize("kind", ["images", "points", "regression", "table", "mean of words"])
def test_a_sample_of_each_kind_is_shown_as_its_kind_is(open_page, run_of, monkeypatch, kind):
    fed, make = [], space_view.cards
    monkeypatch.setattr(space_view, "cards", lambda rows, *more: fed.append(rows) or make(rows, *more))
    run = run_of(kind)
    page = open_page(INSIDE, run=run.id, **FEW)
    found = places(page)
    number = sorted(found)[3]
    page.number_input(key="embedding_sample").set_value(number).run()
    drawn_until(page, lambda: figure(page))
    ring = next(each for each in figure(page)["data"] if each["marker"].get("symbol") == "circle-open")
    assert (ring["x"][0], ring["y"][0]) == found[number][:2]
    assert page.query_params["embedding_sample"] == str(number)
    if kind == "regression":
        assert f"| {number} |" in prose(page)
        page.button(key="space_look").click().run()
        assert page.number_input(key="inside_sample").value == number
        return
    field = {"images": "image", "mean of words": "text"}.get(kind, "values")
    assert fed[-1][0]["number"] == number
    assert fed[-1][0][field]


def test_marked_samples_are_listed_mistakes_first_and_one_that_is_chosen_goes_to_the_top(
    open_page, run_of, monkeypatch
):
    monkeypatch.setattr(space_view, "_marked", lambda told, known: sorted(known)[5:65])
    fed = []

    def cards(rows, classes, key):
        fed.append(rows)
        return None, (rows[2]["number"] if len(fed) == 1 else None)

    monkeypatch.setattr(space_view, "cards", cards)
    page = open_page(INSIDE, run=run_of("images").id, embedding_mark="lasso", **FEW)
    found = places(page)
    marked = sorted(found)[5:65]
    wrong = [number for number in marked if found[number][2] == "x"]
    right = [number for number in marked if found[number][2] == "circle"]
    assert [row["number"] for row in fed[-1]] == [*wrong, *right][:6]
    assert wrong
    assert "6 of the 60 samples that you marked, mistakes first" in prose(page)
    assert page.number_input(key="inside_sample").value == fed[0][2]["number"]
    assert any("top of the page" in each.value for each in page.toast)


def test_whoever_clicks_samples_one_by_one_sees_none_of_what_was_drawn_around(open_page, run_of, monkeypatch):
    monkeypatch.setattr(space_view, "_marked", lambda told, known: sorted(known)[5:65])
    page = open_page(INSIDE, run=run_of("images").id, **FEW)
    places(page)
    assert "marked" not in prose(page)


@pytest.mark.parametrize(
    "told",
    [
        None, {}, {"selection": {}}, {"selection": {"points": ["x"]}}, {"selection": {"points": [{"customdata": 7}]}},
        {"selection": {"points": [{"customdata": [8]}, {"customdata": [True]}, {"customdata": ["7"]}]}},
    ],
)  # fmt: skip
def test_a_browser_that_marks_nonsense_marks_nothing(told):
    assert space_view._marked(told, {1, 7}) == []


def test_what_was_marked_is_known_by_its_number():
    points = [{"customdata": [7, "a", "b"]}, {"customdata": [1]}, {"customdata": [7]}, {"customdata": {"0": 1}}]
    assert space_view._marked({"selection": {"points": points}}, {1, 7}) == [7, 1]


def test_tsne_is_begun_by_a_person_stopped_and_goes_on(open_page, run_of, engine, monkeypatch):
    asked_of_it, make = [], engine.looks.tsne

    def tsne(parts, before):
        asked_of_it.append(before)
        return make(parts[:, :3], before)

    monkeypatch.setattr(engine.looks, "tsne", tsne)
    page = open_page(INSIDE, run=run_of("table").id, embedding_method="tsne", **FEW)
    assert not page.exception
    assert figure(page) is None
    assert asked_of_it == []
    page.button(key="tsne_begin").click().run()
    drawn_until(page, lambda: figure(page))
    page.button(key="tsne_stop").click().run()
    stopped_at = len(asked_of_it)
    assert stopped_at < 4
    before = drawn_until(page, lambda: "tsne_on" in [each.key for each in page.button] and places(page))
    page.button(key="tsne_on").click().run()
    drawn_until(page, lambda: "tsne_stop" not in [each.key for each in page.button])
    assert len(asked_of_it) == 4
    assert places(page) != before
    assert asked_of_it[0] is None
    assert lessons.text("inside.space_tsne", epoch=1) in prose(page)


def test_a_worker_without_scikit_learn_is_a_sentence(open_page, run_of, engine, monkeypatch):
    def lacks(*_):
        raise ImportError("No module named 'sklearn'")

    asked.answers().clear()
    monkeypatch.setattr(engine.looks._dispatcher, "look", lambda function, *_: lacks())
    page = open_page(INSIDE, run=run_of("table").id, embedding_method="tsne", **FEW)
    page.button(key="tsne_begin").click().run()
    drawn_until(page, lambda: page.warning)
    assert "lacks a package for this\\: No module named 'sklearn'" in page.warning[0].value
    asked.answers().clear()


def test_a_worker_that_does_not_answer_is_a_sentence_and_a_second_try(open_page, run_of, engine, monkeypatch):
    def refuse(*_):
        raise EngineError("No worker answered within a minute: try again")

    asked.answers().clear()
    with monkeypatch.context() as patch:
        patch.setattr(engine.looks, "places", refuse)
        page = open_page(INSIDE, run=run_of("table").id, **FEW)
        drawn_until(page, lambda: "No worker answered" in prose(page))
    page.button(key="space_try").click().run()
    assert places(page)


@pytest.mark.parametrize(("more", "method"), [("space", "places"), ("confusion", "confusion")])
def test_while_the_time_machine_plays_the_next_epoch_is_asked_for_ahead(
    open_page, run_of, engine, monkeypatch, more, method
):
    asked_for, make = [], getattr(engine.looks, method)

    def noting(run_id, epoch, *rest):
        asked_for.append(epoch)
        return make(run_id, epoch, *rest)

    monkeypatch.setattr(engine.looks, method, noting)
    monkeypatch.setattr(epoch_choice, "STEP_SECONDS", 1e6)
    asked.answers().clear()
    run = run_of("images")
    page = open_page(INSIDE, run=run.id, more=more, epoch="1", embedding_samples="500")
    page.button(key="inside_play").click().run()
    following = engine.epochs_kept(run.id)[1]  # of quick epochs not all are kept
    drawn_until(page, lambda: following in asked_for)
    assert page.select_slider(key="inside_epoch").value == 1
    assert "rests" not in prose(page)


@pytest.mark.parametrize(
    ("query", "passage"),
    [({"more": "filters"}, "no_film_many"), ({"more": "space", "embedding_method": "tsne"}, "no_film_tsne")],
)
def test_what_takes_longer_rests_while_the_time_machine_plays(open_page, run_of, engine, monkeypatch, query, passage):
    monkeypatch.setattr(epoch_choice, "STEP_SECONDS", 1e6)
    page = open_page(INSIDE, run=run_of("images").id, epoch="1", **query)
    monkeypatch.setattr(engine.looks, "_about_many", None)
    page.button(key="inside_play").click().run()
    assert lessons.text(f"inside.{passage}") in prose(page)
    assert not page.exception


def test_wide_layers_show_fewer_samples_and_the_first_sample_always(run_of, monkeypatch):
    model = run_of("images").spec.model
    monkeypatch.setattr(space_view, "MOST_NUMBERS", 784 * 100)
    assert len(space_view.spread_numbers(model, "input", 2_000, 500)) == 100
    numbers = space_view.spread_numbers(model, "dense", 2_000, 500)
    assert (len(numbers), numbers[0], numbers[-1]) == (500, 0, 1_999)


@pytest.mark.parametrize("query", [{"embedding_layer": "zzz"}, {"embedding_method": "9"}, {"embedding_sample": "inf"}])
def test_an_address_that_makes_no_sense_shows_the_usual(open_page, run_of, query):
    page = open_page(INSIDE, run=run_of("images").id, **FEW, **query)
    places(page)
    assert page.selectbox(key="embedding_layer").value == "dense"
