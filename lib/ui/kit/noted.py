"""What a person has set with a button, or in a component, and no widget holds: it stands in the address as a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lib.ui.kit.choice import Place
from lib.ui.kit.key import Key

T = TypeVar("T")
_PAGE, _VISIT = Key("visited_page", ""), Key("visit_number", 0)


def begin_visit(page: str) -> None:
    """Note that a page is drawn. Whoever comes from another page begins a new visit, for which the address counts.

    Args:
        page: its title.
    """
    if _PAGE.get() != page:
        _PAGE.set(page)
        _VISIT.set(_VISIT.get() + 1)


@dataclass(frozen=True)
class Noted(Generic[T]):
    """Something that is noted.

    Attributes:
        key: of the note.
        parameter: name in the address; "" for what must not stand there, and is noted in the session alone.
        usual: what is noted while nobody has set anything.
        read: what a text in the address stands for; None where it stands for nothing.
    """

    key: str
    parameter: str
    usual: T
    read: Callable[[str], T | None]

    def shown(self) -> T:
        """What is noted: set during this visit, or else said by the address. The address says it from now on."""
        visit, present = self._note.get()
        if not self.parameter:
            return self.get()
        place = Place(self.key, self.parameter, self.usual)
        value = place.written(place.shown(present if visit == _VISIT.get() else None, self.read))
        self.set(value)
        return value

    def set(self, value: T) -> None:
        """Note a value; the next drawing writes it into the address. For a callback."""
        self._note.set((_VISIT.get(), value))

    def get(self) -> T:
        """What was noted last, for a callback."""
        present = self._note.get()[1]
        return self.usual if present is None else present

    @property
    def _note(self) -> Key[tuple[int, T | None]]:
        return Key(f"{self.key}_noted", (-1, None))


def one_of(*known: str) -> Callable[[str], str | None]:
    """How a text is read that must be one of a few.

    >>> one_of("a", "b")("a"), one_of("a", "b")("c")
    ('a', None)
    """
    return lambda text: text if text in known else None


def whole(low: int, high: int) -> Callable[[str], int | None]:
    """How a whole number is read.

    >>> [whole(0, 20)(text) for text in ("12", "21", "-1", "1e1", "٣")]
    [12, None, None, None, None]
    """
    longest = len(str(high))

    def read(text: str) -> int | None:
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None
        return number if number is not None and low <= number <= high else None

    return read
