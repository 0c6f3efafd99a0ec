"""What an experiment costs beside its runs: against the same runs submitted one by one, and with a second worker."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import psutil

from benchmarks.latency import seconds_until
from benchmarks.table import Row, median
from benchmarks.throughput import engine_of_its_own, simple_cnn
from lib.engine.api import Engine
from lib.engine.experiments.comparison import ComparisonPlan, Guess
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec

PAIRS = 2
TIMES = 3
SAMPLES, EPOCHS = 2_000, 3
EPOCHS_OF_POINTS = 300
LOOK_SECONDS = 0.05
"""Between two looks at an experiment: a look each 5 ms takes a part of a core from the workers."""


def one_by_one(engine: Engine, spec: RunSpec, seed: int, owner: str) -> float:
    """Seconds of the members' runs, each submitted when the one before has ended, as a person would."""
    began_at = time.perf_counter()
    for place in range(2 * PAIRS):
        member = replace(spec, training=replace(spec.training, seed=seed + place))
        run_id = engine.submit(member, owner)
        seconds_until(lambda run_id=run_id: not engine.snapshot(run_id).changing, every=LOOK_SECONDS)  # type: ignore[misc]
    return time.perf_counter() - began_at


def as_experiment(engine: Engine, spec: RunSpec, seed: int, owner: str) -> float:
    """Seconds of an experiment of as many equal runs."""
    began_at = time.perf_counter()
    name = engine.experiments.start(ComparisonPlan(spec, spec, PAIRS, Guess("neither"), seed), owner)
    seconds_until(lambda: engine.experiment(name).status == "done", every=LOOK_SECONDS)
    return time.perf_counter() - began_at


def run(quick: bool = False) -> list[Row]:
    """Both ways in turn with one worker; then experiments with two, of networks that use all cores and that use one."""
    spec = simple_cnn(500, 1) if quick else simple_cnn(SAMPLES, EPOCHS)
    spec = replace(spec, training=replace(spec.training, validation_split=0.1))
    single, whole = [], []
    times = 1 if quick else TIMES
    with engine_of_its_own() as engine:
        if not quick:
            one_by_one(engine, spec, 0, "first training of the worker")
        for turn in range(times):
            single.append(one_by_one(engine, spec, 100 * turn, "by hand"))
            whole.append(as_experiment(engine, spec, 100 * turn, "experiment"))
    note = f"{2 * PAIRS} runs: {median(whole):.2f} s and {median(single):.2f} s; median of {times}"
    rows = [Row("experiment / the same runs one by one", median(whole) / median(single), "", 1.05, note=note)]
    circle = RECIPES["points_circle"].run
    small = replace(circle, training=replace(circle.training, epochs=EPOCHS_OF_POINTS))
    return rows if quick else [*rows, *with_two_workers({"Simple CNN": spec, "circle": small})]


def with_two_workers(trained: dict[str, RunSpec]) -> list[Row]:
    """Experiments with two workers against the same with one, in turn.

    On two cores a second worker finds none that is free, because one training uses both. So each worker gets a core of
    its own; how it is without that stands beside it.

    Args:
        trained: what the members train, by name.
    """
    rows = []
    others = psutil.Process().children(recursive=True)
    with engine_of_its_own() as one, engine_of_its_own(workers=2) as two:
        hosts = [child for child in psutil.Process().children() if child not in others]
        for name, spec in trained.items():
            rows.append(_compared(f"{name}: experiment with two workers / one", one, two, spec, None))
        for host in hosts:
            workers = [child for child in host.children() if "--multiprocessing-fork" in child.cmdline()]
            for worker, core in zip(workers, sorted(os.sched_getaffinity(0)), strict=False):
                for thread in worker.threads():
                    os.sched_setaffinity(thread.id, {core})
        for name, spec in trained.items():
            rows.append(_compared(f"{name}: the same, one core for each worker", one, two, spec, 0.6))
    return rows


def _compared(what: str, one: Engine, two: Engine, spec: RunSpec, limit: float | None) -> Row:
    """Seconds of some experiments in turn, after one each whose time does not count: its workers build their graphs."""
    for engine in (one, two):
        as_experiment(engine, spec, 0, "first training of the workers")
    alone, both = [], []
    for turn in range(1, TIMES + 1):
        alone.append(as_experiment(one, spec, 100 * turn, "experiment"))
        both.append(as_experiment(two, spec, 100 * turn, "experiment"))
    note = f"{median(both):.2f} s and {median(alone):.2f} s; median of {TIMES}"
    return Row(what, median(both) / median(alone), "", limit, note=note)
