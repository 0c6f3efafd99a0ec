"""How many samples a training goes through in a second."""

from __future__ import annotations

import time
from collections import deque


class Speedometer:
    """Samples a second over the last few seconds, pauses left out."""

    SECONDS = 5.0

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._rate: float | None = None
        self._samples = 0

    def restart(self) -> None:
        """Forget the time that passed since the last batch."""
        self._marks.clear()

    def add(self, samples: int) -> None:
        """Count a batch that has just ended."""
        self._samples += samples
        now = time.perf_counter()
        self._marks.append((now, self._samples))
        while now - self._marks[0][0] > self.SECONDS:
            self._marks.popleft()

    def samples_per_second(self) -> float | None:
        """The measured rate; the last one known while there are too few marks, None before the second batch."""
        if len(self._marks) > 1:
            (start, before), (end, after) = self._marks[0], self._marks[-1]
            self._rate = (after - before) / max(end - start, 1e-9)
        return self._rate
