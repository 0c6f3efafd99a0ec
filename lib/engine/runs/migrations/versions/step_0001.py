"""The tables as they were before the store had versions. What is there already stays as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

metadata = sa.MetaData()
sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("dataset", sa.String(40), nullable=False),
    sa.Column("spec", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("epochs_trained", sa.Integer, nullable=False),
    sa.Column("created", sa.Float, nullable=False, index=True),
)
sa.Table(
    "events",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run_id", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("event", sa.Text, nullable=False),
)
sa.Table(
    "checkpoints",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("batch", sa.Integer, primary_key=True),
    sa.Column("sums", sa.Text, nullable=False),
    sa.Column("weights", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.LargeBinary),
)
sa.Table(
    "evaluations",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("loss", sa.Float, nullable=False),
    sa.Column("accuracy", sa.Float, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("probabilities", sa.LargeBinary, nullable=False),
)
sa.Table(
    "own_data_trained_on",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("test_labels", sa.LargeBinary, nullable=False),
)
sa.Table(
    "own_data_kept",
    metadata,
    sa.Column("owner", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("megabytes", sa.Float, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("samples", sa.LargeBinary, nullable=False),
)


def upgrade() -> None:
    """Make the tables that are missing."""
    metadata.create_all(op.get_bind())
