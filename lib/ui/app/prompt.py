"""Answers leave at once.

Streamlit 1.67 makes its socket without naming the protocol, and so asyncio does not turn off Nagle's algorithm on its
connections: what follows the first part of an answer waits up to 40 ms until the browser has acknowledged that part.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Prompt:
    """Before the first request is answered it tells the server's sockets that nothing waits for an acknowledgement.

    Args:
        app: the server behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "lifespan" and not self._told:
            self._told = True
            hurry()
        await self._app(scope, receive, send)


def hurry() -> None:
    """Set `TCP_NODELAY` on the sockets on which this process listens, and on the connections that it has.

    A connection that is accepted later takes the setting over from the socket that listens. Where the system does not
    tell a process its sockets, answers leave as they did.
    """
    try:
        connections = psutil.Process().net_connections("tcp")
    except (psutil.Error, OSError):
        return
    for each in connections:
        # A connection may end meanwhile; on Windows sockets have no number here, and answers leave as they did.
        with suppress(OSError), socket.socket(fileno=os.dup(each.fd)) as same:
            same.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
