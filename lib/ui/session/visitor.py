"""Who is looking: a random name that the browser keeps, so that a reload finds the same runs. No account, no cookie."""

from __future__ import annotations

import re
import secrets

from lib.ui.kit.component import component
from lib.ui.kit.key import Key

_NAME = re.compile(r"[0-9a-f]{32}")
_OWNER = Key("visitor_owner", "")


def recognise() -> None:
    """Ask the browser for its name; if it has another than the session's, a rerun brings it at once."""
    result = component("visitor")(key="visitor", data={"name": owner()}, on_name_change=lambda: None, height=1)
    # What a browser sends is anybody's text: only a name of our own form counts.
    if isinstance(result.name, str) and _NAME.fullmatch(result.name):
        _OWNER.set(result.name)


def owner() -> str:
    """This visitor's name: the browser's own, or one for this session until the browser has answered."""
    if not _OWNER.get():
        _OWNER.set(secrets.token_hex(16))
    return _OWNER.get()
