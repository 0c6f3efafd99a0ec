"""The page that Streamlit's script begins in has our styles from the start.

Streamlit draws a page's elements first and what `st.html` holds a moment later, so all that the style sheet moves would
jump before a visitor's eyes. Pages bring the sheet themselves as well: also where something else serves this page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.ui.app.sheet import tag

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_END = b"</body>"
_ROOT = b'<div id="root">'
"""Streamlit's own page has it; a report that somebody takes along stays as it is."""
# What a browser has kept it may ask for by these; compressed, the page could not be completed.
_NOT_PASSED_ON = (b"accept-encoding", b"if-none-match", b"if-modified-since")
_NOT_TRUE_ANY_MORE = (b"content-length", b"etag", b"last-modified")


class FirstPage:
    """Puts the style sheet at the end of each page of HTML, behind the styles of Streamlit's script.

    Args:
        app: the server behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._tag = tag().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and complete the answer to who wants a page."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        headers = [pair for pair in scope["headers"] if pair[0] not in _NOT_PASSED_ON]
        start: Message | None = None
        body = b""

        async def complete(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _holds_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await self._answer(start, body, send)

        await self._app({**scope, "headers": headers}, receive, complete)

    async def _answer(self, start: Message, body: bytes, send: Send) -> None:
        headers = list(start["headers"])
        if _ROOT in body:
            body = body.replace(_END, self._tag + _END)
            headers = [pair for pair in headers if pair[0] not in _NOT_TRUE_ANY_MORE]
            headers.append((b"content-length", str(len(body)).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _wants_page(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _holds_page(start: Message) -> bool:
    headers = dict(start["headers"])
    return headers.get(b"content-type", b"").startswith(b"text/html") and b"content-disposition" not in headers
