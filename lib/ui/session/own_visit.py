"""This visitor's own data: who may see samples, and for how long they are here.

A visit holds its data in the app's memory until the browser has been gone for a while.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.data.own import shelf
from lib.data.own.dataset import OwnData
from lib.errors import DataError
from lib.specs.datasets import OWN_NAME, Dataset
from lib.ui.kit import lessons
from lib.ui.session import visitor
from lib.ui.session.engine import engine, if_stored

MOST_OF_A_VISIT = 3
GRACE_SECONDS = 180.0
"""So long data stay after the connection is lost: longer than Streamlit waits for a browser to come back."""


@dataclass
class Visit:
    """What one session has in memory.

    Attributes:
        holds: the visitor's data by name; those used last stand at the end.
        read: what the reader made of the file in the uploader, so that no rerun reads it again.
    """

    holds: dict[str, shelf.Hold] = field(default_factory=dict)
    read: dict[str, tuple[object, Any]] = field(default_factory=dict)


def _ended(visit: Visit) -> None:
    """Let go of the data later. Streamlit calls this when a browser is gone: for good, for a moment, or to reload."""
    shelf.release_later(visit.holds.values(), GRACE_SECONDS)
    visit.holds, visit.read = {}, {}


@st.cache_resource(scope="session", show_spinner=False, on_release=_ended)
def this_visit() -> Visit:
    """The visit of this session."""
    return Visit()


def is_own(name: str) -> bool:
    """Whether a name is that of somebody's own data."""
    return re.fullmatch(OWN_NAME, name) is not None


def closed(name: str) -> bool:
    """Whether a name is that of own data which this visitor may not see: they are gone, or somebody else's."""
    return is_own(name) and not _may_see(name)


def _may_see(name: str) -> bool:
    """Whether this visitor brought the data. Those that were kept beyond a visit come back into memory."""
    owner, holds = visitor.owner(), this_visit().holds
    hold = shelf.hold_owned(name, owner)
    if hold is not None:
        earlier = holds.pop(name, None)
        _hold(hold)
        if earlier is not None:
            earlier.release()
        return True
    data = if_stored(lambda: engine().own_data.open(owner, name), None)
    if data is not None:
        _hold(shelf.put(data, owner))
    return data is not None


def take(data: OwnData) -> None:
    """Take data that were just brought into this visit.

    Raises:
        DataError: there is no room for them now.
    """
    _hold(shelf.put(data, visitor.owner()))


def _hold(hold: shelf.Hold) -> None:
    """Hold data, and let go of those that have not been used for longest."""
    holds = this_visit().holds
    holds[hold.name] = hold
    for name in list(holds)[:-MOST_OF_A_VISIT]:
        shelf.disown(name, visitor.owner())
        holds.pop(name).release()


def mine() -> dict[str, Dataset]:
    """Facts about all data that this visitor has brought or keeps, by name."""
    owner = visitor.owner()
    return {facts.name: facts for facts in (*_kept(owner), *shelf.brought_by(owner))}


def _kept(owner: str) -> list[Dataset]:
    return if_stored(lambda: engine().own_data.kept(owner), [])


def is_kept(name: str) -> bool:
    """Whether data are kept beyond the visit."""
    return any(facts.name == name for facts in _kept(visitor.owner()))


def keep(name: str) -> None:
    """Keep data beyond the visit.

    Raises:
        DataError: they are gone, or the visitor keeps as much as is allowed.
    """
    engine().own_data.keep(visitor.owner(), shelf.visible(name))


def keep_no_longer(name: str) -> None:
    """Keep data no longer than this visit."""
    engine().own_data.delete(visitor.owner(), name)


def delete(name: str) -> None:
    """Delete data, in this visit too."""
    keep_no_longer(name)
    shelf.disown(name, visitor.owner())
    hold = this_visit().holds.pop(name, None)
    if hold is not None:
        hold.release()


def _visible(name: str) -> OwnData:
    """Samples, if the visitor may see them. A thread without a page belongs to the engine, which may see all."""
    if get_script_run_ctx(suppress_warning=True) is not None and closed(name):
        raise DataError(lessons.text("own_data.private"))
    return shelf.data(name)


shelf.find_with(_visible)
