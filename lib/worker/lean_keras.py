"""Keras without three packages that it imports wherever they are installed, for helpers that LayerLab does not use."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from types import ModuleType

EXTRAS = ("matplotlib", "pandas", "sklearn")


def import_keras() -> ModuleType:
    """Keras, imported as if `EXTRAS` were not installed.

    They are a third of the time that the import takes, and 140 MB. What needs one of them later can import it.
    """
    with hidden(EXTRAS):
        import keras
    return keras


@contextlib.contextmanager
def hidden(names: tuple[str, ...]) -> Iterator[None]:
    """Let no one find these packages meanwhile; those that have been imported already stay.

    Args:
        names: of packages at the top of their own.
    """
    absent = [name for name in names if name not in sys.modules]
    # Python's reference: an import of a name whose entry is None ends with ModuleNotFoundError.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
