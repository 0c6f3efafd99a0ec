"""The versions of the store, and the steps from each to the next (Alembic).

A new version: a file in `versions`, its tables in `lib.engine.runs.tables`, its name at the end of `VERSIONS`.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

VERSIONS = ("0001", "0002", "0003", "0004")
"""From the oldest to the newest. A store from before there were versions has the tables of the first."""
HEAD = VERSIONS[-1]
FOLDER = Path(__file__).parent


def bring_forward(connection: sa.Connection) -> None:
    """Take all steps from the version of a store to the newest, within the connection's transaction."""
    from alembic import command  # 10 MB of memory, needed once in the life of a version
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
