"""Experiments, and what people write about their runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Take the step."""
    op.add_column("runs", sa.Column("note", sa.String(500), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("tags", sa.String(200), nullable=False, server_default=""))
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
