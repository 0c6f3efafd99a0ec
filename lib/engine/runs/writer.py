"""The one thread that writes to the store, so that nobody else waits for a slow disk."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

logger = logging.getLogger("layerlab.engine")

Step = Callable[[], None]
CLOSE_SECONDS = 30.0


class Writer:
    """Does steps one after the other, in the order in which they came; any thread may hand one in."""

    def __init__(self) -> None:
        self._steps: queue.SimpleQueue[Step | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="layerlab-writer", daemon=True)
        self._thread.start()

    def do(self, step: Step) -> None:
        """Have a step done after all that came before it. Returns at once."""
        self._steps.put(step)

    def settle(self, seconds: float) -> None:
        """Wait until all that was handed in is done, but not longer than this."""
        done = threading.Event()
        self.do(done.set)
        done.wait(seconds)

    def close(self) -> None:
        """Wait until all that was handed in is done, and end the thread."""
        self._steps.put(None)
        self._thread.join(timeout=CLOSE_SECONDS)

    def _run(self) -> None:
        while (step := self._steps.get()) is not None:
            try:
                step()
            except Exception:
                logger.exception("the writer met an error and goes on")
