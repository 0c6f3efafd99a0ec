"""Opening the store: a new one is made, an older one brought forward, and one that cannot be used is left as it is.

Every error of the database, now or later, becomes a `StoreError`: a sentence for a person.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from lib.engine.runs import migrations, store_troubles
from lib.engine.runs.migrations import HEAD, VERSIONS
from lib.engine.runs.store_troubles import Damage
from lib.engine.runs.tables import metadata, runs
from lib.errors import StoreError

HEADER_BYTES = 100
_VERSION = sa.table("alembic_version", sa.column("version_num"))


def open_database(url: str) -> sa.Engine:
    """Connections to the store, which has the newest version then.

    Args:
        url: SQLAlchemy address; the folder of an SQLite file is made.

    Raises:
        StoreError: it cannot be used. Nothing was changed, and nothing is left open.
    """
    try:
        address = make_url(url)
        engine = sa.create_engine(address, pool_pre_ping=True)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise StoreError(store_troubles.no_address(error), error) from None
    try:
        if address.get_backend_name() == "sqlite":
            _open_sqlite(engine, _path(address.database or ""))
        else:
            _translate_errors(engine, None)
            _bring_forward(engine, None)
        return engine
    except StoreError as error:
        trouble = StoreError(str(error), error.said)
    except BaseException:
        engine.dispose()
        raise
    engine.dispose()
    raise trouble  # a new one: whoever keeps it does not keep the connection that the first came from


def _path(database: str) -> Path:
    """The file that an SQLite address names, which may be an address itself: `file:/folder/file?mode=ro`."""
    return Path(unquote(urlsplit(database).path) if database.startswith("file:") else database)


def make_folder(folder: Path) -> None:
    """Make a folder of LayerLab's own.

    Raises:
        StoreError: there is a file in its place, or it may not be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(store_troubles.no_folder(folder, error), error) from None


def _open_sqlite(engine: sa.Engine, path: Path) -> None:
    damage = Damage(path)
    _translate_errors(engine, damage)
    sa.event.listen(engine, "do_connect", lambda *_: damage.refuse())
    sa.event.listen(engine, "connect", _set_up_sqlite)
    make_folder(path.parent)
    if _cut_short(path):
        raise StoreError(store_troubles.damaged(path, "it is shorter than its own header says"))
    _bring_forward(engine, path)


def _translate_errors(engine: sa.Engine, damage: Damage | None) -> None:
    """Have what the database says told as a `StoreError`. A broken rule of a table stays what it is: our own fault."""

    def translate(context: sa.engine.ExceptionContext) -> None:
        said = context.original_exception
        if isinstance(context.sqlalchemy_exception, sa.exc.IntegrityError | sa.exc.DataError) or context.is_pre_ping:
            return
        if isinstance(context.sqlalchemy_exception, sa.exc.DBAPIError) or isinstance(said, sqlite3.Error):
            if damage is not None and store_troubles.is_damage(said):
                damage.note()
                # All connections are let go, so that the file can be replaced by a good one.
                context.is_disconnect = True
                if context.execution_context is not None:
                    context.execution_context.cursor.close()
            path = None if damage is None else damage.path
            raise StoreError(store_troubles.explain(path, said), said) from said

    sa.event.listen(engine, "handle_error", translate)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Readers don't wait for the writer, and a writer waits for another instead of failing."""
    # A text that is damaged is its own row's trouble: it is read as far as it can be.
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA busy_timeout=10000")
            if not cursor.execute("PRAGMA auto_vacuum").fetchone()[0]:
                cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")  # of a new file; an older one stays as it is
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error:
        connection.close()
        raise


def _cut_short(path: Path) -> bool:
    """Whether an SQLite file ends before the pages that its header counts."""
    with suppress(OSError), path.open("rb") as file:
        header = file.read(HEADER_BYTES)
        beside = path.with_name(f"{path.name}-wal")
        if len(header) < HEADER_BYTES or (beside.exists() and beside.stat().st_size):
            return False  # a new file, or the pages that it lacks may stand beside it
        page_size = int.from_bytes(header[16:18]) or 1
        page_size = 65_536 if page_size == 1 else page_size
        counted = header[24:28] == header[92:96]
        return counted and path.stat().st_size < int.from_bytes(header[28:32]) * page_size
    return False


def _bring_forward(engine: sa.Engine, path: Path | None) -> None:
    """Make a new store, or take an older one to the newest version, or refuse it: all of it or nothing.

    Args:
        engine: connections.
        path: of an SQLite file, which is copied before the first step; None for another database.
    """
    with engine.connect() as connection:
        if path is not None:
            # Only one app may do this at a time; and a file that may not be written is found out here.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        tables = sa.inspect(connection).get_table_names()
        version = connection.execute(sa.select(_VERSION.c.version_num)).scalar() if _VERSION.name in tables else None
        if version is not None and version not in VERSIONS:
            raise StoreError(store_troubles.newer(path, version))
        copy = None
        try:
            if "runs" not in tables:
                metadata.create_all(connection)
                _stamp(connection)
            elif version != HEAD:
                copy = None if path is None else _copy(path, version or VERSIONS[0])
                _take_steps(connection, path)
            _compare(connection, path)
            connection.execute(sa.delete(runs).where(sa.false()))  # changes nothing, unless that is not allowed
            connection.commit()
        except BaseException:
            if copy is not None:
                copy.unlink(missing_ok=True)  # nothing was changed: there is nothing to go back to
            raise


def _take_steps(connection: sa.Connection, path: Path | None) -> None:
    try:
        migrations.bring_forward(connection)
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(store_troubles.no_way_forward(path, error), error) from error


def _stamp(connection: sa.Connection) -> None:
    """Write down the version of a store that was made just now, as Alembic would."""
    number = sa.Column("version_num", sa.String(32), primary_key=True)
    table = sa.Table(_VERSION.name, sa.MetaData(), number)
    table.create(connection)
    connection.execute(sa.insert(table).values(version_num=HEAD))


def _copy(path: Path, version: str) -> Path:
    """Copy an SQLite file beside itself, what stands in its log included, and never over another copy.

    Raises:
        StoreError: there is no room for it.
    """
    names = (f"{path.stem}-version-{version}{number}{path.suffix}" for number in ("", *range(2, 1_000)))
    copy = next(place for place in (path.with_name(name) for name in names) if not place.exists())
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (sqlite3.Error, OSError) as error:
        copy.unlink(missing_ok=True)
        raise StoreError(store_troubles.no_copy(path, error), error) from None
    return copy


def _compare(connection: sa.Connection, path: Path | None) -> None:
    """Look for each table and column.

    Raises:
        StoreError: one is missing.
    """
    there = _columns(connection)
    for table in metadata.tables.values():
        missing = [column.name for column in table.columns if column.name not in there.get(table.name, ())]
        if missing:
            raise StoreError(store_troubles.lacks(path, table.name, missing[0]))


def _columns(connection: sa.Connection) -> Mapping[str, set[str]]:
    """Columns of each table that the store has."""
    inspector = sa.inspect(connection)
    return {name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()}
