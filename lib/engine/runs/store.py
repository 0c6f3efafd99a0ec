"""What is kept of a run: its spec, events, checkpoints and evaluation, in any database SQLAlchemy speaks to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from lib.engine.runs.opening import open_database
from lib.engine.runs.reached import Reached
from lib.engine.runs.snapshot import ACTIVE
from lib.engine.runs.tables import checkpoints, evaluations, events, runs
from lib.errors import DataError


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
    ended_at: float | None = None
    kept: bool = False
    size_mb: float | None = None
    note: str = ""
    tags: str = ""
    train_seconds: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    best_val_loss: float | None = None
    best_val_accuracy: float | None = None


ListedRun = tuple[StoredRun, float | None, float | None]
"""A run, its test accuracy and its test loss."""


class Store:
    """All access to the database.

    Args:
        url: SQLAlchemy address; the folder of an SQLite file is made.
        weights_mb: MB of weights kept for one run before older epochs are thinned out.

    Attributes:
        run_ended: set when a run has ended; whoever tidies up clears it.

    Raises:
        StoreError: it cannot be used; so does every method when the database fails.
    """

    def __init__(self, url: str, weights_mb: int = 64) -> None:
        self._engine = open_database(url)
        self.run_ended = threading.Event()
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

    def list_runs(self, owner: str | None, limit: int) -> list[ListedRun]:
        """Newest runs of one owner or of all, each with its test accuracy and loss where it was tested."""
        tested = (evaluations.c.accuracy, evaluations.c.loss)
        query = sa.select(runs, *tested).outerjoin(evaluations, evaluations.c.run_id == runs.c.id)
        if owner is not None:
            query = query.where(runs.c.owner == owner)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(runs.c.created_at.desc()).limit(limit)).all()
        return [(StoredRun(*row[:-2]), row[-2], row[-1]) for row in rows]

    def runs_with_status(self, statuses: Iterable[str]) -> list[StoredRun]:
        """Runs in one of these states, oldest first."""
        query = sa.select(runs).where(runs.c.status.in_(list(statuses))).order_by(runs.c.created_at)
        with self._engine.connect() as connection:
            return [StoredRun(*row) for row in connection.execute(query)]

    def describe_run(self, run_id: str, values: Mapping[str, str]) -> bool:
        """Keep what a run's owner wrote: its `title`, `note` or `tags`. Whether the run is still there."""
        with self._engine.begin() as connection:
            return bool(connection.execute(sa.update(runs).where(runs.c.id == run_id).values(**values)).rowcount)

    def add_event(
        self, run_id: str, event: Mapping[str, Any], status: str, epochs_trained: int, reached: Reached | None = None
    ) -> None:
        """Keep an event and what the run has become by it; `reached` is given where the event changes it.

        Raises:
            DataError: the run was deleted meanwhile.
        """
        ended = status not in ACTIVE
        changes: dict[str, Any] = {"status": status, "epochs_trained": epochs_trained, "size_mb": None}
        changes |= {} if reached is None else asdict(reached)
        changes["ended_at"] = time.time() if ended else None
        with self._engine.begin() as connection:
            if not connection.execute(sa.update(runs).where(runs.c.id == run_id).values(**changes)).rowcount:
                raise DataError("This run was deleted meanwhile.")
            connection.execute(sa.insert(events).values(run_id=run_id, event=json.dumps(event)))
        if ended:
            self.run_ended.set()

    def events(self, run_id: str) -> list[dict[str, Any]]:
        """All events of a run, in order."""
        query = sa.select(events.c.event).where(events.c.run_id == run_id).order_by(events.c.number)
        with self._engine.connect() as connection:
            texts = connection.execute(query).scalars().all()
        # Not while rows are fetched: an error in the middle would leave the connection reading, and it could not write.
        return [json.loads(text) for text in texts]

    def add_checkpoint(self, run_id: str, checkpoint: Mapping[str, Any]) -> None:
        """Keep a checkpoint; the newest alone keeps its training state, and old epochs are thinned beyond the limit."""
        place = {"run_id": run_id, "epoch": checkpoint["epoch"], "batch": checkpoint["batch"]}
        mine = checkpoints.c.run_id == run_id
        with self._engine.begin() as connection:
            same = (checkpoints.c.epoch == place["epoch"]) & (checkpoints.c.batch == place["batch"])
            # A checkpoint in mid-epoch is only there to go on from: the next one replaces it.
            connection.execute(sa.delete(checkpoints).where(mine & (same | (checkpoints.c.batch > 0))))
            # Only the one that has a state: a database writes a whole row anew, with its weights, to change a part.
            newest = mine & checkpoints.c.state.is_not(None)
            connection.execute(sa.update(checkpoints).where(newest).values(state=None))
            values = {**place, "sums": json.dumps(list(checkpoint["sums"]))}
            values |= {"weights": checkpoint["weights"], "state": checkpoint["state"]}
            connection.execute(sa.insert(checkpoints).values(**values))
            epochs = list(connection.execute(sa.select(checkpoints.c.epoch).where(mine)).scalars())
            most = max(2, self._weights_bytes // max(1, len(checkpoint["weights"])))
            gone = set(epochs) - set(spread(sorted(epochs), most))
            if gone:
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
