"""Whole pages are drawn some at a time: when a class presses a button at once, all are served sooner in turn.

Python runs one thread at a time. Two hundred pages drawn together would all be finished at the end, and whoever holds
a lock would wait two hundred times for the interpreter.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 4
WAIT_SECONDS = 30.0
"""Whoever has waited so long is drawn beside the others: a page that hangs stops nobody."""

_turns = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn to draw a page."""
    mine = _turns.acquire(timeout=WAIT_SECONDS)
    try:
        yield
    finally:
        if mine:
            _turns.release()
