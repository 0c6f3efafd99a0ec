"""Make `assets/data/overfitting.json`: the training curves that the Overfitting page shows, from real runs with Keras.

`python -m tools.overfitting_curves`; some minutes. Seeded: with the versions named in the file, two builds on one
machine give the same curves; elsewhere the last digits may differ.

Networks of one hidden layer learn few of the bundled Fashion-MNIST images; each width is trained plainly and with each
remedy alone.
"""

from __future__ import annotations

import json
import os
import platform
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np

from lib.data.fitted.saved_curves import PATH
from lib.data.loading import load
from lib.data.parts import Part, split_validation, take

DATASET = "fashion_mnist"
UNITS = (2, 8, 32, 128, 512)
SAMPLES, MORE_SAMPLES, VALIDATION = 500, 4_000, 1_000
EPOCHS, BATCH, RATE, SEED = 100, 50, 0.0003, 3
DROPOUT, L2, PATIENCE = 0.5, 0.005, 5
RUNNING = "sparse_categorical_crossentropy"
"""Keras' running mean of the training loss. It is kept of the trainings with dropout, where it differs most."""
REMEDIES = ("plain", "dropout", "l2", "early_stopping", "more_data")
CURVES = ("loss", "val_loss", "accuracy", "val_accuracy")


def parts() -> tuple[Part, Part, Part]:
    """Few samples, more samples (the few among them or not), and a validation part that is in neither."""
    rest, validation = split_validation(load(DATASET).train, VALIDATION / len(load(DATASET).train), SEED)
    return take(rest, SAMPLES, SEED), take(rest, MORE_SAMPLES, SEED), validation


def network(units: int, remedy: str) -> keras.Model:
    """Flatten, one hidden layer, ten classes; with the remedy, if it is one of the layers'."""
    penalty = keras.regularizers.L2(L2) if remedy == "l2" else None
    layers: list[Any] = [
        keras.Input((28, 28, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(units, "relu", kernel_regularizer=penalty),
    ]
    if remedy == "dropout":
        layers.append(keras.layers.Dropout(DROPOUT, seed=SEED))
    layers.append(keras.layers.Dense(10, "softmax", kernel_regularizer=penalty))
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Adam(RATE), RUNNING, metrics=[RUNNING])
    return model


class Measure(keras.callbacks.Callback):
    """Measure both parts after each epoch with the weights as they are then, dropout off, penalty left out.

    Only so can the training loss be compared with the validation loss, and one remedy with another.
    """

    def __init__(self, train: tuple[Any, Any], validation: tuple[Any, Any]) -> None:
        """Measure on these samples."""
        super().__init__()
        self.parts = {"": train, "val_": validation}
        self.curves: dict[str, list[float]] = {name: [] for name in (*CURVES, "running_loss")}

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add a point to each curve."""
        assert logs is not None
        self.curves["running_loss"].append(round(float(logs[RUNNING]), 4))
        for prefix, (x, y) in self.parts.items():
            p = np.asarray(self.model(x, training=False))
            truth = p[np.arange(len(y)), y]
            self.curves[f"{prefix}loss"].append(round(float(-np.log(np.clip(truth, 1e-7, 1)).mean()), 4))
            self.curves[f"{prefix}accuracy"].append(round(float((p.argmax(axis=1) == y).mean()), 4))


def train(units: int, remedy: str, few: Part, more: Part, validation: Part) -> dict[str, Any]:
    """One run.

    Returns:
        What `lib.data.fitted.saved_curves.SavedRun` holds.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(SEED)
    part = more if remedy == "more_data" else few
    x, y = scaled(part)
    held_back = scaled(validation)
    model = network(units, remedy)
    measure = Measure((x, y), held_back)
    stopping = keras.callbacks.EarlyStopping("val_loss", patience=PATIENCE, restore_best_weights=True)
    callbacks = [measure, stopping] if remedy == "early_stopping" else [measure]
    model.fit(x, y, BATCH, EPOCHS, validation_data=held_back, callbacks=callbacks, verbose=0)
    kept_epoch = stopping.best_epoch + 1 if remedy == "early_stopping" else EPOCHS
    about = {"units": units, "remedy": remedy, "parameters": model.count_params(), "kept_epoch": kept_epoch}
    if remedy != "dropout":
        del measure.curves["running_loss"]
    return about | measure.curves


def scaled(part: Part) -> tuple[Any, Any]:
    """Pixels from 0 to 1, and labels."""
    return part.x.astype(np.float32) / 255, part.y


def main() -> None:
    """Train everything and write the file."""
    few, more, validation = parts()
    about = {
        "command": "python -m tools.overfitting_curves",
        "dataset": DATASET, "samples": SAMPLES, "more_samples": MORE_SAMPLES, "validation": VALIDATION,
        "epochs": EPOCHS, "batch_size": BATCH, "learning_rate": RATE, "optimizer": "Adam", "seed": SEED,
        "dropout": DROPOUT, "l2": L2, "patience": PATIENCE,
        "keras": keras.__version__, "backend": keras.backend.backend(), "python": platform.python_version(),
    }  # fmt: skip
    runs = []
    for remedy in REMEDIES:
        for units in UNITS:
            runs.append(train(units, remedy, few, more, validation))
            last = {name: runs[-1][name][-1] for name in CURVES}
            best = min(runs[-1]["val_loss"])
            print(f"{remedy:15}{units:6}", last, "lowest val_loss", best, flush=True)
    PATH.write_text(json.dumps({"about": about, "runs": runs}, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{PATH.name}: {PATH.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
