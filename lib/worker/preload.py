"""Dask preload module: a worker has Keras loaded and warm before its first job.

For external workers too: `dask worker ... --preload lib.worker.preload`.
"""

from __future__ import annotations

import contextlib
import gc
import os
from pathlib import Path
from typing import Any

NICE = 10


def dask_setup(worker: Any) -> None:
    """Import Keras and run two small training steps, without a graph and with one, so that no person waits for it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from lib.worker.lean_keras import import_keras

    import_keras()  # before any module that imports it in full
    from lib.specs.layers.known import Conv2D, Dense, Flatten, MaxPooling2D
    from lib.specs.model import ModelSpec
    from lib.specs.training import TrainSpec
    from lib.worker.build import build_model, compile_model
    from lib.worker.device import share_memory
    from lib.worker.steps import Steps

    share_memory()
    import numpy as np

    spec = ModelSpec((8, 8, 1), (Conv2D(filters=2), MaxPooling2D(), Flatten(), Dense(units=2, activation="softmax")))
    model = build_model(spec)
    compile_model(model, TrainSpec())
    images, labels = np.zeros((4, 8, 8, 1), np.float32), np.eye(2, dtype=np.float32)[[0, 1, 0, 1]]
    steps = Steps(model, "categorical_accuracy")
    for _ in range(2):
        steps.train(images[None], labels[None])
    model.predict_on_batch(images)
    _give_way()
    gc.freeze()


def _give_way() -> None:
    """Let the pages of a class come first, now that the worker is ready.

    Without it 30 viewers waited 584 ms (p95) for a refresh (docs/DECISIONS.md). On Linux each thread has a priority of
    its own, and TensorFlow has started some. Done earlier, the start itself would take minutes on a busy machine.
    """
    threads = Path("/proc/self/task")
    if threads.is_dir():
        for thread in threads.iterdir():
            with contextlib.suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, int(thread.name), NICE)
    elif hasattr(os, "nice"):
        os.nice(NICE)
