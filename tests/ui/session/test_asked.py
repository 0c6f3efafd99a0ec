"""What is remembered of questions to workers."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest
from helpers.clocks import give_clock
from helpers.waiting import wait_until

from lib.engine.question_line import QuestionLine
from lib.ui.session import asked
from lib.ui.session.asked import Answers

LINE = QuestionLine(lambda: 1)


@pytest.fixture
def answers():
    return Answers()


def ask(answers, question, function, asker="ann", place=None):
    return answers.of(question, lambda found: LINE.join(asker, place or question, found, function))


def result(answers, question, value):
    return ask(answers, question, lambda: value).result(timeout=10)


def test_a_question_is_asked_once_until_it_is_forgotten(answers):
    assert [result(answers, "a", number) for number in (1, 2)] == [1, 1]
    answers.forget("a")
    assert result(answers, "a", 3) == 3
    answers.clear()
    assert result(answers, "a", 4) == 4


def test_an_error_is_the_answer_for_all_who_asked_and_after_a_while_it_is_asked_again(answers, monkeypatch):
    def fail():
        raise OSError("no worker")

    clock = [100.0]
    give_clock(monkeypatch, asked, lambda: clock[0])
    failed = ask(answers, "a", fail)
    with pytest.raises(OSError, match="no worker"):
        failed.result(timeout=10)
    clock[0] += 60  # nobody has read it yet
    for _ in range(30):
        assert ask(answers, "a", lambda: "asked again") is failed
    clock[0] += asked._RETRY_SECONDS + 1
    assert result(answers, "a", "asked again") == "asked again"


def test_the_answers_that_were_asked_for_last_stay(answers, monkeypatch):
    monkeypatch.setattr(asked, "_MOST_BYTES", 300)
    for name in "abc":
        result(answers, name, {"weights": (np.zeros(100, np.uint8),)})
    result(answers, "a", None)  # used again: now b is the oldest
    wait_until(lambda: ask(answers, "d", lambda: np.zeros(100, np.uint8)).done())
    assert result(answers, "d", "forgotten") is not None
    found = [result(answers, name, "asked again") for name in "dcab"]
    assert [isinstance(each, str) for each in found] == [False, False, False, True]


def test_one_answer_stays_however_large_it_is_and_few_small_ones_are_kept(answers, monkeypatch):
    monkeypatch.setattr(asked, "_MOST_BYTES", 10)
    large = result(answers, "a", np.zeros(100))
    assert result(answers, "a", None) is large
    monkeypatch.setattr(asked, "_MOST_ANSWERS", 2)
    for name in "bcd":
        result(answers, name, name)
    ask(answers, "d", lambda: None)
    assert [result(answers, name, "asked again") for name in "dcb"] == ["d", "c", "asked again"]


def test_what_is_under_way_is_never_asked_twice(answers, monkeypatch):
    monkeypatch.setattr(asked, "_MOST_ANSWERS", 1)
    go_on = threading.Event()
    waiting = [ask(answers, f"slow {number}", go_on.wait) for number in range(20)]
    assert waiting == [ask(answers, f"slow {number}", go_on.wait) for number in range(20)]
    go_on.set()


def test_a_question_that_was_given_up_is_asked_when_somebody_comes_back_to_it(answers):
    go_on = threading.Event()
    under_way = ask(answers, "slow", go_on.wait)
    given_up = ask(answers, "a", lambda: 1, place="map")
    wanted = ask(answers, "b", lambda: 2, place="map")
    assert given_up.cancelled()
    again = ask(answers, "a", lambda: 3, place="map")
    assert wanted.cancelled()
    go_on.set()
    assert (under_way.result(10), again.result(10)) == (True, 3)


def test_every_press_of_a_download_is_answered_in_its_turn(monkeypatch):
    monkeypatch.setattr(asked.visitor, "owner", lambda: "ann")
    monkeypatch.setattr(asked, "engine", lambda: SimpleNamespace(line=LINE))
    begun, go_on, order = threading.Event(), threading.Event(), []

    def slow():
        begun.set()
        assert go_on.wait(10)

    ask(Answers(), "somebody's", slow, asker="bob")
    assert begun.wait(10)
    downloads = [asked.in_turn(lambda number=number: order.append(number)) for number in range(3)]
    presses = [threading.Thread(target=download) for download in downloads]
    for press in presses:
        press.start()
    assert order == []
    go_on.set()
    for press in presses:
        press.join(10)
    assert sorted(order) == [0, 1, 2]
