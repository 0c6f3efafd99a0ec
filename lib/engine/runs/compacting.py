"""The events of a run that has ended, in short: the run that they give is the same, and goes on in the same way.

A training tells some events a second; of its batches no more is kept than the curve draws.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from lib import events
from lib.engine.runs.live import Points

ENDS = (events.Done, events.Stopped, events.Failed)
PAUSE_EVERY, PAUSE_SECONDS = 200, 0.001
"""After so many events other threads get their turn."""

Plain = Mapping[str, Any]


def compacted(told: Sequence[Plain]) -> list[Plain] | None:
    """The events that are left of a run's.

    Args:
        told: all events, in order, with the time that the store adds.

    Returns:
        Fewer events, or None where there is nothing to leave out.

    Raises:
        ValueError, TypeError, KeyError: an event is damaged.
    """
    known = [events.from_plain(plain) for plain in told]
    batches = [place for place, event in enumerate(known) if isinstance(event, events.Batch)]
    if not batches:
        return None
    kept = _kept(known)
    points, left_out = Points(), 0
    result: list[Plain] = []
    for place, (plain, event) in enumerate(zip(told, known, strict=True)):
        if place % PAUSE_EVERY == 0:
            time.sleep(PAUSE_SECONDS)
        if event is not None and place <= batches[-1]:
            points.follow(event)
        if place == batches[-1] and isinstance(event, events.Batch):
            result.append({"time": plain["time"], **events.to_plain(points.fold(event, 0))})
        elif place in kept:
            result.append(plain)
        else:
            left_out += 1 + (event.left_out if isinstance(event, events.Curve) else 0)
    return [{**plain, "left_out": left_out} if plain["kind"] == "curve" else plain for plain in result]


def _kept(known: Sequence[events.Event | None]) -> set[int]:
    """Places of the events that say what no later one says again."""
    ends = [place for place, event in enumerate(known) if isinstance(event, ENDS)]
    checkpoints = [place for place, event in enumerate(known) if isinstance(event, events.Checkpoint)]
    end, checkpoint = max(ends, default=-1), max(checkpoints, default=-1)
    result = set()
    for place, event in enumerate(known):
        match event:
            case events.Batch() | events.Curve():
                continue
            case events.Validating() | events.Paused() | events.Resumed() if place < end:
                continue
            case events.Checkpoint() if place < checkpoint:
                continue
        result.add(place)
    return result
