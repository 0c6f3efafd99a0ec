"""What the store does with runs that have ended: it shortens them, says what they take, and deletes them."""

from __future__ import annotations

import json
import logging
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lib.engine.runs.compacting import compacted
from lib.engine.runs.snapshot import ACTIVE
from lib.engine.runs.tables import checkpoints, evaluations, events, experiment_members, own_kept, runs, trained_on

logger = logging.getLogger("layerlab.engine")

PAGES_AT_ONCE = 500
"""So many pages of an SQLite file are given back at a time, so that no training waits long to store an event."""


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run that has ended, as far as the limits are concerned.

    Attributes:
        ended_at: seconds since 1970.
        kept: its owner wants it to stay.
        size_mb: MB of its events, weights and outputs.
    """

    id: str
    owner: str
    ended_at: float
    kept: bool
    size_mb: float


class Tidying:
    """Ended runs in the database; thread-safe, and nothing here touches an active run.

    Args:
        database: connections.
    """

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def untidy(self) -> list[str]:
        """Ended runs of which it is not known what they take, oldest first."""
        query = sa.select(runs.c.id).where(_ENDED & runs.c.size_mb.is_(None)).order_by(runs.c.created_at)
        with self._database.connect() as connection:
            return list(connection.execute(query).scalars())

    def tidy(self, run_id: str) -> None:
        """Shorten the events of an ended run, and write down what it takes."""
        query = sa.select(events.c.number, events.c.event).where(events.c.run_id == run_id).order_by(events.c.number)
        with self._database.connect() as connection:
            rows = connection.execute(query).all()
        fewer = _compacted(run_id, [row.event for row in rows])
        mine = events.c.run_id == run_id
        with self._database.begin() as connection:
            if not _claim(connection, runs.c.id == run_id):
                return
            if fewer is not None:
                last = connection.execute(sa.select(sa.func.max(events.c.number)).where(mine)).scalar()
                if last != rows[-1].number:
                    return  # something was told meanwhile: another time
                connection.execute(sa.delete(events).where(mine))
                connection.execute(sa.insert(events), [{"run_id": run_id, "event": text} for text in fewer])
            size = sum(connection.execute(query).scalar() or 0 for query in _sizes(run_id)) / 1e6
            connection.execute(sa.update(runs).where(runs.c.id == run_id).values(size_mb=size))

    def held(self, owner: str | None = None) -> list[HeldRun]:
        """Ended runs of one person or of all whose size is known, those that ended first first."""
        ended = sa.func.coalesce(runs.c.ended_at, runs.c.created_at)
        query = sa.select(runs.c.id, runs.c.owner, ended, runs.c.kept, runs.c.size_mb)
        if owner is not None:
            query = query.where(runs.c.owner == owner)
        with self._database.connect() as connection:
            found = connection.execute(query.where(_ENDED & runs.c.size_mb.is_not(None)).order_by(ended))
            return [HeldRun(*row) for row in found]

    def own_data_mb(self) -> dict[str, float]:
        """MB of the own data that each person keeps."""
        query = sa.select(own_kept.c.owner, sa.func.sum(own_kept.c.megabytes)).group_by(own_kept.c.owner)
        with self._database.connect() as connection:
            return {row.owner: row[1] for row in connection.execute(query)}

    def is_kept(self, run_id: str) -> bool:
        """Whether a run's owner wants it to stay."""
        with self._database.connect() as connection:
            return bool(connection.execute(sa.select(runs.c.kept).where(runs.c.id == run_id)).scalar())

    def is_member(self, run_id: str) -> bool:
        """Whether a run is a member of an experiment."""
        query = sa.select(experiment_members.c.run_id).where(experiment_members.c.run_id == run_id).limit(1)
        with self._database.connect() as connection:
            return connection.execute(query).first() is not None

    def keep(self, run_id: str, kept: bool) -> None:
        """Have a run stay, or go when its turn comes."""
        with self._database.begin() as connection:
            connection.execute(sa.update(runs).where(runs.c.id == run_id).values(kept=kept))

    def delete(self, run_id: str, even_kept: bool = True) -> bool:
        """Delete an ended run with all that belongs to it.

        Args:
            run_id: the run.
            even_kept: also when its owner wants it to stay.

        Returns:
            Whether it was deleted: it may be active again, or gone.
        """
        chosen = runs.c.id == run_id if even_kept else (runs.c.id == run_id) & ~runs.c.kept
        with self._database.begin() as connection:
            if not _claim(connection, chosen):
                return False
            dataset = connection.execute(sa.select(runs.c.dataset).where(runs.c.id == run_id)).scalar()
            for table in (events, checkpoints, evaluations):
                connection.execute(sa.delete(table).where(table.c.run_id == run_id))
            connection.execute(sa.delete(runs).where(runs.c.id == run_id))
            others = sa.select(runs.c.id).where(runs.c.dataset == dataset).exists()
            connection.execute(sa.delete(trained_on).where((trained_on.c.name == dataset) & ~others))
        return True

    def give_back(self) -> None:
        """Let an SQLite file shrink by what has become free in it; one from before version 0002 keeps its size."""
        if self._database.dialect.name != "sqlite":
            return
        free = True
        while free:
            with closing(self._database.raw_connection()) as connection:
                # SQLite takes one step for each row that is fetched.
                connection.cursor().execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})").fetchall()
                modes = ("auto_vacuum", "freelist_count")
                free = all(connection.cursor().execute(f"PRAGMA {mode}").fetchone()[0] for mode in modes)


_ENDED = runs.c.status.not_in(ACTIVE)


def _claim(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> bool:
    """Begin to write to an ended run, so that nobody else does meanwhile; False where there is none."""
    return bool(connection.execute(sa.update(runs).where(chosen & _ENDED).values(size_mb=None)).rowcount)


def _compacted(run_id: str, texts: list[str]) -> list[str] | None:
    try:
        fewer = compacted([json.loads(text) for text in texts])
    except (ValueError, TypeError, KeyError):
        logger.warning("the events of run %s are damaged, and stay as they are", run_id)
        return None
    return None if fewer is None else [json.dumps(plain) for plain in fewer]


def _sizes(run_id: str) -> list[sa.Select[Any]]:
    """Queries for the bytes that a run takes."""
    length, total, nothing = sa.func.length, sa.func.sum, sa.func.coalesce
    weights = total(length(checkpoints.c.weights) + nothing(length(checkpoints.c.state), 0))
    return [
        sa.select(total(length(events.c.event))).where(events.c.run_id == run_id),
        sa.select(weights).where(checkpoints.c.run_id == run_id),
        sa.select(length(evaluations.c.probabilities)).where(evaluations.c.run_id == run_id),
    ]
