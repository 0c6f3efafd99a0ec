"""What a page that follows an experiment of ten runs costs the page process, against one that follows a single run."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlencode

from benchmarks.classroom import cpu_marks, start_training, training_address
from benchmarks.served import Served, served, wait_healthy
from benchmarks.table import Row
from benchmarks.visitor import Visitor

HARD_STOP_SECONDS = 300.0
WARM_SECONDS = 5.0
PAIRS = 5
LONG = 100
"""Epochs: more than are trained while it is looked at."""


def run(quick: bool = False) -> list[Row]:
    """Follow both, one after the other, from a server that does nothing else."""
    with served() as server:
        wait_healthy(server)
        one, ten = asyncio.run(_within(server, 4.0 if quick else 30.0))
    note = f"{1e3 * ten:.0f} and {1e3 * one:.0f} ms of CPU a second"
    return [Row("a page that follows ten runs / that follows one", ten / one, "", 2, note=note)]


async def _within(server: Served, seconds: float) -> tuple[float, float]:
    async with asyncio.timeout(HARD_STOP_SECONDS):
        teacher = await start_training(server, LONG)
        one = await _followed(server, teacher, seconds)
        await teacher.press("stop")
        await teacher.until(lambda: any("stopped" in text for text in teacher.texts))
        await teacher.close()
        follower = await start_experiment(server)
        ten = await _followed(server, follower, seconds)
        await follower.press("stop_experiment")
        await follower.close()
        return one, ten


async def start_experiment(server: Served) -> Visitor:
    """Open the form with everything chosen, guess included, press the button and wait for the first run."""
    a, few = training_address(LONG), {"change": "learning_rate", "value": "0.01", "pairs": str(PAIRS), "guess": "a"}
    visitor = Visitor(server.port, page="experiments", query=urlencode({"a": a, **few}))
    await visitor.open()
    await visitor.until(visitor.loaded)
    await visitor.press("start_experiment")
    await visitor.until(lambda: any(f"0/{2 * PAIRS} runs" in text and "epoch" in text for text in visitor.texts))
    return visitor


async def _followed(server: Served, visitor: Visitor, seconds: float) -> float:
    """CPU seconds of the page process in each second that a visitor only looks on."""
    await asyncio.sleep(WARM_SECONDS)
    began_at, before = time.perf_counter(), cpu_marks(server)["ui"]
    await asyncio.sleep(seconds)
    spent = cpu_marks(server)["ui"] - before
    if visitor.errors:
        raise RuntimeError("; ".join(visitor.errors))
    return spent / (time.perf_counter() - began_at)
