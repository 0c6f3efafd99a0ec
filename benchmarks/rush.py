"""A hall of 204 people who press Train at the same moment: each is taken or told, and how long that takes."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.classroom import cpu_marks
from benchmarks.served import Served, served, wait_healthy
from benchmarks.table import Row, percentile
from benchmarks.visitor import Visitor
from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES

VISITORS = 204
HARD_STOP_SECONDS = 180.0
TOLD_SECONDS = 60.0
JOINING_AT_ONCE = 10
SETTLE_SECONDS = 6.0


@dataclass
class Rush:
    """What the people met.

    Attributes:
        told: seconds from the moment of the rush until each one was taken or refused.
        taken, refused: how many of each.
        untold: how many learned nothing at all.
        timers: seconds of the timers that ask again, a while after the rush.
        ended_workers: processes of the engine that were there before the rush and not after it.
        errors: sentences about what went wrong.
        cpu: CPU seconds until the last one was told, by process.
    """

    told: list[float] = field(default_factory=list)
    taken: int = 0
    refused: int = 0
    untold: int = 0
    timers: list[float] = field(default_factory=list)
    ended_workers: int = 0
    errors: list[str] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)


def address(number: int) -> str:
    """Query string of the dense recipe, with a seed of one's own."""
    run = RECIPES["dense_128"].run
    return urlencode(to_query(dataclasses.replace(run, training=dataclasses.replace(run.training, seed=number))))


def is_taken(visitor: Visitor) -> bool:
    """Whether the page follows a run of this visitor's and shows its state."""
    return bool(visitor.parameter("run")) and any("-badge[" in text for text in visitor.texts)


def is_refused(visitor: Visitor) -> bool:
    """Whether a sentence says that there is no room now."""
    return any("runs are waiting already" in text for text in visitor.texts)


async def rush(server: Served, visitors: int) -> Rush:
    """Let everybody in, wait for the engine, and have all press at once."""
    found = Rush()
    people = [Visitor(server.port, query=address(number)) for number in range(visitors)]
    try:
        await ready(people[0])
        for first in range(1, visitors, JOINING_AT_ONCE):
            await asyncio.gather(*(join(one) for one in people[first : first + JOINING_AT_ONCE]))
        before, cpu = engine_processes(server), cpu_marks(server)
        began_at = time.perf_counter()
        await asyncio.gather(*(press(one, began_at, found) for one in people))
        found.cpu = {name: mark - cpu[name] for name, mark in cpu_marks(server).items()}
        await asyncio.sleep(SETTLE_SECONDS)
        found.timers = [interval for one in people for interval in one.timers()]
        found.ended_workers = len(before - engine_processes(server))
        found.errors += [error for one in people for error in one.errors]
        found.errors += ["a traceback in the server's log"] * server.tracebacks()
    finally:
        await asyncio.gather(*(one.close() for one in people))
    return found


async def ready(visitor: Visitor) -> None:
    """Let the first one in, and wait until the engine has answered: a page with Keras' summary has no timer."""
    await join(visitor)
    await visitor.until(lambda: bool(visitor.timers()))
    await visitor.until(lambda: not visitor.timers())


async def join(visitor: Visitor) -> None:
    await visitor.open()
    await visitor.until(visitor.loaded)


async def press(visitor: Visitor, began_at: float, found: Rush) -> None:
    """Press Train, and wait for what comes of it."""
    visitor.texts.clear()
    await visitor.press("train")
    try:
        await visitor.until(lambda: is_taken(visitor) or is_refused(visitor), TOLD_SECONDS)
    except TimeoutError:
        found.untold += 1
        found.errors.append(f"untold; run {visitor.parameter('run')!r}, the page says {visitor.texts[-5:]}")
        return
    found.told.append(time.perf_counter() - began_at)
    if is_taken(visitor):
        found.taken += 1
    else:
        found.refused += 1


def engine_processes(server: Served) -> set[int]:
    """Ids of the engine's processes."""
    return {child.pid for child in server.process().children(recursive=True)}


def rows(found: Rush) -> list[Row]:
    """The rush's part of the table."""
    who = f"{found.taken + found.refused + found.untold} people press Train at once"
    cpu = ", ".join(f"{name} {seconds:.1f}" for name, seconds in found.cpu.items())
    return [
        Row(f"{who}: until the last one is taken or told", max(found.told, default=float("nan")), "s",
            note=f"median {percentile(found.told, 0.5):.1f} s; {found.taken} taken, {found.refused} refused with a "
            f"sentence; seconds of CPU: {cpu}"),
        Row(f"{who}: neither taken nor told", found.untold, "", 0),
        Row(f"{who}: workers ended meanwhile", found.ended_workers, "", 0),
        Row(f"{who}: errors", len(found.errors), "", 0, note="; ".join(sorted(set(found.errors)))[:200]),
    ]  # fmt: skip


async def _within(server: Served, visitors: int) -> Rush:
    async with asyncio.timeout(HARD_STOP_SECONDS):
        return await rush(server, visitors)


def run(quick: bool = False) -> list[Row]:
    """Hold the rush on a server of its own; at most three minutes."""
    with served() as server:
        wait_healthy(server)
        return rows(asyncio.run(_within(server, 5 if quick else VISITORS)))
