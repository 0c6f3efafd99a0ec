"""What is kept of experiments in the store."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa

from lib.engine.experiments.kinds import from_json, to_json
from lib.engine.experiments.plan import Plan
from lib.engine.experiments.snapshot import Status
from lib.engine.runs.tables import experiment_members as members
from lib.engine.runs.tables import experiments
from lib.specs.fields import SpecError

logger = logging.getLogger("layerlab.engine")


@dataclass
class Kept:
    """An experiment as the store has it.

    Attributes:
        run_ids: of the members that are or were in line, by place.
    """

    id: str
    owner: str
    plan: Plan
    status: Status
    message: str
    opened: int
    created_at: float
    run_ids: dict[int, str] = field(default_factory=dict)


class ExperimentBook:
    """Experiments in the database; thread-safe.

    Args:
        database: connections.

    Raises:
        StoreError: every method, when the database fails.
    """

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def add(self, kept: Kept) -> None:
        """Keep a new experiment."""
        values = {
            "id": kept.id, "owner": kept.owner, "plan": to_json(kept.plan), "status": kept.status,
            "message": kept.message, "opened": kept.opened, "created_at": kept.created_at,
        }  # fmt: skip
        with self._database.begin() as connection:
            connection.execute(sa.insert(experiments).values(**values))

    def add_member(self, experiment_id: str, place: int, run_id: str) -> None:
        """Keep which run stands at a place, instead of another one that may have stood there."""
        here = (members.c.experiment_id == experiment_id) & (members.c.place == place)
        with self._database.begin() as connection:
            connection.execute(sa.delete(members).where(here))
            connection.execute(sa.insert(members).values(experiment_id=experiment_id, place=place, run_id=run_id))

    def update(self, kept: Kept) -> None:
        """Keep what has become of an experiment."""
        values = {"status": kept.status, "message": kept.message[:1_000], "opened": kept.opened}
        with self._database.begin() as connection:
            connection.execute(sa.update(experiments).where(experiments.c.id == kept.id).values(**values))

    def delete(self, experiment_id: str) -> None:
        """Forget an experiment. Its runs stay, and are members of nothing any more."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(members).where(members.c.experiment_id == experiment_id))
            connection.execute(sa.delete(experiments).where(experiments.c.id == experiment_id))

    def find(self, experiment_id: str) -> Kept | None:
        """One experiment; None where there is none, or its row is damaged."""
        found = self._read(sa.select(experiments).where(experiments.c.id == experiment_id))
        return found[0] if found else None

    def of(self, owner: str, limit: int) -> list[Kept]:
        """A person's experiments, newest first; damaged rows are left out."""
        mine = sa.select(experiments).where(experiments.c.owner == owner)
        return self._read(mine.order_by(experiments.c.created_at.desc()).limit(limit))

    def with_status(self, statuses: Collection[Status]) -> list[Kept]:
        """Experiments in one of these states, oldest first."""
        asked = sa.select(experiments).where(experiments.c.status.in_(list(statuses)))
        return self._read(asked.order_by(experiments.c.created_at))

    def _read(self, query: sa.Select[tuple[object, ...]]) -> list[Kept]:
        with self._database.connect() as connection:
            rows = connection.execute(query).mappings().all()
            ids = [row["id"] for row in rows]
            runs = connection.execute(sa.select(members).where(members.c.experiment_id.in_(ids))).all() if ids else []
        result = []
        for row in rows:
            try:
                plan = from_json(row["plan"])
            except SpecError as error:
                logger.warning("what is stored of experiment %s is damaged: %s", row["id"], error)
                continue
            mine = {member.place: member.run_id for member in runs if member.experiment_id == row["id"]}
            state = (row["status"], row["message"], row["opened"], row["created_at"])
            result.append(Kept(row["id"], row["owner"], plan, *state, mine))
        return result
