"""What an experiment costs beside its runs: against the same runs submitted one by one, and with a second worker."""

from __future__ import annotations

import time
from dataclasses import replace

from benchmarks.latency import seconds_until
from benchmarks.table import Row, median
from benchmarks.throughput import engine_of_its_own, simple_cnn
from lib.engine.api import Engine
from lib.engine.experiments.plan import Guess, Plan
from lib.specs.run import RunSpec

PAIRS = 2
TIMES = 3
SAMPLES, EPOCHS = 2_000, 3


def one_by_one(engine: Engine, spec: RunSpec, seed: int, owner: str) -> float:
    """Seconds of the members' runs, each submitted when the one before has ended, as a person would."""
    began_at = time.perf_counter()
    for place in range(2 * PAIRS):
        member = replace(spec, training=replace(spec.training, seed=seed + place))
        run_id = engine.submit(member, owner)
        seconds_until(lambda run_id=run_id: not engine.snapshot(run_id).changing)  # type: ignore[misc]
    return time.perf_counter() - began_at


def as_experiment(engine: Engine, spec: RunSpec, seed: int, owner: str) -> float:
    """Seconds of an experiment of as many equal runs."""
    began_at = time.perf_counter()
    name = engine.experiments.start(Plan(spec, spec, PAIRS, Guess("neither"), seed), owner)
    seconds_until(lambda: engine.experiment(name).status == "done")
    return time.perf_counter() - began_at


def run(quick: bool = False) -> list[Row]:
    """Both ways in turn with one worker; then the experiment with two."""
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
    return rows if quick else [*rows, with_two_workers(spec, median(whole))]


def with_two_workers(spec: RunSpec, alone: float) -> Row:
    """The experiment with a second worker, against the seconds that it takes with one."""
    two = []
    with engine_of_its_own(workers=2) as engine:
        as_experiment(engine, spec, 0, "first training of the workers")
        for turn in range(TIMES):
            two.append(as_experiment(engine, spec, 100 * turn, "experiment"))
    both = f"{median(two):.2f} s; median of {TIMES}"
    return Row("experiment with two workers / with one", median(two) / alone, "", 0.6, note=both)
