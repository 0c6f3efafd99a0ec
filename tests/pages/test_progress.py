"""What a visitor has done stays theirs: shown on Home and beside the navigation, saved, opened, erased."""

import json
import secrets
import time

import pytest

from lib.errors import StoreError
from lib.specs.progress import Answered, Progress, Saved, from_file, to_file, to_json
from lib.specs.tasks.known import COUNT, SIGHTINGS, TASKS
from lib.ui.app import path
from lib.ui.kit import lessons
from lib.ui.session import progress as session_progress
from lib.ui.session import visitor

ALL_SEEN = Progress(dict.fromkeys(SIGHTINGS, 1.0))


@pytest.fixture
def become(monkeypatch):
    """Become another visitor, of whom nothing is known."""

    def someone():
        name = secrets.token_hex(16)
        monkeypatch.setattr(visitor, "owner", lambda: name)
        return name

    return someone


def said(page):
    return " ".join(each.value for each in (*page.markdown, *page.caption, *page.success, *page.error))


def bring(page, text):
    page.file_uploader(key="progress_file").set_value(("mine.json", text.encode(), "application/json")).run()
    assert not page.exception
    return page


def saved(page):
    return page.session_state["progress_mine"].progress


def test_what_was_done_is_found_by_the_next_session_and_by_nobody_else(open_page, become, engine):
    owner = become()
    page = open_page("pages/pooling.py")
    page.button(key="set_up_pooling_1").click().run()
    page.slider(key="shift").set_value(1).run()
    assert set(engine.progress.of(owner).seen) == {"pooling.task_1_hidden"}
    later = open_page("pages/pooling.py")
    assert "1 of 2 seen" in said(later)
    later.button(key="set_up_pooling_1").click().run()
    later.slider(key="shift").set_value(2).run()
    assert "1 of" in open_page("app.py").sidebar.get("page_link")[-1].proto.label
    become()
    assert "1 of 2 seen" not in said(open_page("pages/pooling.py"))
    assert not open_page("app.py").sidebar.get("page_link")


def test_the_first_answer_is_kept_and_when_a_right_one_came(open_page, become, engine):
    owner = become()
    page = open_page("pages/pooling.py")
    for place, remembered in ((2, "answered"), (0, "answered"), (1, "answered_right")):
        assert "Your first answer here" not in said(page) or place != 2
        page.radio(key="pooling_quiz_answer").set_value(place).run()
        page.button(key="pooling_quiz_reveal").click().run()
        assert lessons.text(f"tasks.{remembered}", words="none, wherever the pixel is") in said(page)
    answered = engine.progress.of(owner).answers["pooling.quiz"]
    assert answered.first == 2
    assert answered.right_at > answered.at


def test_home_says_what_comes_next(open_page, become, engine):
    owner = become()
    home = open_page("pages/home.py")
    assert lessons.text("tasks.path_first", minutes="6 min") in said(home)
    begun = Progress({"pooling.task_1_hidden": 1.0, "pooling.task_1_moved": 2.0})
    engine.progress.add(owner, begun)
    home = open_page("pages/home.py")
    assert lessons.text("tasks.path_next", done=1, all=COUNT, page="Pooling", minutes="4 min") in said(home)
    engine.progress.add(owner, ALL_SEEN)
    assert lessons.text("tasks.path_all", all=COUNT) in said(open_page("pages/home.py"))


def test_saved_progress_is_added_once_a_person_has_seen_whose_it_is_and_what_it_adds(open_page, become, engine):
    become()
    theirs = Progress(
        {"pooling.task_1_hidden": 5.0, "pooling.task_1_moved": 5.0}, {"pooling.quiz": Answered(1, 4.0, 4.0)}
    )
    file = to_file(Saved(theirs, 86400.0, session_progress.mark()))
    me = become()
    mine = Progress({"pooling.task_1_hidden": 9.0, "pooling.task_2_out": 7.0}, {"images.quiz": Answered(0, 8.0)})
    engine.progress.add(me, mine)
    home = bring(open_page("pages/home.py"), file)
    assert lessons.text("tasks.found_other", when="02 Jan 1970, 00:00 UTC") in said(home)
    assert "1 sighting and 1 answer to yours, and 1 task more would be done" in said(home)
    assert engine.progress.of(me) == saved(home) == mine
    home.button(key="add_progress").click().run()
    assert not home.exception
    whole = Progress({**theirs.seen, **mine.seen}, {**theirs.answers, **mine.answers})
    assert engine.progress.of(me) == saved(home) == whole
    assert lessons.text("tasks.opened", sightings="1 sighting", answers="1 answer") in said(home)
    assert "add_progress" not in [button.key for button in home.button]
    assert home.get("download_button")[0].proto.label == "Save"


def test_what_somebody_else_did_earlier_takes_the_place_of_nothing(open_page, become, engine):
    me = become()
    mine = Progress({"pooling.task_1_hidden": 9.0}, {"pooling.quiz": Answered(2, 9.0)})
    engine.progress.add(me, mine)
    earlier = Progress({"pooling.task_1_hidden": 1.0}, {"pooling.quiz": Answered(0, 1.0, 1.0)})
    home = bring(open_page("pages/home.py"), to_file(Saved(earlier, 5.0, "f" * 16)))
    assert lessons.text("tasks.found_nothing") in said(home)
    assert "add_progress" not in [button.key for button in home.button]
    assert engine.progress.of(me) == saved(home) == mine


def test_a_file_of_ones_own_says_so_and_may_be_left(open_page, become, engine):
    me = become()
    home = bring(open_page("pages/home.py"), to_file(Saved(ALL_SEEN, 86400.0, session_progress.mark())))
    assert lessons.text("tasks.found_own", when="02 Jan 1970, 00:00 UTC") in said(home)
    assert f"{COUNT} tasks more would be done" in said(home)
    home.button(key="leave_progress").click().run()
    assert not home.exception
    assert "leave_progress" not in [button.key for button in home.button]
    assert engine.progress.of(me) == saved(home) == Progress()


def test_a_file_of_before_says_nothing_of_its_owner_and_is_read_all_the_same(open_page, become):
    become()
    home = bring(open_page("pages/home.py"), to_json(ALL_SEEN))
    assert lessons.text("tasks.found_unsigned") in said(home)
    home.button(key="add_progress").click().run()
    assert saved(home) == ALL_SEEN


def test_what_is_saved_has_a_mark_and_no_name(open_page, become, engine):
    me = become()
    engine.progress.add(me, ALL_SEEN)
    open_page("pages/home.py")
    file = path._file(Saved(ALL_SEEN, by=session_progress.mark()))
    assert me not in file
    found = from_file(file)
    assert (found.progress, found.by) == (ALL_SEEN, session_progress.mark())
    assert abs(found.at - time.time()) < 600
    become()
    assert session_progress.mark() != found.by


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no json", "cannot be read"),
        ('{"layerlab_progress": 9}', "has version 9"),
        (json.dumps({"layerlab_progress": 1, "seen": {"<b>": 1}, "answers": {}}), "Nothing was taken over"),
    ],
)
def test_a_file_that_is_no_progress_changes_nothing_and_is_told(open_page, become, text, sentence):
    become()
    home = bring(open_page("pages/home.py"), text)
    assert sentence in "".join(each.value for each in home.error)
    assert saved(home) == Progress()


def test_entries_about_unknown_tasks_are_left_out_and_counted(open_page, become):
    become()
    strange = Progress({"pooling.task_99_gone": 1.0, "pooling.task_1_hidden": 1.0}, {"nowhere.quiz": Answered(0, 1.0)})
    home = bring(open_page("pages/home.py"), to_json(strange))
    assert lessons.text("tasks.opened_unknown", number=2) in said(home)
    home.button(key="add_progress").click().run()
    assert set(saved(home).seen) == {"pooling.task_1_hidden"}


def test_erasing_asks_first_and_then_forgets_everything(open_page, become, engine):
    owner = become()
    engine.progress.add(owner, ALL_SEEN)
    home = open_page("pages/home.py")
    assert home.button(key="erase_progress_now").disabled
    home.checkbox(key="erase_progress").check().run()
    home.button(key="erase_progress_now").click().run()
    assert not home.exception
    assert lessons.text("tasks.erased") in said(home)
    assert engine.progress.of(owner) == saved(home) == Progress()


def test_a_store_that_fails_stops_nobody_and_gets_it_all_when_it_works_again(open_page, become, engine, monkeypatch):
    owner = become()

    def fail(*_):
        raise StoreError("full")

    with monkeypatch.context() as broken:
        broken.setattr(type(engine.progress), "add", fail)
        broken.setattr(type(engine.progress), "erase", fail)
        page = open_page("pages/pooling.py")
        page.button(key="set_up_pooling_1").click().run()
        page.slider(key="shift").set_value(1).run()
        assert "1 of 2 seen" in said(page)
        assert lessons.text("tasks.not_kept") in said(page)
    assert engine.progress.of(owner) == Progress()
    page.slider(key="shift").set_value(2).run()
    assert len(engine.progress.of(owner)) == 2
    assert lessons.text("tasks.not_kept") not in said(page)


@pytest.mark.parametrize("stem", TASKS)
def test_each_page_with_tasks_is_in_the_path(stem):
    assert path.left(stem, []) == len(TASKS[stem])
    assert path.next_page({name for name in SIGHTINGS if not name.startswith(f"{stem}.")}) == stem
