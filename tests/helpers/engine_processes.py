"""The processes of the shared engine with one worker."""

from __future__ import annotations

import psutil


def below(process: psutil.Process) -> list[psutil.Process]:
    """All that a process has started, directly or not, and that still runs."""
    return [child for child in process.children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]


def host_process() -> psutil.Process:
    """Of the engine with one worker: tests before may have started one with two."""
    return next(child for child in below(psutil.Process()) if "lib.engine.work.host 1 " in " ".join(child.cmdline()))


def worker_process() -> psutil.Process:
    """Of the host's children the one that has Keras loaded: it is by far the biggest."""
    return max(below(host_process()), key=lambda child: child.memory_info().rss)
