"""Train the three networks of the page "Sequences" on the bundled sentences, with Keras.

`python -m tools.fit_sentence_weights` writes `assets/data/sentence_weights.npz`, and prints its SHA-256 and what each
network reached; about two minutes. Seeded; another version or machine may give weights that differ a little.

The epoch is chosen by the loss on a tenth of the training sentences, which is held back. Accuracy is measured on the
test part with the rounded weights, by the very code that the page runs.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
from numpy.typing import NDArray

from lib.concepts.forward import forward
from lib.data.fitted.sentence_weights import CELLS, DROPOUT, NUMBERS, PATH, UNITS, VOCABULARY, sentence_model
from lib.data.fitted.word_weights import write
from lib.data.parts import Part
from lib.data.preparing import prepare
from lib.specs.data import DataSpec
from tools.fit_words import BATCH, SEED, VALIDATION, Arrays, told, train

LENGTH, EPOCHS, RATE = 40, 20, 0.003


def accuracy(cell: str, weights: Mapping[str, NDArray[Any]], part: Part) -> float:
    """Share of sentences that are on the right side of one half."""
    model = sentence_model(cell, LENGTH)
    learned = {name: values.astype(np.float32) for name, values in weights.items()}
    right = [(forward(model, learned, row)[-1][0] > 0.5) == label for row, label in zip(part.x, part.y, strict=True)]
    return round(float(np.mean(right)), 4)


def main() -> None:
    """Train, measure and write."""
    parts = prepare(DataSpec(dataset="movies", vocabulary=VOCABULARY, length=LENGTH), VALIDATION)
    assert parts.reading is not None
    about: dict[str, Any] = {
        "command": "python -m tools.fit_sentence_weights",
        "vocabulary": VOCABULARY, "embedding": NUMBERS, "units": UNITS, "dropout": DROPOUT, "length": LENGTH,
        "optimizer": "Adam", "learning_rate": RATE, "batch_size": BATCH, "seed": SEED,
        "training_sentences": len(parts.train), "validation_sentences": len(parts.validation),
        "test_sentences": len(parts.test), "epoch": {}, "accuracy": {},
        "keras": keras.__version__, "backend": keras.backend.backend(), "python": platform.python_version(),
    }  # fmt: skip
    everything: Arrays = {}
    for cell in CELLS:
        weights, about["epoch"][cell] = train(sentence_model(cell, LENGTH), parts, RATE, EPOCHS)
        about["accuracy"][cell] = accuracy(cell, weights, parts.test)
        everything |= {f"{cell}/{name}": values for name, values in weights.items()}
        print(f"{cell}: epoch {about['epoch'][cell]}, test accuracy {about['accuracy'][cell]}", flush=True)
    write(PATH, parts.reading.vocabulary, everything, about)
    print(told(PATH))


if __name__ == "__main__":
    main()
