import threading
from concurrent.futures import wait

import pytest

from lib.engine.newest import Newest


class Slow:
    """Answers a question with itself once `go_on` is set, and notes what it was asked."""

    def __init__(self):
        self.asked, self.go_on, self.begun = [], threading.Event(), threading.Event()

    def __call__(self, question):
        self.asked.append(question)
        self.begun.set()
        assert self.go_on.wait(10)
        return question


@pytest.fixture
def slow():
    made = Slow()
    yield made
    made.go_on.set()


def begun(newest, slow):
    """Somebody's question is being answered."""
    first = newest.ask("somebody", "first")
    assert slow.begun.wait(10)
    return first


def test_of_a_hundred_questions_in_a_row_only_the_last_is_answered_on_one_thread(slow):
    newest, before = Newest(slow), threading.active_count()
    first = begun(newest, slow)
    futures = [newest.ask("ann", number) for number in range(100)]
    assert threading.active_count() == before + 1
    slow.go_on.set()
    assert (first.result(10), futures[-1].result(10)) == ("first", 99)
    assert slow.asked == ["first", 99]
    assert all(future.cancelled() for future in futures[:-1])


def test_a_question_that_somebody_else_waits_for_is_answered_though_one_has_gone_on(slow):
    newest = Newest(slow)
    begun(newest, slow)
    hers, his = newest.ask("ann", "same"), newest.ask("bob", "same")
    newest.ask("ann", "other")
    slow.go_on.set()
    assert hers is his
    assert his.result(10) == "same"


def test_whoever_keeps_asking_keeps_the_place_in_line(slow):
    newest = Newest(slow)
    begun(newest, slow)
    newest.ask("ann", "a1")
    last = newest.ask("bob", "b")
    newest.ask("ann", "a2")
    slow.go_on.set()
    wait([last], 10)
    assert slow.asked == ["first", "a2", "b"]


def test_who_goes_back_to_a_known_answer_waits_for_nothing_else(slow):
    newest = Newest(slow)
    slow.go_on.set()
    known = newest.ask("ann", "known")
    assert known.result(10) == "known"
    slow.go_on.clear()
    slow.begun.clear()
    begun(newest, slow)
    dropped = newest.ask("ann", "other")
    assert newest.ask("ann", "known") is known
    assert dropped.cancelled()


def test_what_was_raised_is_told_once_and_asked_again_later():
    asked = []

    def fail(question):
        asked.append(question)
        raise OSError("no worker")

    newest = Newest(fail, retry_seconds=0.0)
    with pytest.raises(OSError, match="no worker"):
        newest.ask("ann", 1).result(10)
    with pytest.raises(OSError, match="no worker"):
        newest.ask("ann", 1).result(10)
    assert asked == [1, 1]
    patient = Newest(fail, retry_seconds=60.0)
    with pytest.raises(OSError, match="no worker"):
        patient.ask("ann", 2).result(10)
    assert patient.ask("ann", 2).done()
    assert asked == [1, 1, 2]


def test_only_as_many_are_answered_at_once_as_there_are_workers(slow):
    newest = Newest(slow, at_once=2)
    futures = [newest.ask(f"person {number}", number) for number in range(5)]
    assert slow.begun.wait(10)
    slow.go_on.set()
    assert [future.result(10) for future in futures] == list(range(5))
