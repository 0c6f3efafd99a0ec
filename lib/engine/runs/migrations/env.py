"""What Alembic runs to take the steps; `lib.engine.runs.migrations` calls it, and nobody imports it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
