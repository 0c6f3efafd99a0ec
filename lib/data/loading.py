"""The way in: `load` a dataset, once for each process, and cut parts from it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lib.data import bundle, full_file
from lib.data.bundle import DATA_FOLDER
from lib.data.errors import DataError
from lib.data.full_file import has_full
from lib.data.parts import Part, class_counts, split_validation, take
from lib.data.registry import Dataset, find
from lib.data.scaling import Scaling, fit_scaling

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


_loaded: dict[tuple[Size, Path], Loaded] = {}
_locks: dict[tuple[Size, Path], threading.Lock] = {}
_guard = threading.Lock()


def load(name: str, size: str = "bundled") -> Loaded:
    """Open a dataset; the first call reads the file, all others in this process share the result.

    Args:
        name: a key of `DATASETS`.
        size: "bundled", or "full" once it was downloaded (`lib.data.full_size.start_download`).

    Raises:
        DataError: no such dataset or size; the file is missing or damaged; the full size was not downloaded yet.
    """
    dataset = find(name)
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
        if key not in _loaded:
            parts = bundle.read(path, dataset) if size == "bundled" else full_file.read(path, dataset)
            _loaded[key] = Loaded(dataset, size, parts["train"], parts["test"])
        return _loaded[key]
