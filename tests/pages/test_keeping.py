"""The owner of a run keeps it, or deletes it after reading what would be lost."""

from contextlib import closing
from pathlib import Path

import pytest
from helpers.told_runs import tell
from streamlit.testing.v1 import AppTest

from lib.engine.api import Engine
from lib.settings import Settings
from lib.specs.recipes import RECIPES
from lib.ui.session import engine as ui_engine
from lib.ui.session import visitor

ANN, BOB = "a" * 32, "b" * 32
RUN, OTHER = "1" * 16, "2" * 16
ROOT = Path(__file__).parents[2]


@pytest.fixture
def own_engine(tmp_path, monkeypatch):
    """An engine without workers, with two runs of Ann's; its pages are Ann's."""
    with closing(Engine(Settings(tmp_path, f"sqlite:///{tmp_path / 'runs.sqlite3'}"))) as opened:
        tell(opened._book, OTHER, ANN, spec=RECIPES["dense_512"].run)
        tell(opened._book, RUN, ANN)
        monkeypatch.setattr(visitor, "owner", lambda: ANN)
        yield opened


@pytest.fixture
def results(own_engine, monkeypatch):
    monkeypatch.setattr(ui_engine, "_opened", lambda: own_engine)
    page = AppTest.from_file(str(ROOT / "pages/results.py"), default_timeout=60)
    page.query_params["run"] = RUN
    return page.run()


def text(elements):
    return " ".join(element.value for element in elements)


def test_a_run_is_kept_by_one_switch_and_let_go_by_it(results, own_engine):
    assert not results.toggle(key="keep_run").value
    results.toggle(key="keep_run").set_value(True).run()
    assert own_engine.retention.is_kept(RUN)
    assert results.toggle(key="keep_run").value
    results.toggle(key="keep_run").set_value(False).run()
    assert not own_engine.retention.is_kept(RUN)
    assert not results.exception


def test_deleting_names_what_is_lost_and_then_shows_the_next_run(results, own_engine):
    assert "its weights after 1 epoch, its answers to 2,000 test samples" in text(results.markdown)
    results.button(key="delete_run").click().run()
    assert not results.exception
    assert "Deleted: Dense 128" in text(results.success)
    assert [row.id for row in own_engine.runs(ANN)] == [OTHER]
    assert results.query_params["run"] == OTHER
    assert "Deleted" not in text(results.run().success)


def test_what_a_person_has_stored_is_shown(results, own_engine):
    own_engine.retention.enforce()
    assert "Your runs and data take" in text(results.run().caption)


def test_nobody_else_sees_these_controls(own_engine, results, monkeypatch):
    monkeypatch.setattr(visitor, "owner", lambda: BOB)
    results.run()
    assert not results.exception
    assert not [toggle for toggle in results.toggle if toggle.key == "keep_run"]
    assert not [button for button in results.button if button.key == "delete_run"]


def test_a_refusal_is_told(results, own_engine, monkeypatch):
    own_engine.retention.delete(RUN, ANN)
    results.button(key="delete_run").click().run()
    assert not results.exception
    assert "it was deleted" in text(results.error) + text(results.warning)
