"""Where a person looks in a component: told by the browser, or said by an address that is newer."""

import pytest
from helpers.app_tests import opened_script, run

from lib.ui.kit import looked

SCRIPT = """
import streamlit as st
from lib.ui.kit.looked import looked
st.caption(str(dict(looked(st.session_state.get("told"), "view", row=("1", "2", "3")))))
"""


@pytest.fixture
def back(monkeypatch):
    """Have the next runs come by the browser's Back, or by a task that sets the page up; or not any more."""
    return lambda came: monkeypatch.setattr(looked, "went_back", lambda: came)


def seen(page):
    return page.caption[0].value


def test_what_the_browser_told_last_is_newer_than_the_address():
    page = opened_script(SCRIPT, row="1")
    assert seen(page) == "{'row': '1'}"
    page.session_state["told"] = {"row": 2}
    assert seen(run(page)) == "{'row': '2'}"
    page.session_state["told"] = {"row": None}
    assert seen(run(page)) == "{}"


def test_an_address_that_a_person_went_back_to_is_newer_until_the_browser_tells_something_else(back):
    page = opened_script(SCRIPT)
    page.session_state["told"] = {"row": 2}
    assert seen(run(page)) == "{'row': '2'}"
    back(True)
    assert seen(run(page)) == "{}"
    back(False)
    assert seen(run(page)) == "{}"
    page.query_params["row"] = "2"  # there again: the browser has written it, and tells the same as before
    assert seen(run(page)) == "{'row': '2'}"
    page.session_state["told"] = {"row": 3}
    assert seen(run(page)) == "{'row': '3'}"


@pytest.mark.parametrize("told", ["x", 7, [1], {"row": "9"}, {"row": [1]}, {1: 2}, {}])
def test_a_browser_may_send_anything(told):
    page = opened_script(SCRIPT)
    page.session_state["told"] = told
    assert seen(run(page)) == "{}"
