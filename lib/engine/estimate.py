"""How long a training will take, from arithmetic and from the speed measured so far."""

from __future__ import annotations

import math
import threading

from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.run import RunSpec

# The cost of a batch on a CPU beside its arithmetic, in seconds, and multiply-adds a second of a small convolution
# there; measured on 2 cores. The second is replaced by what this machine shows.
BATCH_SECONDS = 0.0003
MULTIPLY_ADDS_PER_SECOND = 4e10
START_SECONDS = 1.5


class Estimator:
    """Learns this machine's speed from the runs it sees; thread-safe."""

    def __init__(self) -> None:
        self._rate = MULTIPLY_ADDS_PER_SECOND
        self._lock = threading.Lock()

    def seconds(self, spec: RunSpec) -> float:
        """Estimated training time, building and testing included."""
        batches = math.ceil(spec.training_samples() / spec.training.batch_size) * spec.training.epochs
        return START_SECONDS + batches * BATCH_SECONDS + spec.work() / self._rate

    def learn(self, run: RunSnapshot) -> None:
        """Take the last complete epoch of a run for the machine's speed."""
        if not run.epoch_points:
            return
        spec = run.spec
        batches = math.ceil(spec.training_samples() / spec.training.batch_size)
        computing = run.epoch_points[-1].seconds - batches * BATCH_SECONDS
        work = spec.work() / spec.training.epochs
        # A tiny model says nothing about the arithmetic: Keras' own cost hides it.
        if computing > 0.2:
            with self._lock:
                self._rate = work / computing
