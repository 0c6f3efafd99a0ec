"""How a training's events leave its worker: several together where many come at once.

A short network tells hundreds of events a second, and each message costs the worker, the scheduler and the engine about
as much as a step of such a network. The first event after a rest leaves at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

GAP_SECONDS = 0.03
"""Between two messages: less than a person sees."""


class Telling:
    """Sends events in the order in which they came.

    Args:
        loop: Tornado's, on whose thread everything is sent.
        send: takes a list of events.
    """

    def __init__(self, loop: Any, send: Callable[[list[dict[str, Any]]], None]) -> None:
        self._loop = loop
        self._send_all = send
        self._lock = threading.Lock()
        self._waiting: list[dict[str, Any]] = []
        self._asked = False
        self._sent_at = 0.0

    def tell(self, event: dict[str, Any]) -> None:
        """Send an event, now or with those of the next moment; from any thread."""
        with self._lock:
            self._waiting.append(event)
            asked, self._asked = self._asked, True
        if not asked:
            self._loop.add_callback(self._send_in_time)

    def finish(self) -> None:
        """Send what waits, before anything that this thread has the loop do later."""
        self._loop.add_callback(self._send)

    def _send_in_time(self) -> None:
        rest = self._sent_at + GAP_SECONDS - time.monotonic()
        if rest > 0:
            self._loop.call_later(rest, self._send)
        else:
            self._send()

    def _send(self) -> None:
        with self._lock:
            waiting, self._waiting, self._asked = self._waiting, [], False
        if waiting:
            self._sent_at = time.monotonic()
            self._send_all(waiting)
