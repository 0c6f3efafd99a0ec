"""Who trains next: first come, first served, and one training per person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run in line; `seconds` is its estimated training time, None when unknown.

    `beside`: it may be trained beside another run of its owner where a worker would have nothing to do.
    """

    run_id: str
    owner: str
    seconds: float | None
    beside: bool = False


def next_in_line(line: Sequence[Waiting], busy_owners: Collection[str]) -> Waiting | None:
    """The first whose owner trains nothing yet; where there is none, the first that may go beside another.

    >>> next_in_line([Waiting("a", "ann", 1), Waiting("b", "bob", 1)], {"ann"}).run_id
    'b'
    >>> next_in_line([Waiting("a", "ann", 1), Waiting("c", "ann", 1, beside=True)], {"ann"}).run_id
    'c'
    """
    alone = (waiting for waiting in line if waiting.owner not in busy_owners)
    return next(alone, None) or next((waiting for waiting in line if waiting.beside), None)


def waits(line: Sequence[Waiting], running: Sequence[float | None], slots: int) -> list[float | None]:
    """Estimated seconds until each one in line starts.

    Args:
        line: in order.
        running: seconds left of each training that runs now.
        slots: trainings at a time.

    Returns:
        For each in line the seconds, or None from where an estimate is missing.

    >>> waits([Waiting("a", "ann", 10), Waiting("b", "bob", 10)], [30], 1)
    [30, 40]
    """
    if any(seconds is None for seconds in running):
        return [None] * len(line)
    free = sorted([*(seconds for seconds in running if seconds is not None), *[0.0] * (slots - len(running))])
    result: list[float | None] = []
    for waiting in line:
        result.append(free[0] if free else None)
        if waiting.seconds is None or not free:
            return [*result, *[None] * (len(line) - len(result))]
        free = sorted([free[0] + waiting.seconds, *free[1:]])
    return result
