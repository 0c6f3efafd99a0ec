"""How long a training will take: arithmetic for a machine that was measured, times how much slower this one is."""

from __future__ import annotations

import threading
from collections import deque
from statistics import median

from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.layers.known import Recurrent
from lib.specs.run import RunSpec

# Measured on 2 cores with TensorFlow on the CPU: a batch beside its arithmetic, one step of a recurrent layer forward
# and backward, and multiply-adds a second of a small convolution.
BATCH_SECONDS = 0.0003
COMPILED_BATCH_SECONDS = 0.0001
STEP_SECONDS = 0.00005
MULTIPLY_ADDS_PER_SECOND = 4e10
START_SECONDS = 1.5
LEAST_SECONDS = 0.2
"""An epoch that should take less says nothing about the machine: pauses, slow motion and pictures hide it."""
MOST_TIMES = 20.0
"""No machine is taken to be faster or slower than the measured one by more than this."""
REMEMBERED = 9


class Estimator:
    """Learns from the epochs it sees how much slower this machine is; thread-safe."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=REMEMBERED)
        self._lock = threading.Lock()

    def seconds(self, spec: RunSpec) -> float:
        """Estimated training time, building and testing included."""
        with self._lock:
            times = median(self._times) if self._times else 1.0
        return START_SECONDS + epoch_seconds(spec) * spec.training.epochs * times

    def learn(self, run: RunSnapshot) -> None:
        """Take the last complete epoch of a run; the median of some of them counts, so that one bad one does not."""
        expected = epoch_seconds(run.spec)
        if not run.epoch_points or expected < LEAST_SECONDS:
            return
        times = run.epoch_points[-1].seconds / expected
        with self._lock:
            self._times.append(min(max(times, 1 / MOST_TIMES), MOST_TIMES))


def epoch_seconds(spec: RunSpec) -> float:
    """Seconds of an epoch on the machine that was measured.

    A recurrent layer goes through its steps one after the other, however many cores there are.
    """
    steps = sum(
        row.input_shape[0] * (1 + row.layer.bidirectional)
        for row in spec.model.trace
        if isinstance(row.layer, Recurrent) and row.input_shape is not None
    )
    computing = spec.work() / spec.training.epochs / MULTIPLY_ADDS_PER_SECOND
    batch = COMPILED_BATCH_SECONDS if spec.compiles else BATCH_SECONDS
    return spec.batches() * (batch + steps * STEP_SECONDS) + computing
