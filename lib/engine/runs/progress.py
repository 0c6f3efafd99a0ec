"""What the store keeps of people's progress on the Learn pages: one small record a person."""

from __future__ import annotations

import logging
import time
from contextlib import suppress

import sqlalchemy as sa

from lib.engine.runs.store import Store
from lib.engine.runs.tables import progress as table
from lib.specs.progress import MOST_ENTRIES, Progress, ProgressError, from_json, to_json

logger = logging.getLogger("layerlab.engine")

MOST_PEOPLE = 20_000
"""Beyond it the record that has not changed for longest goes when a new person begins: some 20 MB at most."""


class ProgressBook:
    """Progress by its owner; thread-safe.

    Args:
        store: where it is kept.
        most_people: how many records there may be.
    """

    def __init__(self, store: Store, most_people: int = MOST_PEOPLE) -> None:
        self._database = store.database
        self._most_people = most_people

    def of(self, owner: str) -> Progress:
        """A person's progress; one that is damaged counts as none."""
        with self._database.connect() as connection:
            return _read(connection, owner)

    def add(self, owner: str, more: Progress) -> Progress:
        """Keep what a person has done, together with what is kept already.

        Returns:
            All of it. What goes beyond `MOST_ENTRIES` is left out.
        """
        with suppress(sa.exc.IntegrityError):  # another session of the same person was quicker
            return self._add(owner, more)
        return self._add(owner, more)

    def _add(self, owner: str, more: Progress) -> Progress:
        mine = table.c.owner == owner
        with self._database.begin() as connection:
            # The row is written first, so that nobody else changes it between reading and writing.
            known = connection.execute(sa.update(table).where(mine).values(changed_at=time.time())).rowcount
            whole = _bounded(_read(connection, owner).joined(more))
            values = {"record": to_json(whole), "changed_at": time.time()}
            if known:
                connection.execute(sa.update(table).where(mine).values(**values))
            else:
                connection.execute(sa.insert(table).values(owner=owner, **values))
                self._make_room(connection)
        return whole

    def _make_room(self, connection: sa.Connection) -> None:
        count = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        if count > self._most_people:
            oldest = sa.select(table.c.owner).order_by(table.c.changed_at).limit(count - self._most_people)
            gone = connection.execute(oldest).scalars().all()
            connection.execute(sa.delete(table).where(table.c.owner.in_(gone)))

    def erase(self, owner: str) -> None:
        """Forget all that a person has done."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(table).where(table.c.owner == owner))


def _read(connection: sa.Connection, owner: str) -> Progress:
    text = connection.execute(sa.select(table.c.record).where(table.c.owner == owner)).scalar()
    if text is None:
        return Progress()
    try:
        return from_json(text)
    except ProgressError:
        logger.warning("the progress of a visitor is damaged")
        return Progress()


def _bounded(progress: Progress) -> Progress:
    """The oldest entries of a progress that has too many."""
    seen = sorted(progress.seen.items(), key=lambda entry: entry[1])[:MOST_ENTRIES]
    answers = sorted(progress.answers.items(), key=lambda entry: entry[1].at)[:MOST_ENTRIES]
    return Progress(dict(seen), dict(answers))
