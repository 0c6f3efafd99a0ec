"""Gradients with respect to a model's input or to its weights: the one place that asks the backend for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    (found,) = _gradients(lambda tensors: score(tensors[0]), [keras.ops.convert_to_tensor(values, "float32")])
    return found


def loss_gradients(model: keras.Model, x: Any, y: Any, sample_weights: Any = None) -> list[Values]:
    """The gradient that the model's next step on a batch begins with, before it is clipped.

    Nothing of the model is changed, and no random number is used up: dropout leaves out what it will leave out in that
    step.

    Args:
        model: compiled.
        x, y: one batch.
        sample_weights: what each sample's loss counts; None where all count the same.

    Returns:
        One array for each of the model's `trainable_weights`.

    Raises:
        NotImplementedError: Keras' backend gives no gradients.
    """
    learned = model.trainable_weights
    batch = [None if each is None else keras.ops.convert_to_tensor(each) for each in (x, y, sample_weights)]

    def loss(values: Sequence[Any]) -> Any:
        with keras.StatelessScope(list(zip(learned, values, strict=True))):
            answers = model(batch[0], training=True)
            return model.compute_loss(batch[0], batch[1], answers, batch[2], training=True)

    return _gradients(loss, [keras.ops.convert_to_tensor(each.value) for each in learned])


def _gradients(score: Callable[[Sequence[Any]], Any], tensors: list[Any]) -> list[Values]:
    """The gradients of one number with respect to several tensors."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(tensors)
            reached = score(tensors)
        found = tape.gradient(reached, tensors, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    elif backend == "jax":
        import jax

        found = jax.grad(score)(tensors)
    elif backend == "torch":
        import torch

        tensors = [each.detach().requires_grad_(True) for each in tensors]
        found = torch.autograd.grad(score(tensors), tensors, allow_unused=True, materialize_grads=True)
    else:
        raise NotImplementedError(f"Keras' backend {backend} gives no gradients here")
    return [np.asarray(keras.ops.convert_to_numpy(each), np.float32) for each in found]
