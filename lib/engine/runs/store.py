"""What is kept of a run: its spec, events, checkpoints and evaluation, in any database SQLAlchemy speaks to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

metadata = sa.MetaData()

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("dataset", sa.String(40), nullable=False),
    sa.Column("spec", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("epochs_trained", sa.Integer, nullable=False, default=0),
    sa.Column("created", sa.Float, key="created_at", nullable=False, index=True),
)
events = sa.Table(
    "events",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run_id", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("event", sa.Text, nullable=False),
)
checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("batch", sa.Integer, primary_key=True),
    sa.Column("sums", sa.Text, nullable=False),
    sa.Column("weights", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.LargeBinary),
)
evaluations = sa.Table(
    "evaluations",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("loss", sa.Float, nullable=False),
    sa.Column("accuracy", sa.Float, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("probabilities", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One row of `runs`."""

    id: str
    owner: str
    title: str
    dataset: str
    spec: str
    status: str
    epochs_trained: int
    created_at: float


class Store:
    """All access to the database.

    Args:
        url: SQLAlchemy address; the folder of an SQLite file is made.
        weights_mb: MB of weights kept for one run before older epochs are thinned out.
    """

    def __init__(self, url: str, weights_mb: int = 64) -> None:
        address = make_url(url)
        sqlite = address.get_backend_name() == "sqlite"
        if sqlite and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(address, pool_pre_ping=True)
        if sqlite:
            sa.event.listen(self._engine, "connect", _set_up_sqlite)
        metadata.create_all(self._engine)
        self._weights_bytes = weights_mb * 1_000_000

    @property
    def database(self) -> sa.Engine:
        """Connections, for what is kept beside the runs."""
        return self._engine

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def add_run(self, row: StoredRun) -> None:
        """Keep a new run."""
        values = {name: getattr(row, name) for name in StoredRun.__slots__}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(runs).values(**values))

    def run(self, run_id: str) -> StoredRun | None:
        """One run, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(runs).where(runs.c.id == run_id)).first()
        return None if row is None else StoredRun(*row)

    def list_runs(self, owner: str | None, limit: int) -> list[tuple[StoredRun, float | None]]:
        """Newest runs with their test accuracy, of one owner or of all."""
        query = sa.select(runs, evaluations.c.accuracy).outerjoin(evaluations, evaluations.c.run_id == runs.c.id)
        if owner is not None:
            query = query.where(runs.c.owner == owner)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(runs.c.created_at.desc()).limit(limit)).all()
        return [(StoredRun(*row[:-1]), row[-1]) for row in rows]

    def runs_with_status(self, statuses: Iterable[str]) -> list[StoredRun]:
        """Runs in one of these states, oldest first."""
        query = sa.select(runs).where(runs.c.status.in_(list(statuses))).order_by(runs.c.created_at)
        with self._engine.connect() as connection:
            return [StoredRun(*row) for row in connection.execute(query)]

    def add_event(self, run_id: str, event: Mapping[str, Any], status: str, epochs_trained: int) -> None:
        """Keep an event and what the run has become by it."""
        with self._engine.begin() as connection:
            connection.execute(sa.insert(events).values(run_id=run_id, event=json.dumps(event)))
            changes = {"status": status, "epochs_trained": epochs_trained}
            connection.execute(sa.update(runs).where(runs.c.id == run_id).values(**changes))

    def events(self, run_id: str) -> list[dict[str, Any]]:
        """All events of a run, in order."""
        query = sa.select(events.c.event).where(events.c.run_id == run_id).order_by(events.c.number)
        with self._engine.connect() as connection:
            return [json.loads(text) for text in connection.execute(query).scalars()]

    def add_checkpoint(self, run_id: str, checkpoint: Mapping[str, Any]) -> None:
        """Keep a checkpoint; the newest alone keeps its training state, and old epochs are thinned beyond the limit."""
        place = {"run_id": run_id, "epoch": checkpoint["epoch"], "batch": checkpoint["batch"]}
        mine = checkpoints.c.run_id == run_id
        with self._engine.begin() as connection:
            same = mine & (checkpoints.c.epoch == place["epoch"]) & (checkpoints.c.batch == place["batch"])
            connection.execute(sa.delete(checkpoints).where(same))
            # A checkpoint in mid-epoch is only there to go on from: the next one replaces it.
            connection.execute(sa.delete(checkpoints).where(mine & (checkpoints.c.batch > 0)))
            connection.execute(sa.update(checkpoints).where(mine).values(state=None))
            values = {**place, "sums": json.dumps(list(checkpoint["sums"]))}
            values |= {"weights": checkpoint["weights"], "state": checkpoint["state"]}
            connection.execute(sa.insert(checkpoints).values(**values))
            epochs = list(connection.execute(sa.select(checkpoints.c.epoch).where(mine)).scalars())
            most = max(2, self._weights_bytes // max(1, len(checkpoint["weights"])))
            gone = set(epochs) - set(spread(sorted(epochs), most))
            connection.execute(sa.delete(checkpoints).where(mine & checkpoints.c.epoch.in_(gone)))

    def checkpoint(self, run_id: str) -> dict[str, Any] | None:
        """The newest checkpoint with its training state, as the worker takes it, or None."""
        query = sa.select(checkpoints).where((checkpoints.c.run_id == run_id) & checkpoints.c.state.is_not(None))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        values = dict(row._mapping)
        return {**values, "sums": json.loads(values["sums"])}

    def weights(self, run_id: str, epoch: int | None) -> bytes | None:
        """Packed weights after an epoch (0 = the newest there are when `epoch` is None), or None."""
        query = sa.select(checkpoints.c.weights).where(checkpoints.c.run_id == run_id)
        if epoch is not None:
            query = query.where((checkpoints.c.epoch == epoch + 1) & (checkpoints.c.batch == 0))
        newest = query.order_by(checkpoints.c.epoch.desc(), checkpoints.c.batch.desc()).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(newest).scalar()

    def epochs_kept(self, run_id: str) -> list[int]:
        """Epochs whose weights are kept."""
        mine = (checkpoints.c.run_id == run_id) & (checkpoints.c.batch == 0)
        with self._engine.connect() as connection:
            kept = connection.execute(sa.select(checkpoints.c.epoch).where(mine).order_by(checkpoints.c.epoch))
            return [epoch - 1 for epoch in kept.scalars()]

    def set_evaluation(self, run_id: str, evaluation: Mapping[str, Any]) -> None:
        """Keep what the test part gave; a later evaluation of the run replaces it."""
        values = {name: evaluation[name] for name in ("loss", "accuracy", "seconds", "probabilities")}
        with self._engine.begin() as connection:
            connection.execute(sa.delete(evaluations).where(evaluations.c.run_id == run_id))
            connection.execute(sa.insert(evaluations).values(run_id=run_id, **values))

    def probabilities(self, run_id: str) -> bytes | None:
        """Packed outputs for the test part, or None."""
        query = sa.select(evaluations.c.probabilities).where(evaluations.c.run_id == run_id)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()


def spread(values: list[int], most: int) -> list[int]:
    """At most `most` of sorted values, evenly spread, first and last among them.

    The range is cut into steps of one length, a power of two; of each step the first value stays, and the last of all.
    So what stays is even at every moment, however often it is thinned while new values come.

    >>> spread([1, 2, 3, 4, 5, 6], 4)
    [1, 3, 5, 6]
    """
    first, last = values[0], values[-1]
    step = 1
    while (last - first) // step + 2 > most and last - first >= step:
        step *= 2
    steps: dict[int, int] = {}
    for value in values:
        steps.setdefault((value - first) // step, value)
    return sorted({*steps.values(), last})


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Readers don't wait for the writer, and a writer waits for another instead of failing."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
