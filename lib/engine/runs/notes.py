"""What people write about their runs: another name, a note, and tags."""

from __future__ import annotations

import re
import unicodedata
from functools import partial

from lib.engine.runs.book import RunBook
from lib.engine.runs.owners import theirs
from lib.errors import DataError

MOST_TITLE, MOST_NOTE, MOST_TAGS, MOST_TAG = 200, 500, 10, 19
"""Letters of a name and of a note; tags of a run, and letters of each. All tags fit into their column of 200."""
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what is written behind them: a name could make others read backwards."""
_UNWANTED = ("Cc", "Cs")
"""Control characters and halves of characters, by Unicode's categories."""


class Notes:
    """What owners write about their runs; thread-safe. What is written is stored first and shown then.

    Args:
        book: the runs.
    """

    def __init__(self, book: RunBook) -> None:
        self._book = book

    def rename(self, run_id: str, owner: str, title: str) -> None:
        """Give a run another name, which lists and snapshots show from now on.

        Raises:
            DataError: the run is not this person's, or is gone; the name is empty or longer than 200 letters.
        """
        theirs(self._book, run_id, owner, "renames it")
        wanted = one_line(title)
        if not wanted:
            raise DataError("A run needs a name: write at least one letter.")
        _at_most(MOST_TITLE, wanted, "A name")
        self._write(run_id, title=wanted)

    def note(self, run_id: str, owner: str, text: str) -> None:
        """Write a note about a run; "" takes it away.

        Raises:
            DataError: the run is not this person's, or is gone; the note is longer than 500 letters.
        """
        theirs(self._book, run_id, owner, "writes a note about it")
        wanted = "\n".join(one_line(line) for line in text.splitlines()).strip()
        _at_most(MOST_NOTE, wanted, "A note")
        self._write(run_id, note=wanted)

    def tag(self, run_id: str, owner: str, text: str) -> None:
        """Give a run these tags and no others; "" takes them away.

        Args:
            run_id: the run.
            owner: the person.
            text: words, with blanks or commas between.

        Raises:
            DataError: the run is not this person's, or is gone; more than 10 tags, or one of more than 19 letters.
        """
        theirs(self._book, run_id, owner, "tags it")
        wanted = tags_of(text)
        if len(wanted) > MOST_TAGS:
            raise DataError(f"A run may have at most {MOST_TAGS} tags, not {len(wanted)}.")
        for tag in wanted:
            _at_most(MOST_TAG, tag, f"The tag {tag:.{MOST_TAG}}… is too long: a tag")
        self._write(run_id, tags=" ".join(wanted))

    def _write(self, run_id: str, **values: str) -> None:
        if not self._book.journal.written(partial(self._book.describe, run_id, values)):
            raise DataError("This run is not here any more: it was deleted.")


def one_line(text: str) -> str:
    """Text without control characters, marks that turn its direction, and repeated blanks.

    >>> one_line("  a\\tb\\x00c \\u202ed ")
    'a bc d'
    >>> one_line("a \\x00 b")
    'a b'
    """
    wanted = (letter for letter in text if letter.isspace() or not _unwanted(letter))
    return " ".join("".join(wanted).split())


def tags_of(text: str) -> tuple[str, ...]:
    """The tags in a text, each once, in its order.

    >>> tags_of("good, #deep good")
    ('good', 'deep')
    """
    words = (word.strip("#") for word in re.split(r"[\s,;]+", one_line(text)))
    return tuple(dict.fromkeys(word for word in words if word))


def _unwanted(letter: str) -> bool:
    return letter in _TURNING or unicodedata.category(letter) in _UNWANTED


def _at_most(most: int, text: str, what: str) -> None:
    if len(text) > most:
        raise DataError(f"{what} may have at most {most} letters, not {len(text):,}.")
