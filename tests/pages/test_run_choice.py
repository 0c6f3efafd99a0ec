"""The list of runs on Results and Inside: a browser answers with words, and words change."""

import dataclasses

import pytest
from streamlit.testing.v1.element_tree import Selectbox

from lib.engine.runs.snapshot import RunRow
from lib.ui.kit import lessons
from lib.ui.session import past_runs, visitor

pytestmark = pytest.mark.engine
OWNER = "a" * 32
LISTS = {"results": "run_picker", "inside": "inside_run"}


def still_sends(words, monkeypatch):
    """Let the list send the words that it has shown before, as a browser does."""
    of = Selectbox._widget_state.fget

    def state(box):
        sent = of(box)
        sent.string_value = words
        return sent

    monkeypatch.setattr(Selectbox, "_widget_state", property(state))


@pytest.mark.parametrize("name", LISTS)
def test_a_run_that_is_listed_with_other_words_is_still_the_chosen_one(open_page, trained, monkeypatch, name):
    monkeypatch.setattr(visitor, "owner", lambda: "b" * 32)
    page = open_page(f"pages/{name}.py", run=trained.id, sample="7")
    before = page.selectbox(key=LISTS[name]).options
    monkeypatch.setattr(visitor, "owner", lambda: OWNER)
    monkeypatch.setattr(past_runs, "title", lambda row: f"{row.id} in other words")
    still_sends(before[0], monkeypatch)
    for _ in range(2):
        page.run()
        assert not page.exception
    assert page.selectbox(key=LISTS[name]).options != before
    assert lessons.text("results.deleted") not in [each.value for each in page.warning]
    assert page.query_params["run"] in (trained.id, [trained.id])
    assert page.query_params["sample"] in ("7", ["7"])


def test_no_two_runs_are_listed_with_the_same_words():
    row = RunRow("a" * 16, OWNER, "MLP on MNIST digits", "failed", "mnist", 0.0, 0, None)
    rows = {each: dataclasses.replace(row, id=each) for each in ("a" * 16, "b" * 16)}
    rows["c" * 16] = dataclasses.replace(row, id="c" * 16, title="Dense on MNIST digits")
    titles = past_runs.titles(rows)
    assert len(set(titles.values())) == 3
    assert titles["c" * 16] == past_runs.title(rows["c" * 16])


@pytest.mark.parametrize("name", LISTS)
def test_a_run_asked_for_in_vain_is_told_also_when_the_page_is_drawn_again(open_page, trained, monkeypatch, name):
    monkeypatch.setattr(visitor, "owner", lambda: OWNER)
    page = open_page(f"pages/{name}.py", run="0" * 16)
    told = lessons.text("results.unknown_run", run=repr("0" * 16))
    for _ in range(2):
        assert told in [each.value for each in page.warning]
        page.run()
    assert page.query_params["run"] != "0" * 16


@pytest.mark.parametrize("name", LISTS)
def test_a_run_has_the_same_words_before_and_after_the_browser_has_said_who_the_visitor_is(
    open_page, trained, monkeypatch, name
):
    shown = []
    for owner in ("b" * 32, OWNER):
        monkeypatch.setattr(visitor, "owner", lambda owner=owner: owner)
        picker = open_page(f"pages/{name}.py", run=trained.id).selectbox(key=LISTS[name])
        shown.append(picker.options[picker.index])
    assert shown[0] == shown[1]
    assert "%" in shown[0]
