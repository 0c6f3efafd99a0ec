import functools

import pytest
from helpers.app_tests import opened_script, run

from lib.ui.kit import choice

SCRIPT = """
import streamlit as st
from lib.ui.kit.choice import Choice

if st.toggle("ask", True, key="ask"):
    with st.container():
        how = Choice(
            "pool_type", {"max": "max", "min": "min", "global_max": "global max"}, "max", parameter="how"
        ).segments("Pooling")
        unit = Choice("unit", {0: "unit 1", 1: "unit 2"}, 0).listed("Unit")
        part, _ = Choice("part", {"pixels": "Pixels", "split": "The split"}, "pixels").tabs()
        st.session_state["answers"] = how, unit, part
"""


opened = functools.partial(opened_script, SCRIPT)


def answers(page):
    return page.session_state["answers"]


def test_without_an_address_the_usual_answers_are_shown_and_the_address_stays_empty():
    page = opened()
    assert answers(page) == ("max", 0, "pixels")
    assert page.query_params == {}


def test_an_address_opens_the_answers_that_its_ids_name():
    page = opened(how="global_max", unit="1", part="split")
    assert answers(page) == ("global_max", 1, "split")
    assert page.query_params == {"how": "global_max", "unit": "1", "part": "split"}


def test_people_read_labels():
    page = opened()
    assert [option.content for option in page.segmented_control[0].proto.options] == ["max", "min", "global max"]
    assert page.selectbox(key="unit").options == ["unit 1", "unit 2"]
    assert [tab.label for tab in page.tabs] == ["Pixels", "The split"]


def test_a_changed_answer_goes_into_the_address_and_the_usual_one_leaves_it():
    page = opened()
    page.segmented_control(key="pool_type").set_value("global_max")
    page.selectbox(key="unit").set_value(1)
    assert answers(run(page)) == ("global_max", 1, "pixels")
    assert page.query_params == {"how": "global_max", "unit": "1"}
    page.segmented_control(key="pool_type").set_value("max")
    assert answers(run(page)) == ("max", 1, "pixels")
    assert page.query_params == {"unit": "1"}


@pytest.mark.parametrize("text", ["", "global max ", "../x", "Max", "<b>", "0"])
def test_what_is_no_answer_is_as_if_nothing_were_asked_for(text):
    page = opened(how=text, part=text)
    assert answers(page) == ("max", 0, "pixels")
    assert not page.query_params.get("how")
    assert not page.query_params.get("part")


def test_a_changed_answer_wins_over_an_address_that_the_browser_still_reports():
    page = opened(how="min")
    page.segmented_control(key="pool_type").set_value("global_max")
    run(page)
    page.query_params["how"] = "min"
    assert answers(run(page))[0] == "global_max"
    assert page.query_params["how"] == "global_max"


def test_going_back_in_the_browser_shows_what_its_address_says(monkeypatch):
    page = opened(how="min", part="split")
    page.segmented_control(key="pool_type").set_value("global_max")
    run(page)
    monkeypatch.setattr(choice, "went_back", lambda: True)
    page.query_params = {"how": "min"}
    assert answers(run(page)) == ("min", 0, "pixels")
    monkeypatch.undo()
    assert answers(run(page)) == ("min", 0, "pixels")


def test_an_answer_is_there_again_when_the_question_comes_back():
    page = opened(how="min")
    page.selectbox(key="unit").set_value(1)
    run(page)
    page.toggle(key="ask").set_value(False)
    run(page)
    page.query_params.clear()
    page.toggle(key="ask").set_value(True)
    assert answers(run(page)) == ("min", 1, "pixels")
    assert page.query_params == {"how": "min", "unit": "1"}


def test_an_address_wins_over_what_is_remembered_when_the_question_comes_back():
    page = opened(how="min")
    page.toggle(key="ask").set_value(False)
    run(page)
    page.query_params = {"how": "global_max"}
    page.toggle(key="ask").set_value(True)
    assert answers(run(page))[0] == "global_max"


def test_an_answer_that_is_not_offered_any_more_gives_way_to_the_usual_one():
    page = opened()
    page.session_state["pool_type"] = "median"
    assert answers(run(page))[0] == "max"
