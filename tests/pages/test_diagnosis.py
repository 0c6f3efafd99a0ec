"""The diagnosis on Build and on Results, of real trainings: it is silent when nothing is wrong."""

import pytest
from helpers.waiting import wait_for_status, wait_until

from lib.specs.codec import from_query
from lib.specs.differences import difference

pytestmark = pytest.mark.engine
BUILD, RESULTS = "pages/build.py", "pages/results.py"
LAYERS = "Flatten;Dense(units=16,activation=relu);Dense(units=10,activation=softmax)"
BROKEN = {"dataset": "mnist", "samples": "500", "layers": LAYERS, "epochs": "4", "learning_rate": "10.0"}
OWNER = "a" * 32


@pytest.fixture(scope="module")
def broken(engine):
    """A trained run whose learning rate was far too high."""
    return wait_for_status(engine, engine.submit(from_query(BROKEN), OWNER), "done")


def cures_of(page):
    return [button.key for button in page.button if str(button.key).startswith("apply_cure_")]


@pytest.mark.parametrize("page", [BUILD, RESULTS])
def test_evidence_comes_first_then_the_name_then_the_cure(open_page, broken, page):
    opened = open_page(page, run=broken.id)
    assert not opened.exception
    lines = [each.value for each in opened.markdown]
    found = next(place for place, line in enumerate(lines) if "stethoscope" in line)
    assert "The training loss reached" in lines[found]
    assert lines[found + 1] == "**The training has diverged**"
    assert opened.button(key="apply_cure_diverged").label == "Compare with learning rate 0.001"
    assert any("The curve alone does not tell" in caption.value for caption in opened.caption)
    assert any("Each button opens an experiment" in caption.value for caption in opened.caption)


@pytest.mark.parametrize("page", [BUILD, RESULTS])
def test_a_run_with_nothing_wrong_is_left_in_peace(open_page, trained, page):
    opened = open_page(page, run=trained.id)
    assert not opened.exception
    assert not any("stethoscope" in each.value for each in opened.markdown)
    assert cures_of(opened) == []


@pytest.mark.parametrize("page", [BUILD, RESULTS])
def test_a_cure_opens_an_experiment_with_exactly_that_change(open_page, broken, page):
    opened = open_page(page, run=broken.id)
    opened.button(key="apply_cure_diverged").click().run()
    assert not opened.exception
    a, b = opened.session_state["experiment_a"], opened.session_state["experiment_b"]
    assert a == broken.spec
    assert difference(a, b) == [("learning_rate", 10.0, 0.001)]
    form = open_page("pages/experiments.py")
    form.session_state["experiment_a"], form.session_state["experiment_b"] = a, b
    form.run()
    assert any("learning\\_rate 10.0 → 0.001" in each.value for each in form.markdown)


def test_every_change_that_may_help_has_a_button_of_its_own(open_page, engine):
    few = {**BROKEN, "samples": "40", "validation_split": "0.5", "learning_rate": "0.01", "epochs": "40"}
    run = wait_for_status(engine, engine.submit(from_query(few), OWNER), "done")
    page = open_page(RESULTS, run=run.id)
    assert cures_of(page) == [
        "apply_cure_overfitting", "apply_cure_overfitting_stop_early",
        "apply_cure_overfitting_dropout", "apply_cure_overfitting_vary_images", "apply_cure_overfitting_more_samples",
        "apply_cure_too_few_samples",
    ]  # fmt: skip
    page.button(key="apply_cure_overfitting_dropout").click().run()
    assert not page.exception
    layers = [layer.kind for layer in page.session_state["experiment_b"].model.layers]
    assert layers == ["Flatten", "Dense", "Dropout", "Dense"]


def test_a_training_is_diagnosed_while_it_runs(open_page, engine):
    page = open_page(BUILD, **{**BROKEN, "epochs": "50", "batch_size": "1", "learning_rate": "1.0"})
    page.button(key="train").click().run()
    run_id = page.query_params["run"]
    wait_until(lambda: len(engine.snapshot(run_id).epoch_points) >= 1)
    page.run()
    assert not page.exception
    assert engine.snapshot(run_id).active
    assert "apply_cure_diverged" in cures_of(page)
    engine.stop(run_id)
    wait_for_status(engine, run_id, "stopped")


def test_a_cure_beyond_the_limits_of_this_installation_is_not_offered(open_page, broken, monkeypatch):
    import dataclasses

    from lib.ui.build import diagnosis
    from lib.ui.session.engine import settings

    small = dataclasses.replace(settings(), max_parameters=10)
    monkeypatch.setattr(diagnosis, "settings", lambda: small)
    page = open_page(BUILD, run=broken.id)
    assert any("stethoscope" in each.value for each in page.markdown)
    assert cures_of(page) == []
