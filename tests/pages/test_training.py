"""From Train to Results with a real worker: two-layer network, 1,000 digits, so that each run takes seconds."""

import pytest
from helpers.waiting import wait_for_status, wait_until

from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES

pytestmark = pytest.mark.engine
BUILD, RESULTS = "pages/build.py", "pages/results.py"
SHORT = {"dataset": "mnist", "samples": "1000", "layers": "Flatten;Dense(units=10,activation=softmax)"}


def status_of(page):
    """The words of the status line."""
    return next(m.value for m in page.markdown if "-badge[" in m.value)


def click(page, key):
    return page.button(key=key).click().run()


@pytest.fixture
def active_run(open_page, engine):
    """A Build page whose training goes on for long, stopped at the end."""
    page = open_page(BUILD, **SHORT, epochs="50", batch_size="1")
    click(page, "train")
    run_id = page.query_params["run"]
    wait_until(lambda: engine.snapshot(run_id).epoch >= 1)
    yield page.run()
    if engine.snapshot(run_id).active:
        engine.stop(run_id)
    wait_for_status(engine, run_id, "stopped", "done")


def test_train_leads_through_the_run_to_its_results(open_page, engine):
    page = click(open_page(BUILD, **SHORT, epochs="1"), "train")
    assert not page.exception
    run_id = page.query_params["run"]
    done = wait_for_status(engine, run_id, "done")
    page.run()
    assert "done" in status_of(page)
    assert "epoch 1/1" in status_of(page)
    assert f"{100 * done.evaluation.accuracy:.2f}%" in status_of(page)
    assert not page.button(key="train").disabled
    assert not page.button(key="add_epoch").disabled
    results = open_page(RESULTS, run=run_id)
    assert not results.exception
    assert results.metric[0].value == f"{100 * done.evaluation.accuracy:.2f}%"
    assert any("Both agree" in m.value for m in results.markdown)


def test_two_clicks_on_train_start_one_run(open_page, engine):
    page = open_page(BUILD, **SHORT, epochs="100", batch_size="1", seed="2")
    click(page, "train")
    first = page.query_params["run"]
    owner = engine.snapshot(first).owner
    # The second click left the browser before the first one's answer reached it: the button was not disabled yet.
    from lib.specs.codec import from_query

    again = engine.submit(from_query({**SHORT, "epochs": "100", "batch_size": "1", "seed": "2"}), owner)
    page.run()
    assert page.button(key="train").disabled
    assert again == first
    assert len(engine.runs(owner)) == 1
    click(page, "stop")
    wait_for_status(engine, first, "stopped", "done")


def test_a_run_can_be_paused_resumed_given_a_rate_extended_and_stopped_from_the_page(active_run, engine):
    page = active_run
    run_id = page.query_params["run"]
    assert page.button(key="train").disabled
    assert page.button(key="pause").label == "Pause"
    click(page, "pause")
    wait_for_status(engine, run_id, "paused")
    page.run()
    assert "paused" in status_of(page)
    assert page.button(key="pause").label == "Resume"
    page.select_slider(key="learning_rate").set_value(0.01).run()
    wait_until(lambda: engine.snapshot(run_id).learning_rate == pytest.approx(0.01))
    assert "learning_rate" not in page.query_params
    click(page, "add_epoch")
    assert engine.snapshot(run_id).epochs == 51
    click(page, "pause")
    wait_for_status(engine, run_id, "running")
    click(page.run(), "stop")
    wait_for_status(engine, run_id, "stopped")
    page.run()
    assert "stopped" in status_of(page)
    assert page.button(key="pause").label == "Resume"
    assert not page.exception


def test_settings_changed_in_mid_training_say_that_they_are_for_the_next_one(active_run):
    page = active_run

    def said():
        return [caption.value for caption in page.caption if "next training" in caption.value]

    assert said() == []
    page.number_input(key="epochs").set_value(60).run()
    (sentence,) = said()
    assert sentence.startswith("**epochs**: for the next training")
    assert "50 epochs" in sentence
    page.select_slider(key="batch_size").set_value(64).run()
    page.selectbox(key="new_layer").set_value("Dropout").run()
    click(page, "add_layer")
    assert [text.partition(":")[0] for text in said()] == [
        "**epochs**, **batch_size**", "These layers are for the next training",
    ]  # fmt: skip
    for _ in range(3):
        click(page, "undo")
    assert said() == []


def test_a_reload_finds_the_run_again_with_its_settings(active_run, open_page, spec_of):
    run_id = active_run.query_params["run"]
    again = open_page(BUILD, run=run_id)
    assert not again.exception
    assert "epoch" in status_of(again)
    assert spec_of(again) == spec_of(active_run)
    assert again.query_params["run"] == run_id


def test_somebody_elses_run_can_be_watched_but_not_steered(active_run, open_page):
    other = open_page(BUILD, run=active_run.query_params["run"])
    assert all(other.button(key=key).disabled for key in ("pause", "stop", "add_epoch"))
    assert any("the training of somebody else" in caption.value for caption in other.caption)
    other.select_slider(key="learning_rate").set_value(0.01).run()
    assert other.query_params["learning_rate"] == "0.01"


def test_the_sidebar_leads_back_to_the_active_run(active_run, open_page):
    page = open_page("app.py")
    page.session_state["run"] = active_run.query_params["run"]
    page.run()
    assert not page.exception
    assert any(link.label.startswith("To your run") for link in page.sidebar.get("page_link"))


def test_the_summary_that_keras_prints_is_filled_in(open_page, engine):
    page = open_page(BUILD, **to_query(RECIPES["dense_128"].run))
    engine.summary(RECIPES["dense_128"].run.model)
    wait_until(lambda: any("Total params: 101,770" in code.value for code in page.run().code))


def test_results_of_a_run_without_a_test_say_so_and_lead_back(active_run, open_page):
    page = open_page(RESULTS, run=active_run.query_params["run"])
    assert not page.exception
    assert any("has not seen the test images yet" in info.value for info in page.info)
    assert not page.metric


def test_a_newcomer_on_results_is_sent_to_train_first(open_page):
    page = open_page(RESULTS)
    assert not page.exception
    assert any("You have trained nothing yet" in info.value for info in page.info)


def test_an_unknown_run_on_results_is_named(open_page):
    page = open_page(RESULTS, run="*zzz*")
    assert not page.exception
    assert any("zzz" in warning.value for warning in page.warning)


def test_results_show_the_matrix_the_classes_and_the_cell_that_is_chosen(trained, open_page, engine):
    import numpy as np

    from lib.data.loading import load

    page = open_page(RESULTS, run=trained.id)
    assert not page.exception
    table = next(m.value for m in page.markdown if m.value.startswith("| class | precision")).splitlines()
    assert len(table) == 2 + 10
    true, predicted = load("mnist").test.y, engine.probabilities(trained.id).argmax(axis=1)
    inside = int(np.sum((true == 4) & (predicted == 9)))
    page.selectbox(key="cell_true").set_value(4).run()
    page.selectbox(key="cell_predicted").set_value(9).run()
    assert any(caption.value.startswith(f"{inside} of {np.sum(true == 4)}") for caption in page.caption)


@pytest.mark.parametrize("choice", ["wrong", "least_sure", "class"])
def test_the_answers_can_be_filtered_and_turned_over(trained, open_page, choice):
    page = open_page(RESULTS, run=trained.id)
    assert any(caption.value.startswith("1 to 20 of 2,000") for caption in page.caption)
    page.button_group(key="filter").set_value(choice).run()
    assert not page.exception
    assert any(caption.value.startswith("1 to 20 of") for caption in page.caption)
    page.session_state["page"] = 2
    page.run()
    assert any(caption.value.startswith("21 to 40 of") for caption in page.caption)


def test_what_is_chosen_on_results_stands_in_the_address_and_comes_from_it(trained, open_page):
    page = open_page(RESULTS, run=trained.id)
    assert set(page.query_params) == {"run"}
    page.selectbox(key="cell_true").set_value(4).run()
    page.selectbox(key="cell_predicted").set_value(9).run()
    page.button_group(key="confusion_numbers").set_value("shares").run()
    page.button_group(key="filter").set_value("class").run()
    page.selectbox(key="filter_class").set_value(7).run()
    page.number_input(key="sample").set_value(12).run()
    page.session_state["page"] = 3
    page.run()
    wanted = {
        "run": trained.id, "cell": "4-9", "numbers": "shares", "filter": "class", "class": "7", "sample": "12",
        "page": "3",
    }  # fmt: skip
    assert (
        dict(page.query_params) == {name: [text] for name, text in wanted.items()} or dict(page.query_params) == wanted
    )
    again = open_page(RESULTS, **wanted)
    assert not again.exception
    assert (again.selectbox(key="cell_true").value, again.selectbox(key="cell_predicted").value) == (4, 9)
    assert again.selectbox(key="filter_class").value == 7
    assert again.number_input(key="sample").value == 12
    assert any(caption.value.startswith("41 to 60 of") for caption in again.caption)


def test_what_an_address_of_results_cannot_have_is_as_if_it_were_not_there(trained, open_page):
    page = open_page(RESULTS, run=trained.id, cell="4-x", filter="none", page="101", sample="2000", numbers="inf")
    assert not page.exception
    assert page.number_input(key="sample").value == 0
    assert [caption.value[:16] for caption in page.caption if " of 2,000" in caption.value] == ["1 to 20 of 2,000"]


def test_one_answer_is_computed_again_and_equals_what_keras_said(trained, open_page):
    page = open_page(RESULTS, run=trained.id)
    page.number_input(key="sample").set_value(1_234).run()
    assert not page.exception
    assert any("Both agree" in m.value for m in page.markdown)


def test_curves_go_into_a_table_with_one_line_an_epoch(trained):
    from lib.ui.results.downloads import curves_csv

    lines = curves_csv(trained).splitlines()
    assert lines[0].startswith("epoch,loss,accuracy,val_loss")
    assert lines[1].split(",")[:2] == ["1", str(trained.epoch_points[0].loss)]
    assert len(lines) == 2
