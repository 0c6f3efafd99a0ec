"""A store that cannot be used, met by visitors: Learn pages work, others say what is wrong, nothing stays behind."""

import threading
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from helpers.damaged_stores import (
    behind_its_first_page,
    cut_short,
    from_the_future,
    in_its_second_half,
    open_files,
    without_a_column,
    without_header,
)  # fmt: skip
from helpers.told_runs import tell
from streamlit.testing.v1 import AppTest

from lib.engine.api import Engine
from lib.engine.runs.book import RunBook
from lib.engine.runs.store import Store
from lib.engine.work.host import HostError
from lib.errors import StoreError
from lib.specs.recipes import RECIPES
from lib.ui.app import frame, hero
from lib.ui.session import engine as ui_engine
from lib.ui.session import visitor
from lib.ui.session.state import CHOSEN_RUN

ANN = "a" * 32
RUNS = [letter * 16 for letter in "abc"]
SECONDS, ROOT = 60, Path(__file__).parents[2]
FREE = ("home", *frame.LEARN)
OF_A_RUN = ("build", "inside", "results")
NEEDY = (*OF_A_RUN, "experiments")


@pytest.fixture
def path(tmp_path, monkeypatch):
    """The store of an app that has ended, with three runs of Ann's; pages open their own engine on it."""
    path = tmp_path / "home" / "layerlab.sqlite3"
    with closing(RunBook(Store(f"sqlite:///{path}"))) as book:
        for run_id, recipe in zip(RUNS, ("dense_128", "dense_512", "simple_cnn"), strict=True):
            tell(book, run_id, ANN, spec=RECIPES[recipe].run)
    monkeypatch.setenv("LAYERLAB_HOME", str(path.parent))
    monkeypatch.setattr(ui_engine, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(ui_engine, "WARM_AFTER_SECONDS", 3600.0)
    monkeypatch.setattr(ui_engine, "open_engine", lambda settings: Engine(settings, no_workers))
    monkeypatch.setattr(ui_engine, "_LAST", type(ui_engine._LAST)())
    monkeypatch.setattr(visitor, "owner", lambda: ANN)
    forget()
    yield path
    if not ui_engine.store_trouble():
        ui_engine.engine().close()
    forget()


def no_workers(*_):
    raise HostError("no workers are needed here")


def forget():
    ui_engine.settings.clear()
    ui_engine._opened.clear()


def visit(name, **query):
    page = AppTest.from_file(str(ROOT / f"pages/{name}.py"), default_timeout=SECONDS)
    page.query_params.update(query)
    return page.run()


def shown(page):
    return " ".join(element.value for kind in (page.error, page.warning) for element in kind)


def left_behind(path, others):
    """Threads, beside those of other engines of this process, and files of the store that nobody has closed."""
    threads = [thread.name for thread in engine_threads() - others]
    lock = FileLock(path.parent / "engine.lock")
    with lock.acquire(timeout=0):
        return threads + [name for name in open_files(path.parent) if not name.endswith("engine.lock")]


def engine_threads():
    return {thread for thread in threading.enumerate() if thread.name.startswith("layerlab-")}


DAMAGES = {
    behind_its_first_page: "is damaged",
    cut_short: "is damaged",
    without_header: "is damaged",
    in_its_second_half: "is damaged",
    without_a_column: "lacks the column seconds",
    from_the_future: "a newer LayerLab",
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_pages_that_need_the_store_say_what_is_wrong_and_work_again_when_it_is_mended(path, damage):
    good, others = path.read_bytes(), engine_threads()
    damage(path)
    damaged = path.read_bytes()
    for name in NEEDY * 2:
        page = visit(name, run=RUNS[0])
        assert not page.exception
        assert DAMAGES[damage] in shown(page), name
        assert "Whoever runs LayerLab should" in shown(page)
        assert "runs cannot be stored" in " ".join(caption.value for caption in page.sidebar.caption)
    assert path.read_bytes() == damaged
    if ui_engine._LAST.why is not None:  # else the damage shows only where somebody reads
        assert left_behind(path, others) == []
    path.unlink()
    path.write_bytes(good)
    for name in NEEDY:
        page = visit(name, run=RUNS[0])
        assert not page.exception
        assert not page.error
    assert len(ui_engine.engine().runs(ANN)) == 3


@pytest.mark.slow
@pytest.mark.parametrize("name", FREE)
def test_pages_that_need_no_store_work_all_the_same(path, name):
    without_header(path)
    page = visit(name)
    assert not page.exception
    assert not page.error
    assert page.markdown


def test_a_home_that_is_a_file_is_named(path, tmp_path, monkeypatch):
    home = tmp_path / "mine"
    home.write_text("mine")
    monkeypatch.setenv("LAYERLAB_HOME", str(home))
    page = visit("build")
    assert not page.exception
    assert "mine is a file" in shown(page)
    assert home.read_text() == "mine"


def test_a_store_that_may_only_be_read_says_so(path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///file:{path}?mode=ro&uri=true")
    page = visit("results")
    assert not page.exception
    assert "may only be read" in shown(page)


def test_a_setting_that_is_no_number_is_named(path, monkeypatch):
    monkeypatch.setenv("LAYERLAB_MAX_EPOCHS", "many")
    page = visit("build")
    assert not page.exception
    assert "LAYERLAB\\_MAX\\_EPOCHS" in shown(page)
    assert "'many'" in shown(page)
    for name in ("home", "convolution"):
        page = visit(name)
        assert not page.exception
        assert not page.error


def test_one_run_whose_spec_is_damaged_hides_itself_only(path):
    with closing(Store(f"sqlite:///{path}")) as store, store.database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE runs SET spec = '{{' WHERE id = '{RUNS[2]}'")
    page = visit("results")
    assert not page.exception
    assert not page.error
    assert len(page.selectbox(key="run_picker").options) == 2
    for name in OF_A_RUN:
        page = visit(name, run=RUNS[2])
        assert not page.exception
        assert "LayerLab does not know it" in shown(page)
    assert not visit("convolution").exception


def test_one_run_whose_events_are_damaged_hides_itself_only_and_stops_nobody_from_training(path, monkeypatch):
    with closing(Store(f"sqlite:///{path}")) as store, store.database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE events SET event = '{{' WHERE run_id = '{RUNS[2]}'")
    page = visit("results", run=RUNS[2])
    assert not page.exception
    assert "LayerLab does not know it" in shown(page)
    assert len(page.selectbox(key="run_picker").options) == 2
    page = visit("build")
    monkeypatch.setattr(ui_engine.engine()._dispatcher, "enqueue", lambda *_, **__: None)  # no worker is needed here
    page.button(key="train").click().run()
    assert not page.exception
    assert not page.error
    assert ui_engine.engine().runs(ANN)[0].status == "queued"


def test_weights_and_answers_that_are_damaged_are_said_of_their_run_alone(path):
    with closing(Store(f"sqlite:///{path}")) as store, store.database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE checkpoints SET weights = x'00' WHERE run_id = '{RUNS[2]}'")
        connection.exec_driver_sql(f"UPDATE evaluations SET probabilities = x'00' WHERE run_id = '{RUNS[2]}'")
    page = visit("results", run=RUNS[2])
    assert not page.exception
    assert "The stored data of this run are damaged" in shown(page)
    page = visit("results", run=RUNS[1])
    assert not page.exception
    assert not page.error


def test_a_store_that_fails_in_mid_visit_is_said_on_the_page(path, monkeypatch):
    def fail():
        raise StoreError("The store has just been lost.")

    monkeypatch.setattr(hero, "show", fail)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS).run().run()
    assert not page.exception
    assert "The store has just been lost." in shown(page)


def test_a_button_that_the_store_does_not_take_says_so(path, monkeypatch):
    page = visit("build")

    def fail(*_):
        raise StoreError("There is no room left.")

    monkeypatch.setattr(ui_engine.engine()._book.store, "add_run", fail)
    page.button(key="train").click().run()
    assert not page.exception
    assert "There is no room left." in shown(page)


@pytest.mark.slow
def test_a_run_deleted_elsewhere_is_told_in_a_sentence(path):
    build, results = visit("build", run=RUNS[1]), visit("results", run=RUNS[1])
    assert results.session_state[CHOSEN_RUN.name] == RUNS[1]
    ui_engine.engine().retention.delete(RUNS[1], ANN)
    for page in (build.run(), results.run()):
        assert not page.exception
        assert "LayerLab deleted it" in shown(page)
    assert "LayerLab deleted it" not in shown(results.run())
    for name in OF_A_RUN:
        assert "Perhaps somebody has deleted it" in shown(visit(name, run=RUNS[1]))
