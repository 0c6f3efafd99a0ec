import threading
from contextlib import closing

import pytest
import sqlalchemy as sa

from lib.engine.runs.progress import ProgressBook
from lib.engine.runs.store import Store
from lib.engine.runs.tables import progress as table
from lib.specs.progress import MOST_ENTRIES, Answered, Progress

ANN, BOB = "a" * 32, "b" * 32


@pytest.fixture
def store(tmp_path):
    with closing(Store(f"sqlite:///{tmp_path / 'layerlab.sqlite3'}")) as store:
        yield store


def seen(*names, at=1.0):
    return Progress({f"pooling.task_1_{name}": at for name in names})


def test_progress_is_kept_and_joined_and_erased_for_each_person_alone(store):
    book = ProgressBook(store)
    assert book.of(ANN) == Progress()
    book.add(ANN, seen("one", at=5.0))
    book.add(BOB, seen("two"))
    answered = Progress({"pooling.task_1_one": 3.0}, {"pooling.quiz": Answered(1, 2.0)})
    whole = book.add(ANN, answered)
    assert whole == book.of(ANN) == answered
    book.erase(ANN)
    assert book.of(ANN) == Progress()
    assert book.of(BOB) == seen("two")


def test_a_record_that_is_damaged_counts_as_none_and_is_begun_anew(store):
    book = ProgressBook(store)
    book.add(ANN, seen("one"))
    with store.database.begin() as connection:
        connection.execute(sa.update(table).values(record='{"seen": '))
    assert book.of(ANN) == Progress()
    assert book.add(ANN, seen("two")) == seen("two")


def test_whose_progress_has_rested_for_longest_goes_when_there_are_too_many(store):
    book = ProgressBook(store, most_people=3)
    for owner in "abc":
        book.add(owner * 32, seen("one"))
    book.add("a" * 32, seen("two"))
    book.add("d" * 32, seen("one"))
    assert [len(book.of(owner * 32)) for owner in "abcd"] == [2, 0, 1, 1]


def test_one_person_keeps_no_more_than_there_may_be(store):
    book = ProgressBook(store)
    for start in range(0, 2 * MOST_ENTRIES, MOST_ENTRIES):
        book.add(
            ANN, Progress({f"page.task_1_{number}": float(number) for number in range(start, start + MOST_ENTRIES)})
        )
    assert max(book.of(ANN).seen.values()) == MOST_ENTRIES - 1


def test_two_sessions_of_one_person_lose_nothing_of_each_other(store):
    book = ProgressBook(store)
    names = [f"{session}_{number}" for session in range(4) for number in range(5)]

    def use(session):
        for number in range(5):
            book.add(ANN, seen(f"{session}_{number}"))

    threads = [threading.Thread(target=use, args=(session,)) for session in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert book.of(ANN) == seen(*names)
