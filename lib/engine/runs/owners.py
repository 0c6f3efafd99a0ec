"""Who may change a run: the person it belongs to."""

from __future__ import annotations

from lib.engine.runs.book import RunBook, UnknownRunError
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError


def theirs(book: RunBook, run_id: str, owner: str, does: str) -> RunSnapshot:
    """A person's run, with all that has happened to it.

    Args:
        book: the runs.
        run_id: the run.
        owner: the person.
        does: what only an owner does, such as "deletes it".

    Raises:
        DataError: it belongs to somebody else, or is gone.
    """
    try:
        now = book.newest(run_id)
    except UnknownRunError:
        raise DataError("This run is not here any more: it was deleted.") from None
    if now.owner != owner:
        raise DataError(f"This run belongs to somebody else: only its owner {does}.")
    return now
