"""Who the visitor is: a random name that the browser remembers, so that a reload finds the same runs. No cookie."""

from __future__ import annotations

import re
import secrets

from lib.ui.kit.component import component
from lib.ui.kit.key import Key

_NAME = re.compile(r"[0-9a-f]{32}")
_OWNER = Key("visitor_owner", "")


def recognise() -> None:
    """Ask the browser for its name. If it has another one than the session, its answer runs the page again."""
    result = component("visitor")(key="visitor", data={"name": owner()}, on_name_change=lambda: None, height=1)
    # A browser may send anything: only a name of our own form counts.
    if isinstance(result.name, str) and _NAME.fullmatch(result.name):
        _OWNER.set(result.name)


def owner() -> str:
    """This visitor's name. Until the browser has told its own, the session makes one."""
    if not _OWNER.get():
        _OWNER.set(secrets.token_hex(16))
    return _OWNER.get()
