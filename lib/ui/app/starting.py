"""Before its first visitor a server imports all that pages need, beside the browser that is still loading.

Streamlit itself imports nothing before the first visit. Visitors who come together, as a class does when a server
starts again, would then import together, and two threads that import plotly at once break each other.
This module imports nothing heavy itself.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import pkgutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ROOMS = Path(__file__).parents[1]
logger = logging.getLogger("layerlab")


class Opening:
    """Lets visitors in when everything is imported; pictures and scripts are served from the beginning.

    Args:
        app: the server behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._importing = threading.Thread(target=get_ready, name="layerlab-import", daemon=True)
        self._importing.start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a visit waits for its turn."""
        if scope["type"] == "websocket" and self._importing.is_alive():
            await asyncio.to_thread(self._importing.join)
        await self._app(scope, receive, send)


def get_ready() -> None:
    """Import every room of the pages, and tell Python's garbage collector to leave alone what they hold."""
    try:
        for module in pkgutil.walk_packages([str(ROOMS)], "lib.ui."):
            importlib.import_module(module.name)
    except Exception:  # the first visit meets the same error, and the page says so
        logger.exception("the pages could not be imported")
    gc.collect()
    gc.freeze()
