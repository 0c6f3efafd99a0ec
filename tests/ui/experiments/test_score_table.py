"""The score table in a page of its own, of real runs in a real store."""

import dataclasses
import json
from contextlib import closing
from types import SimpleNamespace

import pytest
from helpers.app_tests import opened_script, quick_app_tests, run
from helpers.told_runs import SPEC, tell
from streamlit import dataframe_util

from lib.engine.api import Engine
from lib.engine.runs.tables import experiment_members, experiments
from lib.settings import Settings
from lib.ui.experiments import score_table
from lib.ui.session import engine as ui_engine
from lib.ui.session import visitor
from lib.ui.session.state import EXPERIMENT_A, EXPERIMENT_B

__all__ = ["quick_app_tests"]

ANN, BOB = "a" * 32, "b" * 32
OLD, NEW, BOBS = "1" * 16, "2" * 16, "3" * 16
FASTER = dataclasses.replace(SPEC, training=dataclasses.replace(SPEC.training, learning_rate=0.01))
SCRIPT = """
import streamlit as st
from lib.ui.experiments import score_table
from lib.ui.kit.noted import begin_visit

begin_visit(st.session_state.get("page", "here"))
st.button("sort", key="told_sort", on_click=score_table._sort)
st.button("pick", key="told_picked", on_click=score_table._pick)
score_table.score_table()
"""


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """An engine without workers whose pages are Ann's."""
    with closing(Engine(Settings(tmp_path, f"sqlite:///{tmp_path / 'runs.sqlite3'}"))) as opened:
        monkeypatch.setattr(visitor, "owner", lambda: ANN)
        monkeypatch.setattr(ui_engine, "_opened", lambda: opened)
        yield opened


@pytest.fixture
def runs(engine):
    """Two runs of Ann's that differ in one setting, and one of Bob's."""
    tell(engine._book, OLD, ANN)
    tell(engine._book, NEW, ANN, spec=FASTER)
    tell(engine._book, BOBS, BOB)
    return engine


@pytest.fixture
def told(monkeypatch):
    """Have the browser tell something, and the page run."""

    def tell_page(page, name, value):
        result = SimpleNamespace(sort=None, picked=None)
        setattr(result, name, value)
        with monkeypatch.context() as patch:
            patch.setattr(score_table, "_TABLE", SimpleNamespace(name="score_rows", get=lambda: result))
            page.button(key=f"told_{name}").click()
            return run(page)

    return tell_page


def sent(page):
    """What the browser gets."""
    (part,) = [each for each in page.get("bidi_component") if each.proto.component_name.endswith("score_table")]
    (data,) = json.loads(part.proto.json)
    return data


def prose(page):
    return "\n".join(each.value for each in [*page.markdown, *page.caption, *page.info, *page.error, *page.success])


def test_without_a_run_a_sentence_leads_to_build(engine):
    page = opened_script(SCRIPT)
    assert "You have no run yet" in prose(page)
    assert not page.get("bidi_component")
    assert not page.get("download_button")


def test_all_ones_own_runs_stand_there_newest_first_and_nobody_elses(runs):
    data = sent(opened_script(SCRIPT))
    assert [run_id for run_id, _ in data["rows"]] == [NEW, OLD]
    columns = [column["id"] for column in data["columns"]]
    assert "learning_rate" in columns
    assert "batch_size" not in columns
    assert (data["sort"], data["picked"]) == ("-created_at", [])
    cells = dict(zip(columns, data["rows"][0][1], strict=True))
    assert (cells["learning_rate"], cells["test_accuracy"]) == (0.01, 0.9)
    assert (cells["parameters"], cells["train_seconds"]) == (SPEC.model.parameters, 2.0)


def test_an_address_opens_a_sorted_table_with_its_runs_picked(runs):
    page = opened_script(SCRIPT, sort="-test_accuracy", compare=f"{OLD}-{NEW}")
    assert (sent(page)["sort"], sent(page)["picked"]) == ("-test_accuracy", [OLD, NEW])
    assert page.query_params["sort"] == "-test_accuracy"
    assert page.query_params["compare"] == f"{OLD}-{NEW}"
    assert "What differs" in prose(page)
    assert "**learning\\_rate**: 0.001 → 0.01" in prose(page)


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "nothing"}, {"sort": "<script>"}, {"sort": "-" * 5_000},
        {"compare": "x"}, {"compare": f"{NEW}-{NEW}-{OLD}"},
        {"compare": "../../etc"}, {"compare": "f" * 16}, {"compare": BOBS},
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_opens_the_table_as_usual(runs, query):
    data = sent(opened_script(SCRIPT, **query))
    assert (data["sort"], data["picked"]) == ("-created_at", [])


def test_a_run_in_the_address_that_is_not_ones_own_is_told_until_another_one_is_picked(runs, told):
    page = opened_script(SCRIPT, compare=f"{BOBS}-{NEW}")
    assert "not among yours" in page.warning[0].value
    assert sent(page)["picked"] == [NEW]
    assert not told(page, "picked", [NEW, OLD]).warning


def test_what_is_clicked_in_the_browser_stands_in_the_address(runs, told):
    page = opened_script(SCRIPT)
    told(page, "sort", "learning_rate")
    assert page.query_params["sort"] == "learning_rate"
    told(page, "picked", [NEW])
    assert page.query_params["compare"] == NEW
    assert sent(page)["picked"] == [NEW]
    told(page, "picked", [NEW, OLD])
    assert sent(page)["picked"] == [NEW, OLD]
    assert sent(page)["sort"] == "learning_rate"
    told(page, "picked", [])
    assert "compare" not in page.query_params


def test_an_address_that_is_followed_later_in_the_session_counts_again(runs, told):
    page = opened_script(SCRIPT, sort="-test_accuracy", compare=OLD)
    told(page, "sort", "title")
    told(page, "picked", [NEW])
    page.query_params.update({"sort": "-test_accuracy", "compare": OLD})  # the browser may be late
    assert (sent(run(page))["sort"], sent(page)["picked"]) == ("title", [NEW])
    page.session_state["page"] = "there"
    run(page)
    page.session_state["page"] = "here"
    page.query_params.update({"sort": "learning_rate", "compare": f"{OLD}-{NEW}"})
    assert (sent(run(page))["sort"], sent(page)["picked"]) == ("learning_rate", [OLD, NEW])


@pytest.mark.parametrize(
    ("name", "value"),
    [("sort", 7), ("sort", "--"), ("sort", "a b"), ("sort", None), ("picked", "x"), ("picked", [1]), ("picked", None),
     ("picked", [NEW] * 3), ("picked", ["<b>"]), ("picked", {"a": 1})],
)  # fmt: skip
def test_a_browser_may_send_anything(runs, told, name, value):
    page = told(opened_script(SCRIPT), name, value)
    assert (sent(page)["sort"], sent(page)["picked"]) == ("-created_at", [])


@pytest.mark.parametrize("query", [{}, {"compare": NEW}, {"compare": f"{OLD}-{NEW}"}])
def test_the_table_does_not_make_streamlit_look_for_data_frames_with_pandas(runs, monkeypatch, query):
    looked_at = []
    monkeypatch.setattr(dataframe_util, "determine_data_format", looked_at.append)
    opened_script(SCRIPT, **query)
    assert looked_at == []


def test_two_runs_go_into_an_experiment(runs):
    page = opened_script(SCRIPT, compare=f"{OLD}-{NEW}")
    page.button(key="compare_runs").click()
    run(page)
    assert page.session_state[EXPERIMENT_A.name] == SPEC
    assert page.session_state[EXPERIMENT_B.name] == FASTER


def test_two_equal_runs_cannot_be_compared(runs):
    tell(runs._book, "4" * 16, ANN)
    page = opened_script(SCRIPT, compare=f"{OLD}-{'4' * 16}")
    assert "Nothing: both have the same settings" in prose(page)
    assert page.button(key="compare_runs").disabled


def test_a_run_is_renamed_tagged_and_written_about_and_the_table_shows_it_at_once(runs):
    page = opened_script(SCRIPT, compare=NEW)
    for key, text in (("score_title", "quick one"), ("score_tags", "good, deep"), ("score_note", "a higher rate")):
        field = page.text_area(key=key) if key == "score_note" else page.text_input(key=key)
        field.set_value(text)
        run(page)
    data = sent(page)
    cells = dict(zip([column["id"] for column in data["columns"]], data["rows"][0][1], strict=True))
    assert (cells["title"], cells["tags"], cells["note"]) == ("quick one", "good deep", "a higher rate")
    assert page.text_input(key="score_tags").value == "good deep"
    assert runs.snapshot(NEW).title == "quick one"
    assert "quick one" in prose(page)


def test_the_fields_show_the_run_that_is_picked(runs, told):
    runs.notes.rename(OLD, ANN, "old one")
    page = opened_script(SCRIPT, compare=NEW)
    page.text_input(key="score_title").set_value("new one")
    run(page)
    told(page, "picked", [OLD])
    assert page.text_input(key="score_title").value == "old one"
    told(page, "picked", [NEW])
    assert page.text_input(key="score_title").value == "new one"


def test_what_is_refused_is_told_and_stays_in_its_field(runs):
    page = opened_script(SCRIPT, compare=NEW)
    before = runs.snapshot(NEW).title
    page.text_input(key="score_title").set_value("  ")
    run(page)
    assert "A run needs a name" in prose(page)
    assert runs.snapshot(NEW).title == before
    page.text_input(key="score_tags").set_value(" ".join(map(str, range(11))))
    run(page)
    assert "at most 10 tags, not 11" in prose(page)
    assert page.text_input(key="score_tags").value.endswith("10")


def test_a_run_is_kept_and_deleted_from_the_table(runs):
    page = opened_script(SCRIPT, compare=NEW, sort="title")
    page.toggle(key="keep_run").set_value(True)
    run(page)
    assert runs.retention.is_kept(NEW)
    page.button(key="delete_run").click()
    run(page)
    assert "Deleted: " in prose(page)
    assert [run_id for run_id, _ in sent(page)["rows"]] == [OLD]
    assert sent(page)["picked"] == []
    assert page.query_params["sort"] == "title"
    assert "compare" not in page.query_params


def test_deleting_a_member_of_an_experiment_is_a_sentence(runs):
    with runs._book.store.database.begin() as connection:
        values = {"id": "e" * 16, "owner": ANN, "plan": "{}", "status": "done", "created_at": 1.0}
        connection.execute(experiments.insert().values(**values))
        connection.execute(experiment_members.insert().values(experiment_id="e" * 16, place=0, run_id=NEW))
    page = opened_script(SCRIPT, compare=NEW)
    page.button(key="delete_run").click()
    run(page)
    assert "belongs to an experiment" in prose(page)
    assert runs.snapshot(NEW).id == NEW


HOSTILE = ["<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "**bold** $x$ :material/home:", "=1+1"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_text(runs, name):
    runs.notes.rename(NEW, ANN, name)
    for compare in (NEW, f"{NEW}-{OLD}"):
        page = opened_script(SCRIPT, compare=compare)
        assert sent(page)["rows"][0][1][0] == name
        shown = prose(page)
        assert name not in shown or name == "=1+1"
        assert not any(each.allow_html for each in page.markdown)
