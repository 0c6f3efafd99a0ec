"""How much memory this worker holds."""

from __future__ import annotations

import math
import time

import psutil

KEPT_SECONDS = 0.25


class Memory:
    """Resident memory of this process. A quick training tells a hundred events a second, and reading it takes longer
    than telling one: a figure is given out for a quarter of a second.
    """

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._read_at, self._mb = -math.inf, 0.0

    def now_mb(self) -> float:
        """MB, at most a quarter of a second old."""
        now = time.monotonic()
        if now - self._read_at >= KEPT_SECONDS:
            self._read_at, self._mb = now, self._process.memory_info().rss / 1e6
        return self._mb
