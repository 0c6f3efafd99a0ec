"""The part of Results that makes images worse: measured by a worker of the real engine, shown as curves."""

import json

import numpy as np
import pytest
from helpers.waiting import wait_until

from lib.data.corruptions import CORRUPTIONS, amounts, corrupted
from lib.data.loading import load
from lib.engine.errors import EngineError
from lib.ui.kit import lessons
from lib.ui.results import robustness
from lib.ui.session import asked

pytestmark = pytest.mark.engine
RESULTS = "pages/results.py"


def words_of(page):
    return "\n".join(each.value for each in [*page.markdown, *page.caption, *page.warning])


def chart(page, key):
    """The figure of a chart, or None."""
    found = [each.proto for each in page.get("plotly_chart") if key in each.proto.id]
    return json.loads(found[0].spec) if found else None


def measured(page):
    """Press the button, and draw the page again until the curves are there."""
    page.button(key="measure_robustness").click().run()

    def shown():
        page.run()
        assert not page.exception
        return chart(page, "robustness_accuracy")

    return wait_until(shown)


def test_curves_come_from_a_worker_and_begin_with_the_runs_own_accuracy(open_page, trained, engine, monkeypatch):
    monkeypatch.setattr(robustness, "MOST_IMAGES", 60)
    page = open_page(RESULTS, run=trained.id, robust_sample="3")
    curves = measured(page)["data"]
    assert "measure_robustness" not in [button.key for button in page.button]
    test, numbers = load("mnist").test, np.linspace(0, 1_999, 60).astype(int)
    right = engine.probabilities(trained.id)[numbers].argmax(axis=1) == test.y[numbers]
    assert [curve["y"][0] for curve in curves] == [pytest.approx(right.mean(), abs=1e-4)] * len(CORRUPTIONS)
    weights = engine.weights(trained.id)

    def logits(images):
        flat = images.reshape(len(images), -1) / np.float32(255)
        return flat @ weights["dense/kernel"] + weights["dense/bias"]

    for curve, kind in zip(curves, CORRUPTIONS, strict=True):
        worst = corrupted(test.x[numbers], kind, amounts(kind, 28, 28)[-1], numbers)
        share = (logits(worst).argmax(axis=1) == test.y[numbers]).mean()
        assert curve["y"][-1] == pytest.approx(share, abs=1e-4)
    worst = logits(corrupted(test.x[3:4], "noise", 90, [3]))[0]
    of_image = chart(page, "robustness_image")["data"][0]
    expected = np.exp(worst - worst.max()) / np.exp(worst - worst.max()).sum()
    assert of_image["y"][-1] == pytest.approx(float(expected[test.y[3]]), abs=1e-3)
    assert of_image["customdata"][-1] == ["90", str(worst.argmax())]
    assert "**60 test images**" in words_of(page)


def test_a_worker_that_does_not_answer_is_a_sentence_and_a_second_try(open_page, trained, engine, monkeypatch):
    def refuse(*_):
        raise EngineError("No worker answered within a minute: try again")

    monkeypatch.setattr(robustness, "MOST_IMAGES", 60)
    asked.answers().clear()
    with monkeypatch.context() as patch:
        patch.setattr(engine.looks, "robustness", refuse)
        page = open_page(RESULTS, run=trained.id)
        page.button(key="measure_robustness").click().run()
        wait_until(lambda: "No worker answered" in words_of(page) or not page.run())
    assert not page.exception
    page.button(key="robustness_try").click().run()
    wait_until(lambda: chart(page, "robustness_accuracy") or not page.run())
    assert not page.warning
    assert not page.exception


def test_a_run_without_weights_has_pictures_and_no_button(open_page, trained, engine, monkeypatch):
    monkeypatch.setattr(engine, "epochs_kept", lambda run_id: [])
    page = open_page(RESULTS, run=trained.id)
    assert not page.exception
    assert "measure_robustness" not in [button.key for button in page.button]
    assert lessons.text("results.no_weights") in words_of(page)


@pytest.mark.parametrize("value", ["inf", "-1", "2000", "<b>"])
def test_an_image_that_there_is_not_is_as_if_none_were_asked_for(open_page, trained, value):
    page = open_page(RESULTS, run=trained.id, robust_sample=value)
    assert not page.exception
    assert page.number_input(key="robust_sample").value == 0


def test_a_network_that_is_much_work_sees_fewer_images(trained, monkeypatch):
    model = trained.spec.model
    work = 6 * model.multiply_adds()
    for budget, images in ((1e12, 500), (work * 123.5, 123), (work, 50)):
        monkeypatch.setattr(robustness, "MOST_WORK", budget)
        assert robustness.images_for(model) == images
