"""The words of the questions, and the search through them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lib.ui.kit import lessons
from lib.ui.kit.question_entries import QUESTIONS

_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be between but can difference do does for from how i if in is it its me my not of on or so "
        "that the them there this to was we what when where which while who why will with you your",
    )
)
"""Words that every question has: nobody is looked for by them."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found.

    Attributes:
        names: ids of the questions, the best first.
        whole: whether they contain all the words that were looked for, or only at least half of them.
    """

    names: tuple[str, ...]
    whole: bool = True


def asked(name: str) -> str:
    """A question, as people ask it."""
    return lessons.opening(lessons.entries("questions")[name])[0].lstrip("# ")


def answer(name: str) -> str:
    """The answer to a question, as Markdown."""
    return lessons.opening(lessons.entries("questions")[name])[1]


def matching(words: str) -> Found:
    """Questions that contain these words; first those that are asked with them.

    Args:
        words: what somebody typed; upper or lower case and little words such as "the" do not matter. Without any other
            word, all questions.

    >>> matching("1875 batches").names
    ('why_1875',)
    """
    wanted = set(_words(words)) - _LITTLE
    if not wanted:
        return Found(() if words.strip() and not _words(words) else tuple(QUESTIONS))
    hits = {name: sum(f" {word}" in _plain(name) for word in wanted) for name in QUESTIONS}
    best = max(hits.values())
    if 2 * best < len(wanted):
        return Found(())
    found = [name for name, count in hits.items() if count == best]
    found.sort(key=lambda name: -sum(f" {word}" in _asked_with(name) for word in wanted))
    return Found(tuple(found), best == len(wanted))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _searched(text: str) -> str:
    """The words of a text, names such as `val_loss` also in parts, each behind a space: it shows where words begin."""
    return "".join(f" {word}" for word in _words(f"{text} {text.replace('_', ' ')}"))


@cache
def _asked_with(name: str) -> str:
    """The words with which people ask it."""
    return _searched(f"{asked(name)} {QUESTIONS[name].also}")


@cache
def _plain(name: str) -> str:
    """What a person reads of a question and its answer, without the addresses of links."""
    return _asked_with(name) + _searched(re.sub(r"\]\([^)]*\)", "", answer(name)))
