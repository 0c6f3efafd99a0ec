"""What telling a points network's weights costs its training, in a process of its own. Run by `benchmarks.points`.

`python -m benchmarks.points_worker turns` prints epochs a second of each turn as JSON: [[with, without], ...].
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time

from lib import events
from lib.specs.recipes import RECIPES
from lib.worker.control import Control
from lib.worker.train import Training

EPOCHS = 1_000


def epochs_a_second(told: bool) -> float:
    """Train the recipe on the circle; epochs a second from the first told epoch to the last."""
    run = RECIPES["points_circle"].run
    run = dataclasses.replace(run, training=dataclasses.replace(run.training, epochs=EPOCHS))
    marks: list[tuple[int, float]] = []

    def report(event: events.FromWorker) -> None:
        if isinstance(event, events.Epoch):
            marks.append((event.epoch, time.perf_counter()))

    training = Training(run, Control(EPOCHS, run.training.learning_rate), report, lambda checkpoint: None)
    training.shows_weights = told
    training.fit()
    (first, first_at), (last, last_at) = marks[0], marks[-1]
    return (last - first) / (last_at - first_at)


if __name__ == "__main__":
    print(json.dumps([[epochs_a_second(True), epochs_a_second(False)] for _ in range(int(sys.argv[1]))]))
