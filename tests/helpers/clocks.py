"""A clock for one module alone: the timers of engines in the same process go on by the real one."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest


def give_clock(patch: pytest.MonkeyPatch, module: ModuleType, now: Callable[[], float]) -> None:
    """Let a module that says `import time` read another clock.

    To patch `time.monotonic` itself is a trap: once it is the real one again, whatever an engine waits for meanwhile
    is long overdue, and some later test reads "No worker answered within a minute".

    Args:
        patch: takes it back.
        module: uses `time.monotonic` or `time.perf_counter`.
        now: seconds.
    """
    patch.setattr(module, "time", SimpleNamespace(monotonic=now, perf_counter=now))
