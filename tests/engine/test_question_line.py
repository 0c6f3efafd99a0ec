"""The line of questions to workers: who is answered next, and what everybody reads meanwhile."""

import asyncio
import threading
from concurrent.futures import Future, wait

import pytest
from helpers.waiting import wait_until

from lib.engine.errors import EngineError
from lib.engine.question_line import MOST_WAITING, QuestionLine


class Slow:
    """Answers a question with itself once `go_on` is set, and notes what it was asked and how many at a time."""

    def __init__(self):
        self.asked, self.go_on, self.begun = [], threading.Event(), threading.Event()
        self.now = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, question):
        with self._lock:
            self.asked.append(question)
            self.now += 1
            self.most = max(self.most, self.now)
        self.begun.set()
        assert self.go_on.wait(10)
        with self._lock:
            self.now -= 1
        return question


@pytest.fixture
def slow():
    made = Slow()
    yield made
    made.go_on.set()


@pytest.fixture
def line():
    return QuestionLine(lambda: 1)


@pytest.fixture
def join(line, slow):
    """Ask something at a place of somebody's page."""

    def joined(asker, question, place="here", answer=None):
        answer = answer or Future()
        line.join(asker, place, answer, lambda: slow(question))
        return answer

    return joined


def begun(join, slow, asker="somebody"):
    """A question is being answered."""
    first = join(asker, "first")
    assert slow.begun.wait(10)
    return first


def test_ten_questions_of_one_person_come_one_by_one_between_those_of_29_others(line, slow, join):
    begun(join, slow)
    hers = [join("ann", f"ann {number}", place=str(number)) for number in range(10)]
    others = [join(f"person {number}", number) for number in range(29)]
    everything = [hers[0], *others, *hers[1:]]
    assert [line.number(answer) for answer in everything] == list(range(1, 40))
    slow.go_on.set()
    assert not wait(everything, 10).not_done
    assert slow.asked == ["first", "ann 0", *range(29), *(f"ann {number}" for number in range(1, 10))]
    assert {line.number(answer) for answer in everything} == {None}
    assert slow.most == 1


def test_who_comes_later_stands_before_the_second_question_of_who_was_there(line, slow, join):
    begun(join, slow, "ann")
    hers = [join("ann", f"ann {number}", place=str(number)) for number in (1, 2)]
    his = [join("bob", f"bob {number}", place=str(number)) for number in (1, 2)]
    assert [line.number(answer) for answer in (his[0], hers[0], his[1], hers[1])] == [1, 2, 3, 4]
    slow.go_on.set()
    wait([*hers, *his], 10)
    assert slow.asked == ["first", "bob 1", "ann 1", "bob 2", "ann 2"]


def test_nobody_who_asks_again_at_once_keeps_others_waiting(line, slow, join):
    """Ann asks anew whenever she is answered, as a page with many steps does."""
    begun(join, slow)
    answers = [join("ann", "ann 0"), join("bob", "bob"), join("eve", "eve")]
    last = Future()
    answers[0].add_done_callback(lambda _: join("ann", "ann 1", answer=last))
    slow.go_on.set()
    wait([*answers, last], 10)
    assert slow.asked == ["first", "ann 0", "bob", "eve", "ann 1"]


def test_of_a_hundred_questions_from_one_place_only_the_last_is_answered_on_one_thread(slow, join):
    before = threading.active_count()
    first = begun(join, slow)
    answers = [join("ann", number) for number in range(100)]
    assert threading.active_count() == before + 1
    slow.go_on.set()
    assert (first.result(10), answers[-1].result(10)) == ("first", 99)
    assert slow.asked == ["first", 99]
    assert all(answer.cancelled() for answer in answers[:-1])


def test_a_question_that_somebody_else_waits_for_is_answered_though_one_has_gone_on(line, slow, join):
    begun(join, slow)
    same = join("ann", "same")
    join("bob", "same", answer=same)
    other = join("ann", "other")
    assert [line.number(answer) for answer in (other, same)] == [1, 2]
    slow.go_on.set()
    assert same.result(10) == "same"


def test_what_two_people_want_is_asked_once_and_neither_stands_in_line_for_it_any_more(line, slow, join):
    begun(join, slow)
    same = join("ann", "same")
    join("bob", "same", answer=same)
    last = join("eve", "last")
    assert line.number(last) == 2
    slow.go_on.set()
    wait([same, last], 10)
    assert slow.asked == ["first", "same", "last"]


def test_whoever_asks_something_else_keeps_the_place_in_line(slow, join):
    begun(join, slow)
    join("ann", "a1")
    last = join("bob", "b")
    join("ann", "a2")
    slow.go_on.set()
    wait([last], 10)
    assert slow.asked == ["first", "a2", "b"]


def test_who_goes_back_to_a_known_answer_waits_for_nothing_else(line, slow, join):
    slow.go_on.set()
    known = join("ann", "known")
    assert known.result(10) == "known"
    slow.go_on.clear()
    slow.begun.clear()
    begun(join, slow)
    dropped = join("ann", "other")
    assert line.number(dropped) == 1
    join("ann", "known", answer=known)
    assert dropped.cancelled()
    assert known.result() == "known"


@pytest.mark.parametrize("error", [OSError, asyncio.CancelledError])
def test_an_error_is_an_answer_and_the_line_moves_on(line, error):
    def fail():
        raise error("no worker")

    failed, after = Future(), Future()
    line.join("ann", "here", failed, fail)
    line.join("bob", "here", after, lambda: "next")
    with pytest.raises(error, match="no worker"):
        failed.result(10)
    assert after.result(10) == "next"


def test_as_many_are_answered_at_once_as_there_are_workers_now(slow):
    workers = [0]  # an external scheduler that has not told them yet
    line = QuestionLine(lambda: workers[0])
    answers = [Future() for _ in range(6)]

    def join(number):
        line.join(f"person {number}", "here", answers[number], lambda: slow(number))

    for number in range(3):
        join(number)
    wait_until(lambda: slow.now == 1, 10)
    workers[0] = 2
    join(3)
    wait_until(lambda: slow.now == 2, 10)
    for number in (4, 5):
        join(number)
    slow.go_on.set()
    assert [answer.result(10) for answer in answers] == list(range(6))
    assert slow.most == 2


def test_a_line_that_is_too_long_says_so_and_takes_who_stands_in_it(slow, join):
    begun(join, slow)
    answers = [join(f"person {number}", number) for number in range(MOST_WAITING)]
    with pytest.raises(EngineError, match=f"{MOST_WAITING} questions wait"):
        join("late", "late").result(10)
    changed = join("person 3", "something else")
    join("late", "the same", answer=answers[5])
    assert not changed.done()
    slow.go_on.set()
    assert answers.pop(3).cancelled()
    assert not wait([changed, *answers], 10).not_done
