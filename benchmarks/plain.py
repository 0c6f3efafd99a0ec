"""What a person would write without LayerLab: plain Keras, in a process of its own. Run by `benchmarks.throughput`.

`python -m benchmarks.plain images.npz epochs` prints, for each epoch, its seconds and its CPU seconds as JSON.
"""

from __future__ import annotations

import json
import sys
import time

import keras
import numpy as np
from keras import layers


class Clock(keras.callbacks.Callback):
    """Seconds and CPU seconds of each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.epochs: list[tuple[float, float]] = []

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self.began_at = time.perf_counter(), time.process_time()

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        self.epochs.append((time.perf_counter() - self.began_at[0], time.process_time() - self.began_at[1]))


def main(path: str, epochs: int) -> None:
    """Train Simple CNN as the Keras example does, without validation."""
    with np.load(path) as stored:
        x, y = stored["x"], stored["y"]
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    clock = Clock()
    model.fit(x, keras.utils.to_categorical(y), batch_size=128, epochs=epochs, verbose=0, callbacks=[clock])
    print(json.dumps(clock.epochs))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
