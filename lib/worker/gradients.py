"""Gradients of a model's outputs with respect to its input: the one place that asks the backend for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lib.arrays import Arrays
from lib.concepts.slopes import noisy_copies
from lib.specs.model import ModelSpec
from lib.worker.build import build_model
from lib.worker.weights import set_weights

MOST_MB = 200.0
"""About the memory that the copies of one call may take."""

Values = NDArray[np.float32]


def mean_gradient(
    model: ModelSpec, weights: Arrays, sample: Values, direction: Values, copies: int = 1, noise: float = 0.0
) -> Values:
    """How fast a score grows with each number of a sample; with noise, the mean over noisy copies of the sample.

    Args:
        model: a stack that works; `lib.concepts.slopes.with_logits` for the gradient of a score.
        weights: arrays by name.
        sample: what goes into the first layer.
        direction: one number for each output; the score is `sum(outputs * direction)`.
        copies, noise: see `lib.concepts.slopes.noisy_copies`. One copy without noise is the sample itself.

    Returns:
        Of the sample's shape.

    Raises:
        NotImplementedError: Keras' backend gives no gradients.
    """
    built = build_model(model)
    set_weights(built, weights)
    towards = keras.ops.convert_to_tensor(direction, "float32")

    def scores(values: Any) -> Any:
        return keras.ops.sum(built(values, training=False) * towards)

    most = max(1, min(copies, int(MOST_MB / max(model.memory_mb(1), 1e-3))))
    total = np.zeros(sample.shape)
    for part in noisy_copies(sample, copies, noise, most):
        total += gradient(scores, part).sum(axis=0)
    return (total / copies).astype(np.float32)


def gradient(score: Callable[[Any], Any], values: Values) -> Values:
    """The gradient of a number.

    Args:
        score: from a tensor to one number.
        values: where the gradient is wanted.

    Returns:
        Of the shape of the values.

    Raises:
        NotImplementedError: Keras' backend gives no gradients.
    """
    backend, tensor = keras.backend.backend(), keras.ops.convert_to_tensor(values, "float32")
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(tensor)
            reached = score(tensor)
        found = tape.gradient(reached, tensor, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    elif backend == "jax":
        import jax

        found = jax.grad(score)(tensor)
    elif backend == "torch":
        import torch

        tensor = tensor.detach().requires_grad_(True)
        (found,) = torch.autograd.grad(score(tensor), tensor)
    else:
        raise NotImplementedError(f"Keras' backend {backend} gives no gradients here")
    return np.asarray(keras.ops.convert_to_numpy(found), np.float32)
