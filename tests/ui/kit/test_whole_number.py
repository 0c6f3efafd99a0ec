import functools

import pytest
from helpers.app_tests import opened_script, run

from lib.ui.kit import choice

SCRIPT = """
import streamlit as st
from lib.ui.kit.whole_number import WholeNumber

high = st.session_state.get("high", 99)
if st.toggle("ask", True, key="ask"):
    st.session_state["answer"] = WholeNumber("seed", 1).field("Seed", 0, high)
"""


opened = functools.partial(opened_script, SCRIPT)


def test_the_address_says_the_number_unless_it_is_the_usual_one():
    page = opened()
    assert (page.session_state["answer"], page.query_params) == (1, {})
    page.number_input(key="seed").set_value(7)
    assert (run(page).session_state["answer"], page.query_params) == (7, {"seed": "7"})
    page.number_input(key="seed").set_value(1)
    assert (run(page).session_state["answer"], page.query_params) == (1, {})


@pytest.mark.parametrize("text", ["0", "12", "99", "007"])
def test_an_address_opens_its_number(text):
    assert opened(seed=text).number_input(key="seed").value == int(text)


@pytest.mark.parametrize("text", ["inf", "-inf", "nan", "1e400", "1e1", "", "9" * 5_000, "-1", "100", "1.0", "²"])
def test_what_is_no_number_of_the_range_is_as_if_nothing_were_asked_for(text):
    page = opened(seed=text)
    assert page.number_input(key="seed").value == page.session_state["answer"] == 1
    assert page.query_params == {}
    page.number_input(key="seed").set_value(5)
    assert (run(page).session_state["answer"], page.query_params) == (5, {"seed": "5"})


def test_a_number_beyond_a_new_bound_gives_way_to_the_usual_one():
    page = opened(seed="50")
    page.session_state["high"] = 20
    assert run(page).session_state["answer"] == 1


def test_a_number_is_there_again_when_the_question_comes_back():
    page = opened(seed="50")
    page.toggle(key="ask").set_value(False)
    run(page)
    page.query_params.clear()
    page.toggle(key="ask").set_value(True)
    assert (run(page).session_state["answer"], page.query_params) == (50, {"seed": "50"})


def test_going_back_in_the_browser_shows_the_number_of_its_address(monkeypatch):
    page = opened(seed="50")
    page.number_input(key="seed").set_value(7)
    run(page)
    monkeypatch.setattr(choice, "went_back", lambda: True)
    page.query_params = {"seed": "50"}
    assert run(page).session_state["answer"] == 50
