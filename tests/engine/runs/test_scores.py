"""What runs have reached, read from their rows alone, against a real store."""

import dataclasses
import math
from contextlib import closing

import pytest
from helpers.told_runs import tell

from lib import events
from lib.engine.runs.book import RunBook
from lib.engine.runs.notes import Notes
from lib.engine.runs.reached import Reached, reached
from lib.engine.runs.scores import scores
from lib.engine.runs.snapshot import EpochPoint
from lib.engine.runs.store import Store
from lib.engine.runs.tidying import Tidying
from lib.specs.recipes import RECIPES

RUN, OTHER = "a" * 16, "b" * 16
SPEC = RECIPES["dense_128"].run


@pytest.fixture
def book(tmp_path):
    with closing(RunBook(Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}"))) as opened:
        yield opened


def epoch(number, val_loss, val_accuracy, seconds=2.0):
    return events.Epoch(number, 1.0, 0.5, seconds, 0.001, val_loss, val_accuracy)


def trained(book, *told, run_id=RUN):
    book.add(run_id, "ann", SPEC)
    for event in (events.Queued(1, 9, 0.001), events.Submitted(), events.Started("CPU", 5, 1), *told):
        book.apply(run_id, event)
    book.journal.written(lambda: None)
    return next(score for score in scores(book, "ann") if score.id == run_id)


def test_a_score_says_what_the_run_has_reached(book):
    run = tell(book, RUN)
    Notes(book).tag(RUN, "ann", "good deep")
    Notes(book).note(RUN, "ann", "a note")
    (score,) = scores(book, "ann")
    assert (score.id, score.title, score.status, score.spec) == (RUN, run.title, "done", SPEC)
    assert (score.parameters, score.epochs_trained) == (SPEC.model.parameters, 1)
    assert (score.test_loss, score.test_accuracy) == (0.1, 0.9)
    assert (score.train_seconds, score.val_loss) == (2.0, None)
    assert (score.created_at, score.kept) == (run.created_at, False)
    assert (score.note, score.tags) == ("a note", ("good", "deep"))


def test_last_and_best_validation_are_told_apart(book):
    score = trained(book, epoch(1, 0.5, 0.7), epoch(2, 0.3, 0.9), epoch(3, 0.6, 0.8))
    assert (score.val_loss, score.val_accuracy) == (0.6, 0.8)
    assert (score.best_val_loss, score.best_val_accuracy) == (0.3, 0.9)
    assert score.train_seconds == 6.0


def test_epochs_that_are_trained_again_count_once(book):
    again = (events.Stopped(), events.Queued(2, 9, 0.001), events.Started("CPU", 5, 2), epoch(2, 0.4, 0.8, 4.0))
    score = trained(book, epoch(1, 0.5, 0.7), epoch(2, 0.1, 0.99), *again)
    assert (score.train_seconds, score.best_val_loss) == (6.0, 0.4)
    cut = trained(book, epoch(1, 0.5, 0.7), epoch(2, 0.1, 0.99), *again[:3], run_id=OTHER)
    assert (cut.train_seconds, cut.best_val_loss) == (2.0, 0.5)


def test_the_columns_are_what_the_events_give_also_when_they_were_shortened(book):
    tell(book, RUN)
    book.apply(RUN, events.Queued(2, 3, 0.001))
    for event in (events.Started("CPU", 5, 2), epoch(2, 0.4, 0.8), events.Stopped()):
        book.apply(RUN, event)
    book.journal.written(lambda: None)
    Tidying(book.store.database).tidy(RUN)
    book._runs.clear()
    row, expected = book.store.run(RUN), reached(book.snapshot(RUN).epoch_points)
    assert {name: getattr(row, name) for name in Reached.__slots__} == dataclasses.asdict(expected)
    assert expected.val_loss == 0.4


def test_epochs_that_are_told_stand_for_all(book):
    points = [EpochPoint(number, 1.0, None, None, None, 0.5, 0.1) for number in (10, 20)]
    assert reached(points) == Reached(train_seconds=10.0)


def test_what_is_no_number_is_never_the_best():
    points = [EpochPoint(n, 1.0, 0.5, loss, 0.5, 1.0, 0.1) for n, loss in enumerate((0.5, math.nan), start=1)]
    assert (reached(points).val_loss, reached(points).best_val_loss) == (None, 0.5)
    assert reached(()) == Reached()


def test_only_ones_own_runs_newest_first_and_no_more_than_asked_for(book):
    for run_id in (RUN, OTHER):
        tell(book, run_id)
    tell(book, "c" * 16, "bob")
    assert [score.id for score in scores(book, "ann")] == [OTHER, RUN]
    assert [score.id for score in scores(book, "ann", limit=1)] == [OTHER]
    assert scores(book, "eve") == ()


def test_a_run_that_waits_to_be_stored_is_listed(book):
    with book.store.database.begin() as connection:
        connection.exec_driver_sql("UPDATE runs SET title = ''")  # holds the store: nobody else can write
        book.add(RUN, "ann", SPEC)
        assert [score.id for score in scores(book, "ann")] == [RUN]


@pytest.mark.parametrize(
    "damage",
    ["spec = 'null'", "status = 'banana'", "created = 'yesterday'", "dataset = 'own-0', spec = '[]'"],
)
def test_a_damaged_row_hides_one_run(book, damage):
    for run_id in (RUN, OTHER):
        tell(book, run_id)
    with book.store.database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE runs SET {damage} WHERE id = '{RUN}'")
    assert [score.id for score in scores(book, "ann")] == [OTHER]


def test_no_event_is_read(book, monkeypatch):
    tell(book, RUN)
    book._runs.clear()
    monkeypatch.setattr(book.store, "events", lambda run_id: pytest.fail("events were read"))
    assert len(scores(book, "ann")) == 1
