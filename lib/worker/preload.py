"""Dask preload module: a worker has Keras loaded and warm before its first job.

For external workers too: `dask worker ... --preload lib.worker.preload`.
"""

from __future__ import annotations

import gc
import os
from typing import Any


def dask_setup(worker: Any) -> None:
    """Import Keras and run one small training step, so that no person waits for it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if hasattr(os, "nice"):
        # The pages of a class come first: without it 30 viewers waited 584 ms (p95) for a refresh (docs/DECISIONS.md).
        os.nice(10)
    from lib.specs.layers.known import Conv2D, Dense, Flatten, MaxPooling2D
    from lib.specs.model import ModelSpec
    from lib.specs.training import TrainSpec
    from lib.worker.build import build_model, compile_model
    from lib.worker.device import share_memory

    share_memory()
    import numpy as np

    spec = ModelSpec((8, 8, 1), (Conv2D(filters=2), MaxPooling2D(), Flatten(), Dense(units=2, activation="softmax")))
    model = build_model(spec)
    compile_model(model, TrainSpec())
    images, labels = np.zeros((4, 8, 8, 1), np.float32), np.eye(2, dtype=np.float32)[[0, 1, 0, 1]]
    model.train_on_batch(images, labels)
    model.predict_on_batch(images)
    gc.freeze()
