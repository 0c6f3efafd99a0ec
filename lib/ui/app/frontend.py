"""Streamlit's scripts, styles and fonts, served from memory, and packed where that makes them smaller.

Streamlit reads each of the 61 files of a first visit anew for each browser, in pieces, each piece in a thread of its
own, and sends them as they are: 2.3 MB, and 4.7 MB more for the first chart. Packed they are 0.7 and 1.4 MB. A class
whose thirty browsers come at once waits for its network.
"""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.file_util import get_static_dir

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PACKED = (".js", ".css")
WHOLE = (".woff2",)
"""Packed already."""
Answer = tuple[list[tuple[bytes, bytes]], bytes]
"""Headers and body."""


class Frontend:
    """Answers for the files of Streamlit's own pages; all else is passed on.

    Args:
        app: the server behind it.
        folder: with those files in `static/`.
    """

    def __init__(self, app: ASGIApp, folder: Path | None = None) -> None:
        self._app = app
        folder = folder or Path(get_static_dir())
        files = (path for path in folder.glob("static/*/*") if path.suffix in PACKED + WHOLE)
        self._paths = {f"/{path.relative_to(folder).as_posix()}": path for path in files}
        self._answers: dict[str, Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain GET of a whole file; its name holds its hash, so a browser may keep it for ever."""
        name = scope.get("path", "")
        if not (scope["type"] == "http" and scope["method"] == "GET" and name in self._paths and _suits(scope)):
            await self._app(scope, receive, send)
            return
        if name not in self._answers:
            self._answers[name] = await asyncio.to_thread(_answer, self._paths[name])
        headers, body = self._answers[name]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _suits(scope: Scope) -> bool:
    """Whether a browser takes a whole file, packed: each one does."""
    headers = dict(scope["headers"])
    taken = {each.strip() for each in headers.get(b"accept-encoding", b"").split(b",")}
    return b"gzip" in taken and b"range" not in headers


def _answer(path: Path) -> Answer:
    content = path.read_bytes()
    headers = [
        (b"content-type", (mimetypes.guess_type(path.name)[0] or "application/octet-stream").encode()),
        (b"cache-control", b"public, immutable, max-age=31536000"),
        (b"vary", b"accept-encoding"),
    ]
    if path.suffix in PACKED:
        content = gzip.compress(content, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    return [*headers, (b"content-length", str(len(content)).encode())], content
