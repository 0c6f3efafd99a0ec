"""The own datasets of this process: in memory for as long as somebody holds them, and no longer.

Facts of data that a run was trained on stay, and so do its test labels: its curves and its confusion matrix can still
be shown when the samples are gone.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lib.data.own.dataset import OwnData
from lib.errors import DataError
from lib.specs.datasets import Dataset, find_own_with

MOST_DATASETS = 48
MOST_MB = 300


@dataclass(slots=True)
class _Entry:
    data: OwnData
    holds: int = 0
    owners: set[str] = field(default_factory=set)


_lock = threading.RLock()
_shelf: dict[str, _Entry] = {}
_leaving: list[Hold] = []
_facts: dict[str, Dataset] = {}
_test_labels: dict[str, NDArray[np.uint8]] = {}


class Hold:
    """Keeps a dataset in memory until it is released or nobody knows it any more."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._finalizer = weakref.finalize(self, _let_go, name)
        self._finalizer.atexit = False

    def release(self) -> None:
        """Let go; a second time nothing happens."""
        self._finalizer()


def put(data: OwnData, owner: str = "") -> Hold:
    """Take data into memory and hold them.

    Args:
        data: a person's own.
        owner: token of the person's browser.

    Raises:
        DataError: there is no room for them now.
    """
    name = data.facts.name
    with _lock:
        if name not in _shelf:
            _make_room(data.size_mb)
            _shelf[name] = _Entry(data)
            _facts[name] = data.facts
        _shelf[name].owners.add(owner)
        return hold(name)


def _make_room(size_mb: float) -> None:
    """Data of visits that have just ended go first, the oldest of them before the others."""
    while _full(size_mb) and _leaving:
        _leaving.pop(0).release()
    if _full(size_mb):
        raise DataError(
            f"People's own data take all of the {MOST_MB} MB that this installation has for them. "
            "Try again later, or bring fewer or smaller samples."
        )


def _full(more: float) -> bool:
    used = sum(entry.data.size_mb for entry in list(_shelf.values()))
    return len(_shelf) >= MOST_DATASETS or used + more > MOST_MB


def hold(name: str) -> Hold:
    """Hold data that are here.

    Raises:
        DataError: they are not here any more.
    """
    with _lock:
        _entry(name).holds += 1
        return Hold(name)


def _entry(name: str) -> _Entry:
    if name not in _shelf:
        raise gone(name)
    return _shelf[name]


def gone(name: str) -> DataError:
    """What to tell a person who asks for data that are not here."""
    facts = _facts.get(name)
    title = name if facts is None else f"“{facts.title}”"
    return DataError(f"The data {title} were private to a visit and are gone. Upload the same file again to go on.")


def _let_go(name: str) -> None:
    with _lock:
        entry = _shelf[name]
        entry.holds -= 1
        if not entry.holds:
            del _shelf[name]
            if name not in _test_labels:
                del _facts[name]


def release_later(holds: Iterable[Hold], seconds: float) -> None:
    """Let go after a while: who reloads a page or loses the connection for a moment finds the data again."""
    waiting = list(holds)
    with _lock:
        _leaving.extend(waiting)
    timer = threading.Timer(seconds, _release, [waiting])
    timer.daemon = True
    timer.start()


def _release(waiting: list[Hold]) -> None:
    with _lock:
        for each in waiting:
            each.release()
            if each in _leaving:
                _leaving.remove(each)


def hold_owned(name: str, owner: str) -> Hold | None:
    """Hold data that are here and that this person brought, or None: looked up and held in one step."""
    with _lock:
        return hold(name) if name in _shelf and owner in _shelf[name].owners else None


def brought_by(owner: str) -> list[Dataset]:
    """Facts of what a person brought and what is still here, in the order they came."""
    with _lock:
        return [entry.data.facts for entry in _shelf.values() if owner in entry.owners]


def disown(name: str, owner: str) -> None:
    """The person does not want the data any more."""
    with _lock:
        if name in _shelf:
            _shelf[name].owners.discard(owner)


find_own_with(_facts.get)


# --- what is asked for ---------------------------------------------------------------------------------------------


def data(name: str) -> OwnData:
    """Data that are here, whoever asks.

    Raises:
        DataError: they are not here any more.
    """
    with _lock:
        return _entry(name).data


_find: Callable[[str], OwnData] = data


def find_with(find: Callable[[str], OwnData]) -> None:
    """Set who may see what: in the app samples are for those who brought them, in a worker there is nobody to ask."""
    global _find
    _find = find


def visible(name: str) -> OwnData:
    """Data for the one who asks.

    Raises:
        DataError: they are gone, or they are somebody else's.
    """
    return _find(name)


def remember(facts: Dataset, test_labels: NDArray[np.uint8]) -> None:
    """Keep facts and test labels of data that a run was trained on, whatever becomes of the samples."""
    with _lock:
        _facts[facts.name] = facts
        _test_labels[facts.name] = test_labels


def remembered(name: str) -> bool:
    """Whether facts and test labels stay."""
    return name in _test_labels


def test_labels(name: str) -> NDArray[np.uint8]:
    """Class of each test sample, also of data that are gone.

    Raises:
        DataError: no run was trained on these data, and they are not here.
    """
    with _lock:
        known = _test_labels.get(name)
        return np.asarray(_entry(name).data.test.y, np.uint8) if known is None else known
