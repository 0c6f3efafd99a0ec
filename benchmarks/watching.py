"""What watching the inside of a training costs it: CPU seconds with and without, in turn in a process of its own.

`python -m benchmarks.watching recipe epochs turns` prints [[with, without], ...] as JSON; `run` starts it.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time

from benchmarks.served import ROOT
from benchmarks.table import Row, median

RECIPES_WATCHED = {"simple_cnn": 10, "text_lstm_small": 3, "points_spiral": 1_000}
"""Recipes and their own epochs."""
BUDGET = 10.0
TURNS = 3


def run(quick: bool) -> list[Row]:
    """How many percent more each recipe takes where its inside is watched; the median of some turns."""
    return [_row(name, 2 if quick else epochs, 1 if quick else TURNS) for name, epochs in RECIPES_WATCHED.items()]


def _row(name: str, epochs: int, turns: int) -> Row:
    command = [sys.executable, "-m", "benchmarks.watching", name, str(epochs), str(turns)]
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=900)
    if done.returncode:
        raise RuntimeError(f"the training failed: {done.stderr[-500:]}")
    pairs = json.loads(done.stdout.splitlines()[-1])
    more = [100 * (watched / plain - 1) for watched, plain in pairs]
    return Row(f"watching: {name}, CPU more than without", median(more), "%", BUDGET)


def cpu_seconds(name: str, epochs: int, choice: str) -> float:
    """CPU seconds of a recipe's training, tracing included; Keras is loaded already."""
    from lib.specs.recipes import RECIPES
    from lib.worker.control import Control
    from lib.worker.train import Training

    recipe = RECIPES[name].run
    training = dataclasses.replace(recipe.training, epochs=epochs, watch_inside=choice)
    spec = dataclasses.replace(recipe, training=training)
    made = Training(spec, Control(epochs, training.learning_rate), lambda event: None, lambda checkpoint: None)
    start = time.process_time()
    made.fit()
    return time.process_time() - start


def _main(name: str, epochs: int, turns: int) -> None:
    cpu_seconds(name, 1, "on")
    print(json.dumps([[cpu_seconds(name, epochs, choice) for choice in ("on", "off")] for _ in range(turns)]))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
