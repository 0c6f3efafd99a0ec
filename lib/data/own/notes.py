"""What was left out of a person's own data, told in sentences, and in not too many of them."""

from __future__ import annotations

MOST = 20


class Notes:
    """Sentences as they come up; only the first are kept, the others are counted.

    >>> notes = Notes()
    >>> for number in range(100):
    ...     notes.add(f"Row {number} is empty.")
    >>> len(notes.told()), notes.told()[-1]
    (21, 'And 80 more of this kind.')
    """

    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._count = 0

    def add(self, sentence: str) -> None:
        """Note one thing that a person should know."""
        self._count += 1
        if len(self._sentences) < MOST:
            self._sentences.append(sentence)

    def told(self) -> tuple[str, ...]:
        """The first sentences, and how many more there were."""
        more = self._count - len(self._sentences)
        return (*self._sentences, f"And {more:,} more of this kind.") if more else tuple(self._sentences)
