"""What no widget holds stands in the address, too; and parts that are open."""

from helpers.app_tests import opened_script, run

NOTED = """
import streamlit as st
from lib.ui.kit.noted import Noted, begin_visit, whole
begin_visit(st.session_state.get("page", "here"))
note = Noted("drawn", "others", 0, whole(0, 99))
st.button("Other", key="other", on_click=lambda: note.set(note.get() + 1))
st.caption(str(note.shown()))
"""
OPENED = """
import streamlit as st
from lib.ui.kit.opened import Opened
number = st.slider("number", 0, 9, 0, key="number")
with Opened("part").heading(f"A part {number}", ":material/code:") as part:
    if part.open:
        st.caption("inside")
"""


def caption(page):
    return [each.value for each in page.caption]


def test_a_note_is_written_into_the_address_and_the_address_opens_it():
    page = opened_script(NOTED)
    assert "others" not in page.query_params
    page.button(key="other").click().run().button(key="other").click().run()
    assert page.query_params["others"] in ("2", ["2"])
    assert caption(opened_script(NOTED, others="2")) == ["2"]
    assert caption(opened_script(NOTED, others="100")) == ["0"]


def test_during_a_visit_the_note_is_newer_than_the_address_and_a_new_visit_begins_with_the_address():
    page = opened_script(NOTED, others="5")
    page.button(key="other").click().run()
    page.query_params["others"] = "5"  # the browser may be late
    assert caption(run(page)) == ["6"]
    page.session_state["page"] = "there"
    run(page)
    page.session_state["page"] = "here"
    page.query_params["others"] = "7"
    assert caption(run(page)) == ["7"]


def test_a_part_is_open_where_the_address_says_so_and_says_so_once_it_is_opened():
    page = opened_script(OPENED)
    assert not caption(page)
    assert "part" not in page.query_params
    page.session_state["part"] = True
    assert caption(run(page)) == ["inside"]
    assert page.query_params["part"] in ("open", ["open"])
    assert caption(opened_script(OPENED, part="open")) == ["inside"]
    assert not caption(opened_script(OPENED, part="yes"))


def test_an_open_part_stays_open_when_its_heading_says_something_else():
    page = opened_script(OPENED, part="open")
    page.slider(key="number").set_value(3)
    assert caption(run(page)) == ["inside"]
    page.session_state["part"] = False
    assert not caption(run(page))
    assert "part" not in page.query_params
