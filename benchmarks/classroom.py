"""A class of 30 around one server: all watch one training at 1 Hz on Build and move a slider now and then."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.served import Served, cpu_seconds, served, wait_healthy
from benchmarks.table import Row, percentile
from benchmarks.visitor import Visitor
from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES

HARD_STOP_SECONDS = 120.0
JOIN_SECONDS = 5.0  # for a class of 30; fewer need less
SETTLE_SECONDS = 2.0
MOVE_EVERY_SECONDS = 10.0
LATE_SECONDS = 10.0
SLIDER = "learning_rate"


@dataclass
class Lesson:
    """What a class met.

    Attributes:
        visitors: how many followed the run.
        seconds: length of the measured part.
        joins, refreshes, changes: seconds that each answer took.
        errors: sentences about what went wrong.
        ui_mb, all_mb: most memory of the UI process, and of all processes.
        cpu: CPU seconds of the measured part, by process: ui, engine, visitors.
        machine: CPU seconds that the machine's cores had in that time.
        received: bytes that one visitor got in a second.
        runs: finished runs of the script, of whole pages and fragments, for all visitors in a second.
    """

    visitors: int
    seconds: float
    joins: list[float] = field(default_factory=list)
    refreshes: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    ui_mb: float = 0.0
    all_mb: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    received: float = 0.0
    runs: float = 0.0


def training_address(epochs: int) -> str:
    """Query string of the Simple CNN recipe with so many epochs, long enough to outlast the measurement."""
    run = RECIPES["simple_cnn"].run
    return urlencode(to_query(dataclasses.replace(run, training=dataclasses.replace(run.training, epochs=epochs))))


async def start_training(server: Served, epochs: int) -> Visitor:
    """A teacher opens Build, presses Train and waits until batches are trained."""
    teacher = Visitor(server.port, query=training_address(epochs))
    await teacher.open()
    await teacher.until(teacher.loaded)
    await teacher.press("train")
    await teacher.until(lambda: any("samples/s" in text for text in teacher.texts))
    return teacher


async def hold(server: Served, visitors: int, seconds: float) -> Lesson:
    """Start a training, let the class join, and measure for some seconds."""
    lesson = Lesson(visitors, seconds)
    teacher = await start_training(server, epochs=100)
    pupils = [Visitor(server.port, query=f"run={teacher.parameter('run')}") for _ in range(visitors)]
    everybody = [teacher, *pupils]
    try:
        await asyncio.gather(*(join(pupil, i * JOIN_SECONDS / 30) for i, pupil in enumerate(pupils)))
        await asyncio.sleep(SETTLE_SECONDS)
        await measure(server, pupils, lesson)
        lesson.errors += [error for visitor in everybody for error in visitor.errors]
        late = sum(visitor.overdue(LATE_SECONDS) for visitor in everybody)
        lesson.errors += [f"a request without an answer for {LATE_SECONDS:.0f} s"] * late
        lesson.errors += ["a traceback in the server's log"] * server.tracebacks()
    finally:
        await asyncio.gather(*(visitor.close() for visitor in everybody))
    return lesson


async def join(pupil: Visitor, after: float) -> None:
    await asyncio.sleep(after)
    await pupil.open()
    await pupil.until(pupil.loaded)


async def measure(server: Served, pupils: list[Visitor], lesson: Lesson) -> None:
    """The measured part: the timers run by themselves, sliders are moved one pupil after another."""
    began_at, before = time.perf_counter(), cpu_marks(server)
    bytes_before, runs_before = received(pupils), sum(pupil.runs for pupil in pupils)
    moved = 0
    while (passed := time.perf_counter() - began_at) < lesson.seconds:
        while moved < passed / MOVE_EVERY_SECONDS * len(pupils):
            await pupils[moved % len(pupils)].move(SLIDER, steps=1 if moved // len(pupils) % 2 else -1)
            moved += 1
        lesson.ui_mb = max(lesson.ui_mb, server.ui_mb())
        lesson.all_mb = max(lesson.all_mb, server.all_mb())
        await asyncio.sleep(0.2)
    lesson.seconds = time.perf_counter() - began_at
    lesson.cpu = {name: mark - before[name] for name, mark in cpu_marks(server).items()}
    lesson.received = (received(pupils) - bytes_before) / len(pupils) / lesson.seconds
    lesson.runs = (sum(pupil.runs for pupil in pupils) - runs_before) / lesson.seconds
    for pupil in pupils:
        lesson.joins += [answer.seconds for answer in pupil.answers if answer.kind == "load"]
        mine = [answer for answer in pupil.answers if answer.sent_at >= began_at]
        lesson.refreshes += [answer.seconds for answer in mine if answer.kind == "refresh"]
        lesson.changes += [answer.seconds for answer in mine if answer.kind == "change"]


def cpu_marks(server: Served) -> dict[str, float]:
    """CPU seconds so far of the UI process, the engine's processes and this one."""
    engine = sum(cpu_seconds(child) for child in server.process().children(recursive=True))
    return {"ui": cpu_seconds(server.process()), "engine": engine, "visitors": time.process_time()}


def received(visitors: list[Visitor]) -> int:
    return sum(visitor.received for visitor in visitors)


def rows(lesson: Lesson) -> list[Row]:
    """The lesson's part of the table."""
    who = f"{lesson.visitors} people watch a training"
    count = f"median {percentile(lesson.refreshes, 0.5) * 1e3:.0f} ms, {len(lesson.refreshes)} of them"
    moves = f"median {percentile(lesson.changes, 0.5) * 1e3:.0f} ms, {len(lesson.changes)} of them"
    shares = ", ".join(f"{name} {seconds / lesson.seconds:.2f}" for name, seconds in lesson.cpu.items())
    each = lesson.cpu["ui"] / lesson.seconds / max(lesson.runs, 1e-9) * 1e3
    return [
        Row(f"{who}: refresh, p95", percentile(lesson.refreshes, 0.95) * 1e3, "ms", 300, note=count),
        Row(f"{who}: slider, p95", percentile(lesson.changes, 0.95) * 1e3, "ms", 600, note=moves),
        Row(f"{who}: errors", len(lesson.errors), "", 0, note="; ".join(sorted(set(lesson.errors)))[:200]),
        Row(f"{who}: UI process", lesson.ui_mb, "MB", 600),
        Row(f"{who}: all processes", lesson.all_mb, "MB", 1600),
        Row(f"{who}: cores used by the UI", lesson.cpu["ui"] / lesson.seconds, "", note=f"of each second: {shares}"),
        Row(f"{who}: UI CPU for a run of the script", each, "ms", note=f"{lesson.runs:.1f} runs/s, sliders included"),
        Row(f"{who}: opening the page, p95", percentile(lesson.joins, 0.95), "s", note="all within 5 s"),
        Row(f"{who}: traffic for each", lesson.received / 1e3, "kB/s"),
    ]


async def _within(server: Served, visitors: int, seconds: float) -> Lesson:
    async with asyncio.timeout(HARD_STOP_SECONDS):
        return await hold(server, visitors, seconds)


def run(quick: bool = False) -> list[Row]:
    """Hold a lesson on a server of its own; at most two minutes."""
    with served() as server:
        wait_healthy(server)
        return rows(asyncio.run(_within(server, 3 if quick else 30, 4.0 if quick else 30.0)))
