"""What the lessons promise: their experiments, the answers of their quizzes, their passages.

A test that holds a promise names the words it rests on, so that it fails, too, when these change.
"""

from __future__ import annotations

import re

from lib.specs.tasks.known import TASKS
from lib.ui.kit import lessons
from lib.ui.learn.page import Answer, parse_quiz


def experiments(page: str) -> tuple[str, ...]:
    """What the tasks of a page say, or the numbered items of its passage `try`, each as one line."""
    if page in TASKS:
        return tuple(" ".join(lessons.text(task.text).split()) for task in TASKS[page])
    _, *items = re.split(r"^\d+\. ", lessons.text(f"{page}.try"), flags=re.MULTILINE)
    return tuple(" ".join(item.split()) for item in items)


def answers(page: str) -> tuple[Answer, ...]:
    """The answers of a page's quiz."""
    return parse_quiz(lessons.text(f"{page}.quiz"))[1]


def experiment(page: str, number: int, *words: str) -> None:
    """Make sure that an experiment, counted from 1, says all these words."""
    _says(experiments(page)[number - 1], words)


def answer(page: str, number: int, words: str, *why: str, right: bool = False) -> None:
    """Make sure that an answer of the quiz, counted from 1, says these words and gives this reason.

    Args:
        page: the lesson's name.
        number: of the answer.
        words: what it says.
        why: words of its reason.
        right: whether it counts as right.
    """
    given = answers(page)[number - 1]
    assert given.right == right
    _says(given.words, [words])
    _says(given.why, why)


def passage(name: str, *words: str) -> None:
    """Make sure that a passage, such as `pooling.title`, says all these words. Line breaks don't count."""
    page, _, part = name.partition(".")
    _says(" ".join(lessons._passages(page)[part].split()), words)


def _says(text: str, words: tuple[str, ...] | list[str]) -> None:
    missing = [each for each in words if each not in text]
    assert not missing, f"{text!r} does not say {missing}"
