"""Values that a person puts into a row stand in the address; those of a person's own table stay in the session."""

from helpers.app_tests import opened_script, run

SCRIPT = """
import dataclasses
from types import SimpleNamespace
import streamlit as st
from lib.data.loading import load
from lib.specs.codec import from_query
from lib.ui.inside.table_input import edited_row
spec = from_query({"dataset": "penguins", "layers": "Dense(units=3,activation=softmax)"})
number = st.session_state.get("number", 7)
test = load("penguins").test
given = edited_row(SimpleNamespace(id="a" * 16, spec=spec), number, test.x[number], int(test.y[number]))
st.session_state["values"] = given.values.tolist()
st.session_state["as_it_is"] = test.x[number].tolist()
"""


def first(page):
    return next(field for field in page.number_input if field.key.endswith("_0"))


def test_a_value_that_was_put_in_stands_in_the_address_with_its_row_and_opens_again():
    page = opened_script(SCRIPT)
    assert page.session_state["values"] == page.session_state["as_it_is"]
    first(page).set_value(41.5).run()
    assert page.query_params["values"] in ("7;0:41.5", ["7;0:41.5"])
    fresh = opened_script(SCRIPT, values="7;0:41.5")
    assert fresh.session_state["values"] == page.session_state["values"] == [41.5, *fresh.session_state["as_it_is"][1:]]
    page.button(key="inside_undo").click()
    assert run(page).session_state["values"] == page.session_state["as_it_is"]
    assert "values" not in page.query_params


def test_another_row_comes_as_it_is_and_takes_the_values_out_of_the_address():
    page = opened_script(SCRIPT, values="7;0:41.5")
    page.session_state["number"] = 8
    assert run(page).session_state["values"] == page.session_state["as_it_is"]
    assert "values" not in page.query_params


def test_a_text_that_makes_no_sense_changes_nothing():
    for text in ("7", "7;0:nan", "7;0:1e999", "7;99:1", "x;0:1", "7;0:41.5" * 500, "7;0:" + "9" * 40):
        page = opened_script(SCRIPT, values=text)
        assert page.session_state["values"] == page.session_state["as_it_is"], text
