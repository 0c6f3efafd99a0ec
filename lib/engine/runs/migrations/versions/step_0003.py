"""Experiments, what people write about their runs, and what the epochs of a run came to."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

REACHED = ("train_seconds", "val_loss", "val_accuracy", "best_val_loss", "best_val_accuracy")
_RUNS = sa.table("runs", sa.column("id"), *(sa.column(name) for name in REACHED))
_EVENTS = sa.table("events", sa.column("number"), sa.column("run_id"), sa.column("event"))


def upgrade() -> None:
    """Take the step."""
    op.add_column("runs", sa.Column("note", sa.String(500), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("tags", sa.String(200), nullable=False, server_default=""))
    for name in REACHED:
        op.add_column("runs", sa.Column(name, sa.Float))
    connection = op.get_bind()
    for run_id in connection.execute(sa.select(_RUNS.c.id)).scalars().all():
        values = _reached(connection, run_id)
        if values:
            connection.execute(sa.update(_RUNS).where(_RUNS.c.id == run_id).values(**values))
    op.create_table(
        "experiments",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False, index=True),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False, index=True),
        sa.Column("message", sa.String(1000), nullable=False, server_default=""),
        sa.Column("opened", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "experiment_members",
        sa.Column("experiment_id", sa.String(32), sa.ForeignKey("experiments.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.String(32), nullable=False),
    )


def _reached(connection: sa.Connection, run_id: str) -> dict[str, float | None]:
    """What the epochs of a run came to, from its events; {} where it has none, or they are damaged."""
    kinds = [_EVENTS.c.event.like(f'%"kind": "{kind}"%') for kind in ("epoch", "started")]
    query = sa.select(_EVENTS.c.event).where((_EVENTS.c.run_id == run_id) & sa.or_(*kinds)).order_by(_EVENTS.c.number)
    epochs: dict[int, dict[str, Any]] = {}
    try:
        for text in connection.execute(query).scalars().all():
            event = json.loads(text)
            # What was trained after the checkpoint that a run goes on from is trained again.
            epochs = {number: each for number, each in epochs.items() if number < event["epoch"]}
            if event["kind"] == "epoch":
                epochs[event["epoch"]] = event
        return _summed(epochs)
    except (ValueError, TypeError, KeyError):
        return {}


def _summed(epochs: dict[int, dict[str, Any]]) -> dict[str, float | None]:
    if not epochs:
        return {}
    told = [epochs[number] for number in sorted(epochs)]
    losses, accuracies = ([event.get(name) for event in told] for name in ("val_loss", "val_accuracy"))
    # Of thousands of short epochs some are told; they stand for all.
    seconds = sum(event["seconds"] for event in told) * max(epochs) / len(told)
    best = (min(_numbers(losses), default=None), max(_numbers(accuracies), default=None))
    last = (next(iter(_numbers(values[-1:])), None) for values in (losses, accuracies))
    return dict(zip(REACHED, (seconds, *last, *best), strict=True))


def _numbers(values: Iterable[Any]) -> list[float]:
    """Those that can be compared: a loss that is no number any more is none."""
    return [value for value in values if isinstance(value, int | float) and math.isfinite(value)]
