"""Sentences about a store that cannot be used: what is wrong, and what whoever runs LayerLab can do."""

from __future__ import annotations

import os
from pathlib import Path

from lib.errors import StoreError

DAMAGE = ("malformed", "not a database", "disk image", "corrupt")
"""What SQLite says of a file that is no database any more."""


class Damage:
    """Whether the file of a store has turned out to be damaged. It is not touched again until it was replaced.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None

    def note(self) -> None:
        """Remember the file as it is now as damaged."""
        self._seen = self._identity()

    def refuse(self) -> None:
        """Nothing for a file that is fit.

        Raises:
            StoreError: the file is the one that was damaged.
        """
        if self._seen is not None and self._seen == self._identity():
            raise StoreError(damaged(self.path, "a part of it cannot be read"))
        self._seen = None

    def _identity(self) -> tuple[int, int, int] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns


def is_damage(said: BaseException) -> bool:
    """Whether an error means that the file is damaged."""
    return any(word in str(said) for word in DAMAGE)


def explain(path: Path | None, said: BaseException) -> str:
    """What an error of the database means.

    Args:
        path: of an SQLite file; None for another database.
        said: the error.
    """
    reason = _first_line(said)
    if path is None:
        return (
            f"The database that DATABASE_URL names cannot be used: {reason}. Whoever runs LayerLab should see whether"
            " it runs, and whether address, user and password are right."
        )
    if is_damage(said):
        return damaged(path, reason)
    if "readonly" in reason or (path.exists() and not os.access(path, os.W_OK)):
        return (
            f"The store of runs, {shown(path)}, may only be read ({reason}). Whoever runs LayerLab should allow it to"
            " write that file and its folder."
        )
    if "full" in reason:
        return f"There is no room left for the store of runs, {shown(path)} ({reason}): free some of its disk."
    if "locked" in reason:
        return f"Another program has kept the store of runs, {shown(path)}, locked for too long. Try again."
    if "no such" in reason:
        return (
            f"The store of runs, {shown(path)}, is not as LayerLab made it ({reason}). Whoever runs LayerLab should put"
            " a backup in its place, or move it away: LayerLab then begins a new one."
        )
    return (
        f"The store of runs, {shown(path)}, cannot be used ({reason}). Whoever runs LayerLab should see whether the"
        " folder is there and may be written."
    )


def damaged(path: Path, reason: str) -> str:
    """The file is no database any more."""
    return (
        f"The store of runs, {shown(path)}, is damaged ({reason}). LayerLab leaves it as it is. Whoever runs LayerLab"
        " should put a backup in its place, or move it away with the files beside it that end in -wal and -shm."
        " LayerLab then begins a new one."
    )


def newer(path: Path | None, version: str) -> str:
    """The store has been brought forward by a newer program."""
    return (
        f"{_name(path)} has version {version:.20}: a newer LayerLab than this one has made it, and this one leaves it"
        " as it is. Whoever runs LayerLab should start the newer one, or name another folder with LAYERLAB_HOME."
    )


def lacks(path: Path | None, table: str, column: str) -> str:
    """A table or a column is missing."""
    return (
        f"{_name(path)} lacks the column {column} of its table {table}, so it is not as LayerLab made it. Whoever runs"
        " LayerLab should put a backup in its place, or move it away: LayerLab then begins a new one."
    )


def no_way_forward(path: Path | None, error: Exception) -> str:
    """A step from an older version met something that was not expected."""
    return (
        f"{_name(path)} is from an older LayerLab and could not be brought forward ({_first_line(error)}). LayerLab"
        " left it as it is. Whoever runs LayerLab should put a backup in its place, or move it away: LayerLab then"
        " begins a new one."
    )


def no_copy(path: Path, error: Exception) -> str:
    """The file could not be copied before it is brought forward."""
    return (
        f"The store of runs, {shown(path)}, is from an older LayerLab and has to be brought forward. LayerLab could"
        f" not write the copy that comes first ({_first_line(error)}). Whoever runs LayerLab should free some of its"
        " disk."
    )


def no_folder(folder: Path, error: OSError) -> str:
    """The home cannot be made."""
    above = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    if not above.is_dir():
        return (
            f"The runs should be stored in {shown(folder)}, but {shown(above)} is a file. Whoever runs LayerLab should"
            " name a folder with LAYERLAB_HOME."
        )
    return (
        f"The folder {shown(folder)}, where the runs should be stored, cannot be made ({error.strerror}). Whoever runs"
        " LayerLab should name another one with LAYERLAB_HOME, or allow LayerLab to write there."
    )


def no_address(error: Exception) -> str:
    """The address of the database is none, or its driver is not installed."""
    what = _first_line(error) if isinstance(error, ImportError) else "it is no address of a database"
    return (
        f"DATABASE_URL cannot be used: {what}. Whoever runs LayerLab should give it an address such as"
        " postgresql+psycopg://user:password@host/name, install that driver, and start LayerLab again."
    )


def shown(path: Path) -> str:
    """A path for a page: what stands before the home of whoever runs LayerLab is nobody's business."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _name(path: Path | None) -> str:
    return "The database that DATABASE_URL names" if path is None else f"The store of runs, {shown(path)},"


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
