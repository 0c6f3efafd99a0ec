"""The entries of the glossary, as `assets/lessons/glossary.md` writes them under `### Term`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from lib.ui.kit import lessons


@dataclass(frozen=True, slots=True)
class Entry:
    """A term and what it means.

    Attributes:
        term: as the heading says it.
        meaning: Markdown.
    """

    term: str
    meaning: str

    @property
    def slug(self) -> str:
        """The anchor: Streamlit makes the same of the heading."""
        return lessons.slug(self.term)

    @property
    def initial(self) -> str:
        """The letter it is filed under."""
        return self.term[0].upper()


@cache
def entries() -> tuple[Entry, ...]:
    """All entries, in the order of the alphabet."""
    _, *rest = re.split(r"^## (.+)\n", lessons.text("glossary.terms"), flags=re.MULTILINE)
    found = (Entry(term.strip(), meaning.strip()) for term, meaning in zip(rest[::2], rest[1::2], strict=True))
    return tuple(sorted(found, key=lambda entry: entry.term.lower()))


def matching(words: str) -> tuple[Entry, ...]:
    """Entries that contain all these words; first those whose term contains them.

    Args:
        words: what somebody typed; upper or lower case does not matter. Without words, all entries.
    """
    wanted = set(words.lower().split())
    found = [entry for entry in entries() if all(word in _plain(entry) for word in wanted)]
    return tuple(sorted(found, key=lambda entry: not all(word in entry.term.lower() for word in wanted)))


@cache
def _plain(entry: Entry) -> str:
    """What a person reads of an entry, without the addresses of its links."""
    return re.sub(r"\]\([^)]*\)", "", f"{entry.term} {entry.meaning}").lower()


def by_initial(chosen: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries by their first letter, in the order of the alphabet."""
    ordered = sorted(chosen, key=lambda entry: entry.term.lower())
    return {initial: list(group) for initial, group in groupby(ordered, key=lambda entry: entry.initial)}
