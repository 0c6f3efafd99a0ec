"""What whoever runs the app may set, read from the environment once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from lib.errors import SetUpError


class SettingsError(SetUpError, ValueError):
    """An environment variable holds something that cannot be used; the text names it and its value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits and places of one installation.

    Attributes:
        home: folder of the store, the weights of runs and full-size datasets.
        database_url: SQLAlchemy address of the store.
        scheduler: address of an external Dask scheduler (`tls://host:8786`), or "" for the embedded engine.
        workers: worker processes of the embedded engine, one training each.
        max_parameters: most weights that a submitted model may have.
        max_memory_mb: most memory in MB that a training may be estimated to need.
        max_epochs: most epochs of one run.
        weights_mb: MB of weights kept for one run before older epochs are thinned out.
        person_mb: MB of ended runs and own data of one person, before runs that they do not keep are deleted.
        store_mb: MB of those of all together.
    """

    home: Path
    database_url: str
    scheduler: str = ""
    workers: int = 1
    max_parameters: int = 5_000_000
    max_memory_mb: int = 2_000
    max_epochs: int = 100
    weights_mb: int = 64
    person_mb: int = 1_000
    store_mb: int = 10_000

    @staticmethod
    def from_environment() -> Settings:
        """Read `LAYERLAB_*` and `DATABASE_URL`.

        Raises:
            SettingsError: a number is not a whole number of at least 1.
        """
        home = Path(os.environ.get("LAYERLAB_HOME") or platformdirs.user_data_dir("layerlab")).absolute()
        return Settings(
            home=home,
            database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{home / 'layerlab.sqlite3'}",
            scheduler=os.environ.get("LAYERLAB_SCHEDULER", ""),
            workers=_whole("LAYERLAB_WORKERS", Settings.workers_default()),
            max_parameters=_whole("LAYERLAB_MAX_PARAMETERS", 5_000_000),
            max_memory_mb=_whole("LAYERLAB_MAX_MEMORY_MB", 2_000),
            max_epochs=_whole("LAYERLAB_MAX_EPOCHS", 100),
            weights_mb=_whole("LAYERLAB_WEIGHTS_MB", 64),
            person_mb=_whole("LAYERLAB_PERSON_MB", 1_000),
            store_mb=_whole("LAYERLAB_STORE_MB", 10_000),
        )

    @staticmethod
    def workers_default() -> int:
        """One worker for every four cores: a training keeps about two busy, and the page needs some too."""
        return max(1, (os.cpu_count() or 1) // 4)


def _whole(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text) >= 1):
        raise SettingsError(
            f"The setting {name} must be a whole number of at least 1, not {text!r:.60}. Whoever runs LayerLab should"
            " change it and start LayerLab again."
        )
    return int(text)
