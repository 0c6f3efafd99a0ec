"""What owners write about their runs, against a real store."""

import threading
from contextlib import closing

import pytest
from helpers.told_runs import tell

from lib import events
from lib.engine.runs.book import RunBook
from lib.engine.runs.notes import MOST_NOTE, MOST_TAG, MOST_TAGS, MOST_TITLE, Notes
from lib.engine.runs.store import Store
from lib.errors import DataError

RUN = "a" * 16


@pytest.fixture
def book(tmp_path):
    with closing(RunBook(Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}"))) as opened:
        yield opened


@pytest.fixture
def notes(book):
    tell(book, RUN)
    return Notes(book)


def test_a_renamed_run_is_shown_so_at_once_and_after_a_restart(book, notes):
    before = book.snapshot(RUN)
    notes.rename(RUN, "ann", "  the\tgood one ")
    assert book.snapshot(RUN).title == book.newest(RUN).title == "the good one"
    assert [row.title for row in book.rows("ann", 10)] == ["the good one"]
    assert book.snapshot(RUN).version == before.version
    assert book.snapshot(RUN).epoch_points == before.epoch_points
    book._runs.clear()
    assert book.snapshot(RUN).title == "the good one"


def test_a_run_that_has_something_to_be_stored_shows_its_new_title_too(book, notes):
    before = book.snapshot(RUN)
    run = book._runs[RUN]
    run.shown = before  # as while an event of it waits
    book.describe(RUN, {"title": "new"})
    assert run.seen().title == "new"
    assert run.seen().version == before.version
    run.shown = None


def test_a_new_title_stays_when_something_of_the_run_could_not_be_stored(book, notes, monkeypatch):
    def full(*_):
        raise OSError("disk full")

    notes.rename(RUN, "ann", "new")
    monkeypatch.setattr(book.store, "add_event", full)
    book.apply(RUN, events.Queued(2, 3, 0.001))
    book.journal.written(lambda: None)
    assert (book.snapshot(RUN).title, book.snapshot(RUN).status) == ("new", "done")


def test_a_run_under_way_can_be_renamed(book):
    tell(book, RUN, end=False)
    Notes(book).rename(RUN, "ann", "new")
    book.apply(RUN, events.Batch(2, 1, [[1.1, 0.5, 0.5]], 10.0, 1.0))
    assert book.newest(RUN).title == "new"
    book.journal.written(lambda: None)
    assert book.snapshot(RUN).title == "new"


def test_a_note_and_tags_are_stored(book, notes):
    notes.note(RUN, "ann", "more filters\r\n helped\x00 ")
    notes.tag(RUN, "ann", "good, #deep good\x07")
    row = book.store.run(RUN)
    assert (row.note, row.tags) == ("more filters\nhelped", "good deep")
    notes.note(RUN, "ann", "")
    notes.tag(RUN, "ann", " ")
    assert (book.store.run(RUN).note, book.store.run(RUN).tags) == ("", "")


def calls(notes, run_id, owner):
    return [
        lambda: notes.rename(run_id, owner, "x"),
        lambda: notes.note(run_id, owner, "x"),
        lambda: notes.tag(run_id, owner, "x"),
    ]


@pytest.mark.parametrize("which", range(3))
def test_nobody_but_its_owner_writes_about_a_run(book, notes, which):
    before = book.store.run(RUN)
    with pytest.raises(DataError, match="belongs to somebody else: only its owner"):
        calls(notes, RUN, "bob")[which]()
    with pytest.raises(DataError, match="not here any more"):
        calls(notes, "f" * 16, "ann")[which]()
    assert book.store.run(RUN) == before


def test_a_run_that_is_deleted_meanwhile_is_told(book, notes, monkeypatch):
    monkeypatch.setattr(book.store, "describe_run", lambda *_: False)
    with pytest.raises(DataError, match="it was deleted"):
        notes.note(RUN, "ann", "x")


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda notes: notes.rename(RUN, "ann", " \u202e\x00 "), "needs a name"),
        (
            lambda notes: notes.rename(RUN, "ann", "x" * (MOST_TITLE + 1)),
            "A name may have at most 200 letters, not 201",
        ),
        (lambda notes: notes.note(RUN, "ann", "x" * (MOST_NOTE + 1)), "A note may have at most 500 letters, not 501"),
        (lambda notes: notes.tag(RUN, "ann", " ".join(map(str, range(MOST_TAGS + 1)))), "at most 10 tags, not 11"),
        (lambda notes: notes.tag(RUN, "ann", "x" * (MOST_TAG + 1)), "a tag may have at most 19 letters, not 20"),
    ],
)
def test_what_is_empty_or_too_long_is_refused_in_a_sentence(book, notes, write, said):
    before = book.store.run(RUN)
    with pytest.raises(DataError, match=said):
        write(notes)
    assert book.store.run(RUN) == before


def test_the_longest_that_is_taken_fits_its_column(notes, book):
    notes.rename(RUN, "ann", "x" * MOST_TITLE)
    notes.note(RUN, "ann", "x" * MOST_NOTE)
    notes.tag(RUN, "ann", " ".join(f"{n:0{MOST_TAG}}" for n in range(MOST_TAGS)))
    row = book.store.run(RUN)
    assert (len(row.title), len(row.note)) == (MOST_TITLE, MOST_NOTE)
    assert len(row.tags) <= 200


@pytest.mark.parametrize(
    "name", ["=1+1", "<img src=x onerror=alert(1)>", "'; DROP TABLE runs; --", "الشبكة", "网络 🙂"]
)
def test_hostile_and_foreign_names_come_back_as_they_are(notes, book, name):
    notes.rename(RUN, "ann", name)
    assert book.snapshot(RUN).title == name
    assert [row.title for row in book.rows("ann", 10)] == [name]


@pytest.mark.parametrize("name", ["a\u202eb", "a\u2066b\u2069", "a\ud800b", "a\x1bb", "a\u2028b".replace("\u2028", "")])
def test_marks_that_would_turn_or_break_what_others_read_are_left_out(notes, book, name):
    notes.rename(RUN, "ann", name)
    assert book.snapshot(RUN).title == "ab"


def test_once_it_is_renamed_nobody_sees_the_old_title_again_while_the_run_goes_on(book):
    tell(book, RUN, end=False)
    ended, seen = threading.Event(), []

    def train():
        for number in range(200):
            book.apply(RUN, events.Batch(2, number, [[1.1, 0.5, 0.5]], 10.0, 1.0))
        ended.set()

    worker = threading.Thread(target=train)
    worker.start()
    Notes(book).rename(RUN, "ann", "new")
    while not ended.is_set():
        seen.append(book.snapshot(RUN).title)
    worker.join()
    book.journal.written(lambda: None)
    assert {*seen, book.snapshot(RUN).title, book.newest(RUN).title} == {"new"}
