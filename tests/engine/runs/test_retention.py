"""How long runs stay, against a real store; the pages' side of it is in tests/pages/test_keeping.py."""

import dataclasses
import threading
import time
from contextlib import closing

import pytest
from helpers.told_runs import tell
from helpers.waiting import wait_until

from lib import events
from lib.engine.runs.book import RunBook, UnknownRunError
from lib.engine.runs.retention import FRESH_SECONDS, Retention, surplus
from lib.engine.runs.store import Store
from lib.engine.runs.tables import experiment_members, experiments
from lib.engine.runs.tidying import HeldRun, Tidying
from lib.errors import DataError
from lib.settings import Settings

NOW = 1e9
RUN = "a" * 16


def held(name, owner="ann", ended_at=0.0, kept=False, size_mb=10.0):
    return HeldRun(name, owner, ended_at, kept, size_mb)


def test_of_a_person_the_runs_that_ended_first_go_and_those_that_are_kept_stay():
    mine = [held("first", kept=True), held("second"), held("third"), held("fourth")]
    assert surplus(mine, {}, person_mb=25, store_mb=1_000, now=NOW) == ["second", "third"]
    assert surplus(mine, {}, person_mb=40, store_mb=1_000, now=NOW) == []


def test_the_data_that_a_person_keeps_count():
    assert surplus([held("old"), held("new")], {"ann": 15.0}, person_mb=30, store_mb=1_000, now=NOW) == ["old"]


def test_a_persons_newest_run_stays_whatever_it_takes_and_others_are_not_concerned():
    runs = [held("huge", "bob", size_mb=900), held("small")]
    assert surplus(runs, {}, person_mb=100, store_mb=1_000, now=NOW) == []


def test_when_the_store_is_full_the_oldest_of_all_go_but_nothing_that_has_just_ended():
    runs = [held("old", "ann"), held("kept", "bob", kept=True), held("newer", "bob"),
            held("fresh", "eve", NOW - FRESH_SECONDS / 2)]  # fmt: skip
    assert surplus(runs, {}, person_mb=1_000, store_mb=25, now=NOW) == ["old", "newer"]
    assert surplus(runs, {}, person_mb=1_000, store_mb=1, now=NOW) == ["old", "newer"]


# --- against a real store ------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path):
    with closing(RunBook(Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}"))) as opened:
        yield opened


def retention_of(book, **limits):
    return Retention(book, Settings(home=None, database_url="", **limits))


def reopened(book, run_id):
    """The run as the store alone gives it."""
    book.journal.written(lambda: None)
    return dataclasses.replace(book._read(run_id).snapshot(), version=0)


def test_a_run_that_has_ended_is_shortened_and_shows_the_same(book):
    before = dataclasses.replace(tell(book, RUN), version=0)
    told = len(book.store.events(RUN))
    retention_of(book).enforce()
    assert len(book.store.events(RUN)) < told / 4
    assert reopened(book, RUN) == before
    assert book.store.run(RUN).size_mb == pytest.approx(1.0, abs=0.1)
    assert book.store.checkpoint(RUN) is not None


def test_a_run_that_goes_on_is_measured_again_at_its_next_end(book):
    tell(book, RUN)
    retention = retention_of(book)
    retention.enforce()
    book.apply(RUN, events.Queued(2, 3, 0.001))
    book.journal.written(lambda: None)
    assert book.store.run(RUN).size_mb is None
    retention.enforce()
    assert book.store.run(RUN).size_mb is None
    book.apply(RUN, events.Stopped())
    book.journal.written(lambda: None)
    retention.enforce()
    assert book.store.run(RUN).size_mb > 0


def test_an_active_run_is_never_touched(book):
    tell(book, RUN, end=False)
    told = book.store.events(RUN)
    retention = retention_of(book, person_mb=1, store_mb=1)
    retention.enforce()
    assert book.store.events(RUN) == told
    with pytest.raises(DataError, match="stop it first"):
        retention.delete(RUN, "ann")
    assert not Tidying(book.store.database).delete(RUN)
    assert book.store.checkpoint(RUN) is not None


def test_a_run_is_deleted_with_all_that_belongs_to_it(book):
    tell(book, RUN)
    tell(book, "b" * 16)
    retention_of(book).delete(RUN, "ann")
    with pytest.raises(UnknownRunError, match="it was deleted"):
        book.snapshot(RUN)
    store = book.store
    assert (store.run(RUN), store.events(RUN), store.checkpoint(RUN), store.probabilities(RUN)) == (
        None,
        [],
        None,
        None,
    )
    assert store.probabilities("b" * 16) is not None
    with pytest.raises(DataError, match="deleted meanwhile"):
        store.add_event(RUN, {"kind": "done"}, "done", 1)
    assert store.events(RUN) == []


def test_the_file_shrinks_by_what_was_deleted(book, tmp_path):
    tell(book, RUN, megabytes=8)
    retention = retention_of(book)
    retention.delete(RUN, "ann")
    retention.enforce()
    book.store.close()
    assert (tmp_path / "runs.sqlite3").stat().st_size < 200_000


def test_nobody_but_its_owner_keeps_or_deletes_a_run(book):
    tell(book, RUN)
    retention = retention_of(book)
    for refused in (lambda: retention.delete(RUN, "bob"), lambda: retention.keep(RUN, "bob", True)):
        with pytest.raises(DataError, match="only its owner"):
            refused()
    assert not retention.is_kept(RUN)


def test_a_member_of_an_experiment_is_not_deleted_and_can_be_once_it_is_none_any_more(book):
    tell(book, RUN)
    with book.store.database.begin() as connection:
        values = {"id": "e" * 16, "owner": "ann", "plan": "{}", "status": "done", "created_at": NOW}
        connection.execute(experiments.insert().values(**values))
        connection.execute(experiment_members.insert().values(experiment_id="e" * 16, place=0, run_id=RUN))
    retention = retention_of(book)
    with pytest.raises(DataError, match="belongs to an experiment"):
        retention.delete(RUN, "ann")
    assert book.store.run(RUN) is not None
    with book.store.database.begin() as connection:
        connection.execute(experiment_members.delete())
    retention.delete(RUN, "ann")
    assert book.store.run(RUN) is None


def test_a_kept_run_stays_when_others_go(book):
    names = [letter * 16 for letter in "abcd"]
    retention = retention_of(book, person_mb=3)
    for number, name in enumerate(names):
        tell(book, name)
        if number == 0:
            retention.keep(name, "ann", True)
    retention.enforce()
    assert [row.id for row in book.rows("ann", 10)] == [names[3], names[0]]
    with pytest.raises(UnknownRunError):
        book.snapshot(names[1])


def test_nobody_keeps_more_than_one_person_may(book):
    names = [letter * 16 for letter in "abc"]
    retention = retention_of(book, person_mb=3)
    for name in names:
        tell(book, name)
    for run_id in names:
        Tidying(book.store.database).tidy(run_id)
    retention.keep(names[0], "ann", True)
    retention.keep(names[1], "ann", True)
    with pytest.raises(DataError, match="One person may keep"):
        retention.keep(names[2], "ann", True)
    retention.keep(names[1], "ann", False)
    retention.keep(names[2], "ann", True)
    assert retention.usage("ann").kept_mb == pytest.approx(2, abs=0.2)


def test_the_thread_tidies_up_after_a_run_and_ends_with_the_engine(book):
    retention = retention_of(book)
    retention.start()
    try:
        tell(book, RUN)
        wait_until(lambda: book.store.run(RUN).size_mb is not None, 10)
    finally:
        retention.close()
    assert not retention._thread.is_alive()


def test_a_run_that_tells_more_while_it_is_shortened_loses_nothing(book):
    tell(book, RUN)
    ended = threading.Event()

    def go_on():
        for number in range(30):
            book.apply(RUN, events.Command("learning_rate", number / 1000))
            time.sleep(0.002)
        ended.set()

    teller = threading.Thread(target=go_on)
    teller.start()
    while not ended.is_set():
        Tidying(book.store.database).tidy(RUN)
    teller.join()
    assert reopened(book, RUN) == dataclasses.replace(book.snapshot(RUN), version=0)


def test_a_damaged_event_leaves_the_others_as_they_are(book):
    tell(book, RUN)
    with book.store.database.begin() as connection:
        connection.exec_driver_sql('UPDATE events SET event = \'{"kind": "ba\' WHERE number = 5')
    count = len(list(book.store.database.connect().exec_driver_sql("SELECT 1 FROM events")))
    retention_of(book).enforce()
    assert len(list(book.store.database.connect().exec_driver_sql("SELECT 1 FROM events"))) == count
    assert book.store.run(RUN).size_mb > 0


def test_a_damaged_event_leaves_the_connection_fit_to_write(book):
    tell(book, RUN)
    tell(book, "b" * 16)
    with book.store.database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE events SET event = '{{' WHERE run_id = '{RUN}'")
    with book.store.database.connect() as other:
        other.exec_driver_sql("SELECT 1")
        with pytest.raises(ValueError) as refused:  # whoever keeps the error keeps the frames that it came from
            book.store.events(RUN)
        other.exec_driver_sql("UPDATE runs SET title = 'other'")
        other.commit()
        book.store.add_event("b" * 16, {"kind": "done"}, "done", 1)
    assert "property name" in str(refused.value)


# --- one damaged run -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE runs SET spec = '{\"data\": ' WHERE id = :run",
        "UPDATE runs SET spec = 'null' WHERE id = :run",
        "UPDATE runs SET spec = CAST(x'fffe00' AS TEXT) WHERE id = :run",
        "UPDATE runs SET dataset = 'own-0000000000000000000000000000', spec = '[]' WHERE id = :run",
        "UPDATE runs SET created = 'yesterday' WHERE id = :run",
        "UPDATE runs SET status = 'banana' WHERE id = :run",
    ],
)
def test_one_damaged_row_hides_one_run(book, damage):
    for name in ("a" * 16, "b" * 16, "c" * 16):
        tell(book, name, end=name != "a" * 16)
    with book.store.database.begin() as connection:
        connection.exec_driver_sql(damage.replace(":run", f"'{'a' * 16}'"))
    book._runs.clear()
    book._readable.clear()
    assert [row.id[0] for row in book.rows("ann", 10)] == ["c", "b"]
    with pytest.raises(UnknownRunError, match="are damaged"):
        book.snapshot("a" * 16)
    assert book.recover() == ([], [])
    assert book.snapshot("b" * 16).status == "done"
