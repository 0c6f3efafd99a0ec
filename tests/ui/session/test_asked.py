"""What is remembered of questions to workers."""

import threading

import numpy as np
import pytest
from helpers.waiting import wait_until

from lib.ui.session import asked
from lib.ui.session.asked import Answers


@pytest.fixture
def answers():
    return Answers()


def result(answers, question, value):
    return answers.of(question, lambda: value).result(timeout=10)


def test_a_question_is_asked_once_until_it_is_forgotten(answers):
    assert [result(answers, "a", number) for number in (1, 2)] == [1, 1]
    answers.forget("a")
    assert result(answers, "a", 3) == 3
    answers.clear()
    assert result(answers, "a", 4) == 4


def test_an_error_is_an_answer(answers):
    def fail():
        raise OSError("no worker")

    with pytest.raises(OSError, match="no worker"):
        answers.of("a", fail).result(timeout=10)


def test_the_answers_that_were_asked_for_last_stay(answers, monkeypatch):
    monkeypatch.setattr(asked, "_MOST_BYTES", 300)
    for name in "abc":
        result(answers, name, {"weights": (np.zeros(100, np.uint8),)})
    result(answers, "a", None)  # used again: now b is the oldest
    wait_until(lambda: answers.of("d", lambda: np.zeros(100, np.uint8)).done())
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
    answers.of("d", lambda: None)
    assert [result(answers, name, "asked again") for name in "dcb"] == ["d", "c", "asked again"]


def test_what_is_under_way_is_never_asked_twice(answers, monkeypatch):
    monkeypatch.setattr(asked, "_MOST_ANSWERS", 1)
    go_on = threading.Event()
    waiting = [answers.of(f"slow {number}", go_on.wait) for number in range(20)]
    assert waiting == [answers.of(f"slow {number}", go_on.wait) for number in range(20)]
    go_on.set()
