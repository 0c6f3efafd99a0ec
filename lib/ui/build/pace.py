"""How often a page asks how its run is: quickly until the first point, then once a second; in a long line, less often.

In a class every question costs the one process that draws all pages some milliseconds.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from lib.engine.runs.snapshot import RunSnapshot

POLL_SECONDS = 1.0
FIRST_SECONDS = 0.1
"""Until the curve of a run that has just begun has its first point."""
FIRST_FOR_SECONDS = 4.0
"""So long a run has just begun: a worker that is still loading Keras takes longer."""
MOST_AT_FIRST = 4
"""So many runs a second are asked about quickly; when a whole class presses Train, nearly all of them wait anyway."""
LINE = ((40, 5.0), (10, 2.0))
"""Behind so many others in line a page asks every so many seconds."""

_guard = threading.Lock()
_begun: deque[tuple[float, str]] = deque(maxlen=100)


def begins(run_id: str) -> None:
    """A person has just started a run: its first point is asked for quickly, unless many people start one."""
    now = time.monotonic()
    with _guard:
        if sum(now - at < 1.0 for at, _ in _begun) < MOST_AT_FIRST:
            _begun.append((now, run_id))


def poll_seconds(run: RunSnapshot | None) -> float | None:
    """How often a run is asked about; None when it does not change any more."""
    if run is None or not run.changing:
        return None
    behind = run.place if run.status == "queued" else 0
    return next((seconds for place, seconds in LINE if behind > place), POLL_SECONDS)


def first_seconds(run: RunSnapshot | None) -> float | None:
    """How often a run that has just begun is asked about beside that; None for any other."""
    if run is None or not run.changing or run.batch_curve.epoch or run.place > 1:
        return None
    now = time.monotonic()
    with _guard:
        begun = any(run_id == run.id and now - at < FIRST_FOR_SECONDS for at, run_id in _begun)
    return FIRST_SECONDS if begun else None
