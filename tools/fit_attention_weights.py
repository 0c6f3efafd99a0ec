"""Train the network of the page "Attention" on the bundled sentences, with Keras.

`python -m tools.fit_attention_weights` writes `assets/data/attention_weights.npz`, and prints its SHA-256 and what the
network reached; about a minute. Seeded; another version or machine may give weights that differ a little.

The epoch is chosen by the loss on a tenth of the training sentences, which is held back. Accuracies are measured on the
test part with the rounded weights, by the very code that the page runs: as trained, with every word looking evenly at
all words, and with words that are not told their places.
"""

from __future__ import annotations

import os
import platform
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np

from lib.concepts.attention import AS_TRAINED, Variant
from lib.concepts.attention_walk import walk
from lib.data.fitted.attention_weights import (
    BLOCK_DROPOUT,
    DROPOUT,
    HEADS,
    INNER,
    KEY_DIM,
    LENGTH,
    PATH,
    VOCABULARY,
    WIDTH,
    attention_model,
)
from lib.data.fitted.word_weights import write
from lib.data.parts import Part
from lib.data.preparing import prepare
from lib.specs.data import DataSpec
from tools.fit_words import BATCH, SEED, VALIDATION, Arrays, told, train

EPOCHS, RATE = 12, 0.0005


def accuracy(weights: Arrays, part: Part, variant: Variant = AS_TRAINED, positions: bool = True) -> float:
    """Share of sentences that are on the right side of one half."""
    learned = {name: values.astype(np.float32) for name, values in weights.items()}
    said = (walk(attention_model(), learned, row, variant, positions).outputs[-1][0] > 0.5 for row in part.x)
    return round(float(np.mean([praise == label for praise, label in zip(said, part.y, strict=True)])), 4)


def main() -> None:
    """Train, measure and write."""
    parts = prepare(DataSpec(dataset="movies", vocabulary=VOCABULARY, length=LENGTH), VALIDATION)
    assert parts.reading is not None
    weights, epoch = train(attention_model(), parts, RATE, EPOCHS)
    about: dict[str, Any] = {
        "command": "python -m tools.fit_attention_weights",
        "vocabulary": VOCABULARY, "embedding": WIDTH, "num_heads": HEADS, "key_dim": KEY_DIM,
        "intermediate_dim": INNER, "dropout": DROPOUT, "block_dropout": BLOCK_DROPOUT, "length": LENGTH,
        "optimizer": "Adam", "learning_rate": RATE, "batch_size": BATCH, "seed": SEED, "epoch": epoch,
        "training_sentences": len(parts.train), "validation_sentences": len(parts.validation),
        "test_sentences": len(parts.test), "accuracy": accuracy(weights, parts.test),
        "uniform_accuracy": accuracy(weights, parts.test, Variant(uniform=True)),
        "unordered_accuracy": accuracy(weights, parts.test, positions=False),
        "keras": keras.__version__, "backend": keras.backend.backend(), "python": platform.python_version(),
    }  # fmt: skip
    print({name: value for name, value in about.items() if name == "epoch" or "accuracy" in name}, flush=True)
    write(PATH, parts.reading.vocabulary, weights, about)
    print(told(PATH))


if __name__ == "__main__":
    main()
