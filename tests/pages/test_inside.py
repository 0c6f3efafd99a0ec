"""The page Inside at every kind of address: what it shows, and a sentence for what it cannot show."""

import re
import threading
from concurrent.futures import Future

import numpy as np
import pytest
from helpers.clocks import give_clock
from helpers.waiting import wait_for_status, wait_until

from lib.concepts.forward import forward
from lib.data.loading import load
from lib.data.normalising import as_mnist
from lib.engine.errors import EngineError
from lib.engine.question_line import QuestionLine
from lib.figures.inside.why import why_data
from lib.specs.codec import from_query
from lib.ui.inside import epoch_choice, why
from lib.ui.kit import lessons
from lib.ui.kit.drawn_text import from_text, to_text
from lib.ui.session import asked

pytestmark = pytest.mark.engine
INSIDE = "pages/inside.py"


def prose(page):
    return "\n".join(each.value for each in [*page.markdown, *page.caption, *page.warning, *page.info])


def answer(page):
    """The heading that tells it, or ""."""
    return next((each.value for each in page.markdown if each.value.startswith("## ") and "%" in each.value), "")


def said(page):
    """The class and the percentage that the page tells."""
    return re.search(r"(\d) &nbsp; ([\d.]+)%", answer(page)).groups()


def test_a_test_image_gets_the_answer_that_keras_gave_it(open_page, trained, engine):
    page = open_page(INSIDE, run=trained.id, sample="7")
    assert not page.exception
    shares = engine.probabilities(trained.id)[7]
    label, percent = said(page)
    assert int(label) == shares.argmax()
    assert float(percent) == pytest.approx(100 * shares.max(), abs=0.02)
    assert page.number_input(key="inside_sample").value == 7
    assert "it is **" in prose(page)


def test_another_run_another_epoch_and_another_image_are_asked_for_by_the_address(open_page, engine):
    layers = "Conv2D(filters=2,kernel_size=5,strides=3);Flatten;Dense(units=10,activation=softmax)"
    spec = from_query({"dataset": "mnist", "samples": "500", "layers": layers, "epochs": "3"})
    run = wait_for_status(engine, engine.submit(spec, "d" * 32), "done")
    kept = engine.epochs_kept(run.id)
    page = open_page(INSIDE, run=run.id, layer="conv2d", unit="1", epoch=str(kept[0]))
    assert not page.exception
    assert not page.warning
    assert "Where a number comes from: conv2d" in prose(page)
    if len(kept) > 1:
        assert page.select_slider(key="inside_epoch").value == kept[0]
    for layer in ("flatten", "dense"):
        page.query_params["layer"] = layer
        page.run()
        assert not page.exception
        assert f"Where a number comes from: {layer}" in prose(page)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"layer": "lambda"}, "the layer lambda, which this network does not have"),
        ({"layer": "input"}, "the layer input, which this network does not have"),
        ({"layer": "dense", "unit": "10"}, "dense 10, but its numbers go from 0 to 9"),
        ({"layer": "dense", "unit": "-1"}, "dense -1,"),
        ({"layer": "dense", "unit": "²"}, "dense ²,"),
        ({"epoch": "77"}, "epoch 77, but LayerLab did not keep its weights"),
        ({"epoch": "inf"}, "epoch inf, but LayerLab did not keep its weights"),
    ],
)
def test_what_the_run_does_not_have_is_said_and_the_rest_is_shown(open_page, trained, query, sentence):
    page = open_page(INSIDE, run=trained.id, **query)
    assert not page.exception
    assert sentence in page.warning[0].value
    assert said(page)


@pytest.mark.parametrize("query", [{"sample": "999999"}, {"sample": "nan"}, {"input": "zzz"}, {"ranges": "zzz"}])
def test_an_address_that_makes_no_sense_shows_the_usual(open_page, trained, query):
    page = open_page(INSIDE, run=trained.id, **query)
    assert not page.exception
    assert page.number_input(key="inside_sample").value == 0


def test_an_unknown_run_is_said(open_page):
    page = open_page(INSIDE, run="0" * 16)
    assert not page.exception
    assert "LayerLab does not know it" in page.warning[0].value


def test_an_empty_pad_and_a_missing_upload_get_a_sentence(open_page, trained):
    page = open_page(INSIDE, run=trained.id, input="draw")
    assert not page.exception
    assert "There is nothing on the picture" in page.info[0].value
    page = open_page(INSIDE, run=trained.id, input="upload")
    assert not page.exception
    assert lessons.text("inside.no_upload") in prose(page)


def test_a_drawing_in_a_corner_goes_in_as_mnists_digits_are_or_as_it_lies(open_page, trained, engine):
    digit = load("mnist").test.x[0]
    corner = np.zeros_like(digit)
    corner[:14, :14] = digit[::2, ::2]
    text = to_text(corner)
    corner = from_text(text)
    weights = engine.weights(trained.id)
    for way, pixels in (("mnist", as_mnist(corner)[..., None]), ("drawn", corner)):
        page = open_page(INSIDE, run=trained.id, input="draw", way=way, drawing=text)
        assert not page.exception
        shares = forward(trained.spec.model, weights, pixels / np.float32(255))[-1]
        label, percent = said(page)
        assert int(label) == shares.argmax()
        assert float(percent) == pytest.approx(100 * shares.max(), abs=0.02)


def test_a_run_without_weights_is_told_so(open_page, trained, engine, monkeypatch):
    monkeypatch.setattr(engine, "epochs_kept", lambda run_id: [])
    page = open_page(INSIDE, run=trained.id)
    assert not page.exception
    assert lessons.text("inside.no_weights") == page.info[0].value


def test_weights_that_are_thinned_out_meanwhile_are_told_so(open_page, trained, engine, monkeypatch):
    monkeypatch.setattr(engine, "weights", lambda run_id, epoch=None: None)
    page = open_page(INSIDE, run=trained.id)
    assert not page.exception
    assert "has just deleted the weights" in page.warning[0].value


def test_somebody_elses_own_data_stay_closed(open_page, trained, monkeypatch):
    monkeypatch.setattr("lib.ui.inside.refusal.own_visit.closed", lambda name: True)
    page = open_page(INSIDE, run=trained.id, sample="3")
    assert not page.exception
    assert lessons.text("inside.closed") == page.info[0].value
    assert not page.number_input


def test_epoch_0_is_the_network_before_its_first_batch(open_page, trained, engine):
    first = engine.looks.first_weights(trained.id)
    again = engine.looks.first_weights(trained.id)
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert {name: values.shape for name, values in first.items()} == {
        name: values.shape for name, values in engine.weights(trained.id).items()
    }
    shares = forward(trained.spec.model, first, load("mnist").test.x[2] / np.float32(255))[-1]

    def shown():
        page = open_page(INSIDE, run=trained.id, epoch="0", sample="2")
        assert not page.exception
        return page if answer(page) else None

    page = wait_until(shown)
    label, percent = said(page)
    assert int(label) == shares.argmax()
    assert float(percent) == pytest.approx(100 * shares.max(), abs=0.02)


def test_first_weights_that_no_worker_gives_are_said(open_page, trained, engine, monkeypatch):
    def refuse(run_id):
        raise EngineError("No worker answered within a minute: try again")

    asked.answers().clear()
    monkeypatch.setattr(engine.looks, "first_weights", refuse)
    page = wait_until(lambda: page if (page := open_page(INSIDE, run=trained.id, epoch="0")).warning else None)
    assert not page.exception
    assert "No worker answered" in page.warning[0].value


def test_the_contribution_to_a_class_and_to_a_difference_is_the_logit(open_page, trained, engine, monkeypatch):
    fed = []
    monkeypatch.setattr(why, "why_data", lambda *all_: fed.append(all_) or why_data(*all_))
    page = wait_until(lambda: open_page(INSIDE, run=trained.id, sample="4", why="3", minus="8") and fed[-1:])
    _, maps, fields = page[0]
    weights = engine.weights(trained.id)
    logits = (load("mnist").test.x[4] / np.float32(255)).ravel() @ weights["dense/kernel"] + weights["dense/bias"]
    assert maps[0].places.shape == (28, 28)
    assert float(maps[0].total.split("= ")[1]) == pytest.approx(float(logits[3] - logits[8]), rel=1e-3)
    assert [(field.size, field.step) for field in fields] == [(1, 1), (1, 1)]


def test_where_no_exact_map_can_be_had_there_is_one_that_comes_near(open_page, engine, monkeypatch):
    layers = "Flatten;Dense(units=8);Dense(units=10,activation=softmax)"
    spec = from_query({"dataset": "mnist", "samples": "500", "layers": layers, "epochs": "1"})
    run = wait_for_status(engine, engine.submit(spec, "f" * 32), "done")
    page = open_page(INSIDE, run=run.id)
    assert not page.exception
    assert lessons.text("inside.no_exact") in prose(page)
    assert lessons.text("inside.contribution") not in prose(page)
    fed = []
    monkeypatch.setattr(why, "why_data", lambda *all_: fed.append(all_) or why_data(*all_))
    page = wait_until(lambda: shown(open_page(INSIDE, run=run.id, sample="4", method="activation", why="6"), fed))
    assert lessons.text("inside.at_pixels") in prose(page)
    _, (now, before), fields = fed[-1]
    image = (load("mnist").test.x[4] / np.float32(255)).ravel()
    for each, weights in ((now, engine.weights(run.id)), (before, engine.looks.first_weights(run.id))):
        hidden = image @ weights["dense/kernel"] + weights["dense/bias"]
        gradient = weights["dense/kernel"] @ (weights["dense_1/kernel"][:, 6] * (hidden > 0))
        np.testing.assert_allclose(each.places.ravel(), image * gradient, atol=1e-5)
        score = np.maximum(hidden, 0) @ weights["dense_1/kernel"][:, 6] + weights["dense_1/bias"][6]
        assert each.total == f"sum {float(each.places.sum(dtype=float)):.4g}, of a score of {score:.4g}"
    assert [(field.size, field.step) for field in fields] == [(1, 1), (1, 1)]


def test_occlusion_shows_how_far_the_probability_falls(open_page, trained, engine, monkeypatch):
    fed = []
    monkeypatch.setattr(why, "why_data", lambda *all_: fed.append(all_) or why_data(*all_))
    wait_until(lambda: open_page(INSIDE, run=trained.id, sample="4", method="occlusion", patch="6", why="4") and fed)
    _, maps, fields = fed[-1]
    assert (fields[0].size, fields[0].step, maps[0].places.shape) == (6, 2, (12, 12))
    weights, image = engine.weights(trained.id), load("mnist").test.x[4] / np.float32(255)
    covered = image.copy()
    covered[10:16, 14:20] = 0
    usual, less = (forward(trained.spec.model, weights, each)[-1][4] for each in (image, covered))
    assert maps[0].places[5, 7] == pytest.approx(usual - less, abs=1e-5)


def shown(page, fed):
    """The page, once both maps have been drawn."""
    assert not page.exception
    return page if fed and len(fed[-1][1]) == 2 else None


@pytest.mark.parametrize("method", ["gradient", "smooth"])
def test_the_gradient_of_a_score_at_the_pixels_of_softmax_regression_is_its_weights(
    open_page, trained, engine, monkeypatch, method
):
    fed = []
    monkeypatch.setattr(why, "why_data", lambda *all_: fed.append(all_) or why_data(*all_))
    asked_for = {"sample": "4", "method": method, "why": "3", "minus": "8", "noisy": "20"}
    page = wait_until(lambda: shown(open_page(INSIDE, run=trained.id, **asked_for), fed))
    assert lessons.text(f"inside.{method}", copies=50) in prose(page)
    _, (now, before), fields = fed[-1]
    image = (load("mnist").test.x[4] / np.float32(255)).ravel()
    for each, weights in ((now, engine.weights(trained.id)), (before, engine.looks.first_weights(trained.id))):
        column = weights["dense/kernel"][:, 3] - weights["dense/kernel"][:, 8]
        np.testing.assert_allclose(each.places.ravel(), column, atol=1e-6)
        score = float(image @ column + weights["dense/bias"][3] - weights["dense/bias"][8])
        assert float(each.total.split("score ")[1]) == pytest.approx(score, rel=1e-3)
        assert ("mean of 50 gradients with 20% noise" in each.total) == (method == "smooth")
    assert [(field.size, field.step) for field in fields] == [(1, 1), (1, 1)]


def test_grad_cam_needs_maps_and_says_so(open_page, trained):
    page = open_page(INSIDE, run=trained.id, method="cam")
    assert not page.exception
    assert lessons.text("inside.no_maps") in prose(page)


def test_who_waits_for_a_gradient_reads_the_place_in_line_and_why_there_is_none(
    open_page, trained, engine, monkeypatch
):
    def refuse(*_):
        raise EngineError("No worker answered within a minute: try again")

    asked.answers().clear()
    monkeypatch.setattr(engine, "line", QuestionLine(lambda: 1))  # nobody else's question is in it
    monkeypatch.setattr(engine.looks, "mean_gradient", refuse)
    begun, go_on, others = threading.Event(), threading.Event(), [Future(), Future()]
    for number, other in enumerate(others):
        engine.line.join(f"person {number}", "a page", other, lambda: begun.set() or go_on.wait(30))
    try:
        assert begun.wait(10)
        page = open_page(INSIDE, run=trained.id, method="gradient", sample="11")
        assert lessons.text("line.number", number=2) in prose(page)
        assert not page.warning
        go_on.set()
        wait_until(lambda: page.run().warning)
        assert not page.exception
        assert "No worker answered" in page.warning[0].value
    finally:
        go_on.set()
        asked.answers().clear()


def test_the_time_machine_goes_through_the_kept_epochs_and_stands_still_at_the_last(open_page, trained, monkeypatch):
    clock = [100.0]
    give_clock(monkeypatch, epoch_choice, lambda: clock[0])
    page = open_page(INSIDE, run=trained.id)
    assert page.select_slider(key="inside_epoch").value == 1
    page.button(key="inside_play").click().run()
    assert page.select_slider(key="inside_epoch").value == 0
    assert page.button(key="inside_play").label == "Pause"
    page.run()
    assert page.select_slider(key="inside_epoch").value == 0
    clock[0] += 1.1
    page.run()
    assert page.select_slider(key="inside_epoch").value == 1
    assert page.run().button(key="inside_play").label == "Play"
    assert not page.exception


def test_each_word_of_the_address_that_stands_for_nothing_is_told(open_page, trained):
    """Whatever control it would have belonged to; the page shows the usual."""
    unknown = {"method": "zzz", "why": "77", "ranges": "broad", "more": "less"}
    page = open_page(INSIDE, run=trained.id, **unknown)
    assert not page.exception
    (warning,) = page.warning
    assert set(re.search(r"says (.+), which", warning.value).group(1).split(", ")) == {
        f"{name}={value}" for name, value in unknown.items()
    }
    page.run()
    assert not page.warning  # the address says by now what is shown


def test_what_was_asked_of_the_run_before_is_no_mistake(open_page, trained, engine):
    page = open_page(INSIDE, run=trained.id)
    page.query_params["method"] = "none_such"
    page.session_state["not_used_about"] = ("inside", "0" * 16)
    page.run()
    assert not page.warning
