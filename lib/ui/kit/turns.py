"""One page or part of a page is drawn at a time: when a class looks on, all are served sooner in turn.

Python runs one thread at a time, and a thread that computes keeps the others waiting for some milliseconds whenever
they want to go on. The server's own thread sends each message by itself. Beside ten pages that are being drawn it
waits ten times for each one; meanwhile people's timers ask again, and Streamlit throws away what was drawn but not
sent yet. A machine that is a little too slow for its class then showed nothing any more to anybody.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

LONG_SECONDS = 2.0
"""Whoever draws for longer than this draws on beside the next one: a page that hangs stops nobody."""
LOOK_SECONDS = 0.5
"""So often whoever is next looks for such a page."""
SENT_SECONDS = 1.0
"""So long a drawing waits at most for being sent: a browser may have left."""
LOOK_SENT_SECONDS = 0.005

_first = threading.Semaphore(1)  # who is next; the others wait for it in the order in which they came
_free = threading.Semaphore(1)
_guard = threading.Lock()
_draws: object | None = None
_since = 0.0
_here = threading.local()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn to draw a page or a part of one; what is drawn within it needs no other.

    A drawing ends when it is on its way to the browser: what the same person asked for meanwhile begins only then.
    """
    if getattr(_here, "mine", None) is not None:
        yield
        return
    _here.mine = _take()
    try:
        yield
    finally:
        _give(_here.mine)
        _here.mine = None
    until_sent()


@contextmanager
def rest() -> Iterator[None]:
    """Wait for something within a turn, and let others draw meanwhile."""
    mine = getattr(_here, "mine", None)
    if mine is None:
        yield
        return
    _give(mine)
    try:
        yield
    finally:
        _here.mine = _take()


def _take() -> object:
    global _draws, _since
    mine = object()
    with _first:
        while not _free.acquire(timeout=LOOK_SECONDS):
            with _guard:
                slow = _draws if time.monotonic() - _since > LONG_SECONDS else None
            if slow is not None:
                _give(slow)
    with _guard:
        _draws, _since = mine, time.monotonic()
    return mine


def _give(mine: object) -> None:
    """Let the next one draw, unless that has happened already."""
    global _draws
    with _guard:
        if _draws is mine:
            _draws = None
            _free.release()


def until_sent() -> None:
    """Wait until the server has sent what this thread has drawn.

    Streamlit 1.67 has no public way to know: it clears what waits for being sent when the next drawing begins. Where
    it has other names for it, nothing is waited for.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not runtime.exists():
        return
    end, handed_over = time.monotonic() + SENT_SECONDS, threading.Event()
    with suppress(AttributeError, RuntimeError):  # a page without a server, as in tests; a server that is ending
        session = runtime.get_instance()._session_mgr.get_session_info(context.session_id).session  # type: ignore[union-attr]
        session._event_loop.call_soon_threadsafe(handed_over.set)
        handed_over.wait(SENT_SECONDS)
        while not session._browser_queue.is_empty() and time.monotonic() < end:
            time.sleep(LOOK_SENT_SECONDS)
