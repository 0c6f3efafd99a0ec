"""This visitor's progress on the Learn pages: in the session's memory, and in the store under their name.

The store is read once a session, and written when something new has been seen. Where it cannot be used, the session
remembers alone, and `trouble` says so.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from lib.engine.runs.progress import ProgressBook
from lib.errors import SetUpError
from lib.specs.progress import Answered, Progress, Saved
from lib.ui.kit.key import Key
from lib.ui.session import visitor
from lib.ui.session.engine import engine


@dataclass(frozen=True)
class _Mine:
    """What the session remembers.

    Attributes:
        owner: whose it is. The browser may say only after the first run of a page who its visitor is.
        kept: whether all of it is in the store.
    """

    owner: str
    progress: Progress
    kept: bool


_MINE: Key[_Mine | None] = Key("progress_mine", None)


def mine() -> Progress:
    """All that this visitor has done, as far as the session knows."""
    return _known().progress


def for_file() -> Saved:
    """What goes into a file: all that this visitor has done, under their mark."""
    return Saved(mine(), by=mark())


def mark() -> str:
    """What a file knows this visitor by. Their name cannot be made from it: whoever knows that name is them."""
    return hashlib.sha256(f"progress of {visitor.owner()}".encode()).hexdigest()[:16]


def trouble() -> bool:
    """Whether something of it could not be kept beyond this visit."""
    return not _known().kept


def see(sightings: Iterable[str]) -> tuple[str, ...]:
    """Remember what tasks have shown just now; the names of those that are new."""
    known = mine().seen
    new = tuple(name for name in sightings if name not in known)
    if new:
        join(Progress({name: time.time() for name in new}))
    return new


def answer(question: str, place: int, right: bool) -> None:
    """Remember which answer was revealed. Only the first one, and the first right one, change anything."""
    now = time.time()
    known = mine().answers.get(question)
    if known is None or (right and known.right_at is None):
        join(Progress(answers={question: Answered(place, now, now if right else None)}))


def join(more: Progress) -> None:
    """Add to this visitor's progress."""
    known = _known()
    mine = replace(known, progress=known.progress.joined(more))
    # What an unusable store did not take before is given to it again.
    _MINE.set(_stored(mine, lambda book: book.add(mine.owner, mine.progress if not known.kept else more)))


def erase() -> bool:
    """Forget all of it, here and in the store. Where the store cannot be used nothing is forgotten: False."""
    known = _known()
    erased = _stored(replace(known, progress=Progress()), lambda book: book.erase(known.owner))
    if erased.kept:
        _MINE.set(erased)
    return erased.kept


def _known() -> _Mine:
    owner, known = visitor.owner(), _MINE.get()
    if known is None or known.owner != owner:
        known = _stored(_Mine(owner, Progress(), True), lambda book: book.of(owner))
        _MINE.set(known)
    return known


def _stored(mine: _Mine, ask: Callable[[ProgressBook], Progress | None]) -> _Mine:
    """The progress after the store was asked, which may know more of it."""
    try:
        answer = ask(engine().progress)
    except SetUpError:
        return replace(mine, kept=False)
    return replace(mine, progress=mine.progress if answer is None else mine.progress.joined(answer), kept=True)
