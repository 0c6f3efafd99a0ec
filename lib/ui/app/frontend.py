"""The scripts, the styles and the font that every first visit loads, served from memory.

Streamlit reads each of these 61 files anew for each browser, in pieces, each piece in a thread of its own. The whole
page waits for them, and so does a class whose thirty browsers come at once.
"""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.file_util import get_static_dir

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_NAMED = re.compile(r'(?:src|href)="\.(/static/[^"]+)"')
Headers = list[tuple[bytes, bytes]]


class Frontend:
    """Answers for the files that Streamlit's first page names; all else is passed on.

    Args:
        app: the server behind it.
        folder: with `index.html` and the files that it names.
    """

    def __init__(self, app: ASGIApp, folder: Path | None = None) -> None:
        self._app = app
        folder = folder or Path(get_static_dir())
        names = _NAMED.findall((folder / "index.html").read_text(encoding="utf-8"))
        self._files = {name: (folder / name[1:]).read_bytes() for name in names}
        self._headers = {name: _headers(name, len(content)) for name, content in self._files.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain GET of a whole file; its name holds its hash, so a browser may keep it for ever."""
        name = scope.get("path", "")
        plain = scope["type"] == "http" and scope["method"] == "GET" and name in self._files
        if not plain or any(header == b"range" for header, _ in scope["headers"]):
            await self._app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": self._headers[name]})
        await send({"type": "http.response.body", "body": self._files[name]})


def _headers(name: str, length: int) -> Headers:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return [
        (b"content-type", kind.encode()),
        (b"content-length", str(length).encode()),
        (b"cache-control", b"public, immutable, max-age=31536000"),
    ]
