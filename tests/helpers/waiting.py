"""Waiting for what must come true, and failing when it doesn't."""

from __future__ import annotations

import time


def wait_until(condition, seconds=90, every=0.02, otherwise=lambda: ""):
    """Return the first true value of `condition()`. Looking takes a third of the time at most: others need it."""
    end = time.monotonic() + seconds
    while True:
        looked_at = time.monotonic()
        if value := condition():
            return value
        now = time.monotonic()
        assert now < end, f"still not true after {seconds} s: {otherwise()}"
        time.sleep(max(every, 2 * (now - looked_at)))


def wait_for_status(engine, run_id, *statuses, seconds=90):
    """Return the run's snapshot once it has one of these statuses."""

    def reached():
        now = engine.snapshot(run_id)
        return now if now.status in statuses and not now.evaluating else None

    def seen():
        now = engine.snapshot(run_id)
        return f"{now.status}, {now.activity or now.message}"

    return wait_until(reached, seconds, otherwise=seen)
