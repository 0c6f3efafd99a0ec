"""A visitor who leaves while being sent something is no error.

Streamlit 1.67 then waits for the visitor's next message all the same. Starlette refuses that with a `RuntimeError`,
which Streamlit takes for a message of the wrong kind: it closes a connection that is closed, and two tracebacks stand
in the server's log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Leaving:
    """Ends a visit quietly whose visitor has left.

    Args:
        app: the server behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on.

        Raises:
            RuntimeError: by the server behind it, while the visitor is still there.
        """
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        left = False

        async def watched(message: Message) -> None:
            nonlocal left
            try:
                await send(message)
            except OSError:
                left = True
                raise

        try:
            await self._app(scope, receive, watched)
        except RuntimeError:
            if not left:
                raise
