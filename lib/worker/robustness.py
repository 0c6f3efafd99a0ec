"""A model's answers to images that are made worse step by step."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from lib.arrays import Arrays
from lib.concepts.metrics import class_shares
from lib.data.corruptions import amounts, corrupted
from lib.data.scaling import Scaling
from lib.specs.model import ModelSpec
from lib.worker.answering import BATCH, answered
from lib.worker.build import build_model
from lib.worker.weights import set_weights


def robustness(
    model: ModelSpec,
    weights: Arrays,
    scaling: Scaling,
    images: NDArray[np.uint8],
    numbers: NDArray[np.intp],
    kinds: Sequence[str],
) -> NDArray[np.float32]:
    """What a model says of images as they are, and at each strength of some corruptions.

    Args:
        model: a stack that works, with a number for each class or one sigmoid unit for two.
        weights: arrays by name.
        scaling: how the pixels go into the first layer, as in training; corruption comes before it.
        images: `(samples, height, width, channels)`, 0 to 255.
        numbers: one for each image; see `lib.data.corruptions.corrupted`.
        kinds: names in `CORRUPTIONS`.

    Returns:
        `(kinds, strengths, samples, classes)`; the first strength is 0.
    """
    built = build_model(model)
    set_weights(built, weights)
    height, width = images.shape[1:3]
    return np.stack(
        [
            np.stack(
                [_answers(built, scaling, images, numbers, kind, amount) for amount in amounts(kind, height, width)]
            )
            for kind in kinds
        ]
    )


def _answers(
    built: keras.Model,
    scaling: Scaling,
    images: NDArray[np.uint8],
    numbers: NDArray[np.intp],
    kind: str,
    amount: float,
) -> NDArray[np.float32]:
    """Probabilities for one strength, `(samples, classes)`."""
    rows = []
    for start in range(0, len(images), BATCH):
        here = slice(start, start + BATCH)
        rows.append(answered(built, scaling, corrupted(images[here], kind, amount, numbers[here])))
    outputs = np.concatenate(rows)
    return class_shares(outputs, binary=outputs.shape[1] == 1)
