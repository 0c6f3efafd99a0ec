import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect

from lib.ui.app.leaving import Leaving

SCOPE = {"type": "websocket", "headers": [], "path": "/_stcore/stream", "query_string": b""}


async def connected():
    """What the browser says: it connects, and says nothing more."""
    return {"type": "websocket.connect"}


async def streamlits(scope, receive, send):
    """A visit as Streamlit 1.67 leads it: the page is sent, and then the next message is waited for."""
    visit = WebSocket(scope, receive, send)
    await visit.accept()
    with suppress(WebSocketDisconnect):
        await visit.send_bytes(b"page")
    try:
        await visit.receive_bytes()
    except RuntimeError:
        await visit.close()


async def has_left(message):
    """A send to a browser that has left after it connected."""
    if message["type"] != "websocket.accept":
        raise OSError("the browser has left")


async def stays(message):
    """A send that arrives."""


def lead(app, send, scope=SCOPE):
    """Lead a visit to its end, in a thread of its own: this one may have the loop of a browser's driver."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, app(scope, connected, send)).result()


def test_a_visitor_who_leaves_while_being_sent_the_page_is_no_error():
    with pytest.raises(RuntimeError, match="close message"):
        lead(streamlits, has_left)  # what Streamlit does by itself
    lead(Leaving(streamlits), has_left)


@pytest.mark.parametrize("kind", ["websocket", "http"])
def test_an_error_is_still_told_while_the_visitor_is_there(kind):
    async def wrong(scope, receive, send):
        await send({"type": f"{kind}.send"})
        raise RuntimeError("wrong")

    with pytest.raises(RuntimeError, match="wrong"):
        lead(Leaving(wrong), stays, {**SCOPE, "type": kind})


def test_another_kind_of_error_is_told_also_of_a_visitor_who_has_left():
    async def wrong(scope, receive, send):
        try:
            await send({"type": "websocket.send"})
        except OSError:
            raise KeyError("wrong") from None

    with pytest.raises(KeyError, match="wrong"):
        lead(Leaving(wrong), has_left)
