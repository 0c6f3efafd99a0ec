"""Where a number is predicted there is no accuracy; runs can be kept, and know what they take."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("evaluations") as table:
        table.alter_column("accuracy", existing_type=sa.Float(), nullable=True)
    op.add_column("runs", sa.Column("ended_at", sa.Float))
    op.add_column("runs", sa.Column("kept", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("size_mb", sa.Float))
    connection = op.get_bind()
    for run_id, spec in connection.execute(sa.text("SELECT id, spec FROM runs WHERE dataset = 'points'")).all():
        if _predicts_a_number(spec):
            _forget_accuracy(connection, run_id)


def _predicts_a_number(spec: str) -> bool:
    """Whether a run has no classes: in version 0001 only those on one kind of points had none."""
    try:
        return bool(json.loads(spec)["data"]["points_kind"] == "regression_plane")
    except (ValueError, TypeError, KeyError):  # damaged: such a run is not shown at all
        return False


def _forget_accuracy(connection: sa.Connection, run_id: str) -> None:
    """Its accuracy was stored as 0."""
    mine = {"run": run_id}
    connection.execute(sa.text("UPDATE evaluations SET accuracy = NULL WHERE run_id = :run"), mine)
    for number, text in connection.execute(sa.text("SELECT number, event FROM events WHERE run_id = :run"), mine).all():
        try:
            event = json.loads(text)
            changes = {name: None for name in ("accuracy", "val_accuracy") if name in event}
        except (ValueError, TypeError):
            continue
        if changes:
            values = {"number": number, "event": json.dumps(event | changes)}
            connection.execute(sa.text("UPDATE events SET event = :event WHERE number = :number"), values)
