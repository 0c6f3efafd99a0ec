"""The tables of the store, as its newest version has them; `migrations` brings older ones here.

A test compares them with what the migrations make.
"""

from __future__ import annotations

import sqlalchemy as sa

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
    # When it ended last, in seconds since 1970; NULL while it is active, and for runs from before version 0002.
    sa.Column("ended_at", sa.Float),
    # Its owner wants it to stay, whatever else goes.
    sa.Column("kept", sa.Boolean, nullable=False, server_default=sa.false()),
    # Of events, weights and outputs; NULL while the run is active, and until it has been tidied after its end.
    sa.Column("size_mb", sa.Float),
    # What its owner wrote about it; `tags` as words with blanks between.
    sa.Column("note", sa.String(500), nullable=False, server_default=""),
    sa.Column("tags", sa.String(200), nullable=False, server_default=""),
    # What its epochs came to, see `lib.engine.runs.reached`.
    sa.Column("train_seconds", sa.Float),
    sa.Column("val_loss", sa.Float),
    sa.Column("val_accuracy", sa.Float),
    sa.Column("best_val_loss", sa.Float),
    sa.Column("best_val_accuracy", sa.Float),
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
    # NULL where a number is predicted.
    sa.Column("accuracy", sa.Float),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("probabilities", sa.LargeBinary, nullable=False),
)
trained_on = sa.Table(
    "own_data_trained_on",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("test_labels", sa.LargeBinary, nullable=False),
)
own_kept = sa.Table(
    "own_data_kept",
    metadata,
    sa.Column("owner", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("megabytes", sa.Float, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("samples", sa.LargeBinary, nullable=False),
)
experiments = sa.Table(
    "experiments",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    # What is compared, how often, and the guess, as JSON.
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("created_at", sa.Float, nullable=False, index=True),
    # Why it ended early, or "".
    sa.Column("message", sa.String(1000), nullable=False, server_default=""),
    # How often the test part was opened for it.
    sa.Column("opened", sa.Integer, nullable=False, server_default="0"),
)
experiment_members = sa.Table(
    "experiment_members",
    metadata,
    sa.Column("experiment_id", sa.String(32), sa.ForeignKey("experiments.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    # No foreign key: a run may be deleted, and the experiment says so.
    sa.Column("run_id", sa.String(32), nullable=False),
)
progress = sa.Table(
    "progress",
    metadata,
    sa.Column("owner", sa.String(64), primary_key=True),
    # Tasks and answers of the Learn pages, as JSON; see `lib.specs.progress`.
    sa.Column("record", sa.Text, nullable=False),
    # In seconds since 1970.
    sa.Column("changed_at", sa.Float, nullable=False, index=True),
)
