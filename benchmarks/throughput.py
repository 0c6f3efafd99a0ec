"""Training through LayerLab with a page following it, against a plain script, in turn on the same machine."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from benchmarks.served import ROOT, cpu_seconds
from benchmarks.table import Row, figure, median
from lib.data.preparing import prepare
from lib.engine.api import Engine, open_engine
from lib.figures.build.curves import describe_learning_curves, learning_curves
from lib.settings import Settings
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec

SAMPLES = 7_200
EPOCHS = 4
TURNS = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """Samples a second, and CPU seconds an epoch, over all epochs but the first, in which the graph is traced."""

    samples_per_second: float
    cpu_seconds: float


@contextmanager
def engine_of_its_own(workers: int = 1) -> Iterator[Engine]:
    """A warm engine in a temporary home."""
    with tempfile.TemporaryDirectory(prefix="layerlab-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'runs.sqlite3'}"
        settings = dataclasses.replace(
            Settings.from_environment(), home=Path(folder), database_url=url, workers=workers
        )
        engine = open_engine(dataclasses.replace(settings, scheduler=""))
        try:
            engine.warm()
            engine.summary(RECIPES["simple_cnn"].run.model)
            yield engine
        finally:
            engine.close()


def simple_cnn(samples: int, epochs: int) -> RunSpec:
    """The Simple CNN recipe on so many bundled digits, all of them for training; its inside is not watched."""
    run = RECIPES["simple_cnn"].run
    training = dataclasses.replace(run.training, epochs=epochs, validation_split=0.0, watch_inside="off")
    return RunSpec(dataclasses.replace(run.data, samples=samples), run.model, training)


def plain(images: Path, samples: int, epochs: int) -> Speed:
    """One plain script's speed."""
    command = [sys.executable, "-m", "benchmarks.plain", str(images), str(epochs)]
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"the plain script failed: {done.stderr[-500:]}")
    return speed(json.loads(done.stdout.splitlines()[-1]), samples)


def speed(epochs: list[tuple[float, float]], samples: int) -> Speed:
    """From seconds and CPU seconds of each epoch.

    >>> speed([(9.0, 9.0), (2.0, 3.0), (2.0, 5.0)], samples=100)
    Speed(samples_per_second=50.0, cpu_seconds=4.0)
    """
    later = epochs[1:]
    return Speed(samples * len(later) / sum(wall for wall, _ in later), sum(cpu for _, cpu in later) / len(later))


def followed(engine: Engine, run: RunSpec, owner: str) -> Speed:
    """LayerLab's speed, while the run is looked at and its curves are built once a second, as the page does."""
    worker = worker_process()
    run_id = engine.submit(run, owner)
    marks, look_at = [cpu_seconds(worker)], time.perf_counter()
    while (now := engine.snapshot(run_id)).changing:
        marks += [cpu_seconds(worker)] * (len(now.epoch_points) - len(marks) + 1)
        if time.perf_counter() >= look_at:
            look_at += 1.0
            for panel in ("loss", "accuracy"):
                learning_curves(now, None, panel)
                describe_learning_curves(now, None, panel)
        time.sleep(0.05)
    if now.status != "done":
        raise RuntimeError(f"the run ended as {now.status}: {now.message}")
    seconds = [point.seconds for point in now.epoch_points]
    cpu = [after - before for before, after in itertools.pairwise(marks)]
    return speed(list(zip(seconds, cpu, strict=False)), run.training_samples())


def worker_process() -> psutil.Process:
    """The engine's worker: of this process' descendants, the one with TensorFlow in its memory."""
    return max(psutil.Process().children(recursive=True), key=lambda process: process.memory_info().rss)


def run(quick: bool = False) -> list[Row]:
    """Train in turn, three times each."""
    samples, epochs, turns = (1_000, 2, 1) if quick else (SAMPLES, EPOCHS, TURNS)
    spec = simple_cnn(samples, epochs)
    ours: list[Speed] = []
    theirs: list[Speed] = []
    with engine_of_its_own() as engine, tempfile.TemporaryDirectory(prefix="layerlab-bench-") as folder:
        data = prepare(spec.data, 0.0)
        images = Path(folder) / "images.npz"
        np.savez(images, x=data.scaling.apply(data.train.x), y=data.train.y)
        for turn in range(turns):
            theirs.append(plain(images, samples, epochs))
            ours.append(followed(engine, spec, f"benchmark {turn}"))
    return rows(ours, theirs)


def rows(ours: list[Speed], theirs: list[Speed]) -> list[Row]:
    """Both sides by side, and their ratio."""
    mine, plain_speed = (median([one.samples_per_second for one in side]) for side in (ours, theirs))
    my_cpu, plain_cpu = (median([one.cpu_seconds for one in side]) for side in (ours, theirs))
    each = ", ".join(
        f"{figure(a.samples_per_second)} / {figure(b.samples_per_second)}" for a, b in zip(ours, theirs, strict=True)
    )
    return [
        Row("training: plain `model.fit` script", plain_speed, "samples/s"),
        Row("training: LayerLab, followed at 1 Hz", mine, "samples/s"),
        Row("training: LayerLab / plain script", mine / plain_speed, "", 0.97, "more", f"each turn: {each}"),
        Row("training: CPU seconds an epoch, LayerLab / plain", my_cpu / plain_cpu, "",
            note=f"{figure(my_cpu)} s / {figure(plain_cpu)} s"),
    ]  # fmt: skip
