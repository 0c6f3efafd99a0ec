"""Training of the networks that ship with the app and read sentences: for the tools that make their files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lib.data.preparing import Prepared
from lib.specs.model import ModelSpec
from lib.worker.build import build_model
from lib.worker.weights import get_weights

VALIDATION = 0.1
PATIENCE, BATCH, SEED = 3, 64, 3

Arrays = dict[str, NDArray[Any]]


def train(spec: ModelSpec, parts: Prepared, rate: float, epochs: int) -> tuple[Arrays, int]:
    """Train with Adam until the validation loss falls no more.

    Returns:
        Weights by name after the epoch whose validation loss was lowest, as float16; and that epoch.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(SEED)
    model = build_model(spec, SEED)
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
    stopping = keras.callbacks.EarlyStopping("val_loss", patience=PATIENCE, restore_best_weights=True)
    validation = (parts.validation.x[:], parts.validation.y)
    model.fit(
        parts.train.x[:], parts.train.y, BATCH, epochs, validation_data=validation, callbacks=[stopping], verbose=0
    )  # fmt: skip
    weights = {name: np.asarray(values, np.float16) for name, values in get_weights(model).items()}
    return weights, stopping.best_epoch + 1


def told(path: Path) -> str:
    """What a new file is known by: SHA-256, name, size."""
    content = path.read_bytes()
    return f"{hashlib.sha256(content).hexdigest()}  {path.name}  {len(content):,} bytes"
