"""The way in: `load` a dataset, once for each process, and cut parts from it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lib.data.bundled import bundle
from lib.data.bundled.bundle import DATA_FOLDER
from lib.data.bundled.table import load_table
from lib.data.full import file as full_file
from lib.data.full.file import has_full
from lib.data.own import shelf
from lib.data.parts import Part, class_counts, split_validation, take
from lib.data.scaling import Scaling, fit_scaling
from lib.errors import DataError
from lib.specs.datasets import Dataset, find

__all__ = [
    "DATA_FOLDER",
    "Loaded",
    "Part",
    "Scaling",
    "Size",
    "class_counts",
    "fit_scaling",
    "has_full",
    "load",
    "split_validation",
    "take",
]

Size = Literal["bundled", "full"]
TABLE_TEST_SHARE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A dataset in memory.

    Attributes:
        dataset: its registry entry.
        size: "bundled" (the samples that come with LayerLab) or "full" (as published).
        train: the training part; validation is cut from it.
        test: the test part.
    """

    dataset: Dataset
    size: Size
    train: Part
    test: Part


UNUSED_SECONDS = 300.0
"""So long after it was asked for last a dataset stays in memory: all bundled images together take 54 MB."""

_loaded: dict[tuple[Size, Path], Loaded] = {}
_used_at: dict[tuple[Size, Path], float] = {}
_locks: dict[tuple[Size, Path], threading.Lock] = {}
_guard = threading.Lock()


def load(name: str, size: str = "bundled") -> Loaded:
    """Open a dataset; the first call reads the file, all others in this process share the result while it is in use.

    Args:
        name: a key of `DATASETS`, or the name of a person's own data, whatever the size.
        size: "bundled", or "full" once it was downloaded (`lib.data.full.download.start_download`).

    Raises:
        DataError: no such dataset or size; the file is missing or damaged; the full size was not downloaded yet;
            own data are gone, or somebody else's.
    """
    dataset = find(name)
    if dataset.kind in ("text", "points"):
        raise DataError(f"{dataset.title} depend on more than a name: `lib.data.preparing.prepare` reads them.")
    if dataset.own:
        own = shelf.visible(name)
        return Loaded(dataset, "bundled", own.train, own.test)
    for known in get_args(Size):
        if size == known:
            return _load_once(dataset, known)
    raise DataError(f"There is no size {size!r:.60}. Choose one of {', '.join(get_args(Size))}.")


def _load_once(dataset: Dataset, size: Size) -> Loaded:
    path = DATA_FOLDER / dataset.file if size == "bundled" else full_file.full_path(dataset.name)
    key = (size, path)
    # One lock for each file: thirty sessions that ask at once read it once, and nobody waits for another dataset.
    with _guard:
        lock = _locks.setdefault(key, threading.Lock())
    with lock:
        with _guard:
            _used_at[key] = time.monotonic()
            found = _loaded.get(key)
        return _read(key, dataset) if found is None else found


def _read(key: tuple[Size, Path], dataset: Dataset) -> Loaded:
    read = Loaded(dataset, key[0], *_parts(dataset, *key))
    with _guard:
        if not _loaded:
            _look_again()
        _loaded[key] = read
    return read


def _look_again() -> None:
    """Have a look after a while at what nobody uses any more, for as long as anything is in memory."""
    timer = threading.Timer(UNUSED_SECONDS / 2, _let_go)
    timer.daemon = True
    timer.start()


def _let_go() -> None:
    """Let datasets go that nobody has asked for lately."""
    now = time.monotonic()
    with _guard:
        for key in [key for key in _loaded if now - _used_at[key] > UNUSED_SECONDS]:
            del _loaded[key]
        if _loaded:
            _look_again()


def _parts(dataset: Dataset, size: Size, path: Path) -> tuple[Part, Part]:
    """Training and test part."""
    if dataset.kind == "table":
        return split_validation(load_table(dataset).part, TABLE_TEST_SHARE, seed=0)
    parts = bundle.read(path, dataset) if size == "bundled" else full_file.read(path, dataset)
    return parts["train"], parts["test"]
