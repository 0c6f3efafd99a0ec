"""Several batches in one call: for a small model Keras' own cost of a call is most of the time.

`keras.Model.train_on_batch` costs about 1 ms a call here, a step of a points network inside TensorFlow 0.1 ms
(docs/DECISIONS.md). On another backend or on a GPU, where Keras compiles the step itself, batches go in one by one.

Before its first call TensorFlow builds a graph of the steps, which takes 0.3 s or more. A run's very first batch goes
without one, so that its point is on the screen by then.
"""

from __future__ import annotations

import time
from typing import Any

import keras
from numpy.typing import NDArray

from lib.worker.device import on_gpu

CALL_SECONDS = 0.03
MOST_BATCHES = 64

Measured = list[tuple[float, float]]


def fuses() -> bool:
    """Whether several batches can go in at once here."""
    return bool(keras.backend.backend() == "tensorflow") and not on_gpu()


class Steps:
    """Trains a compiled model by some batches at a time; the result does not depend on how many.

    Args:
        model: compiled.
        metric: the function of `keras.metrics` that `metrics=["accuracy"]` stands for with this model.
    """

    def __init__(self, model: keras.Model, metric: str) -> None:
        self._model = model
        self._right = getattr(keras.metrics, metric)
        self._fuses = fuses()
        self._call: Any = None
        self.begin(True)
        if self._fuses:
            model.optimizer.build(model.trainable_variables)

    def begin(self, a_run: bool) -> None:
        """Say whether the next batch is the very first one of a run.

        A run that goes on is numerically the same as one that was never cut: each of its batches is computed in the
        same way.
        """
        self._begins = a_run
        self._seconds = CALL_SECONDS  # of one batch, so that the first call takes one

    def batches(self) -> int:
        """How many batches fit into one call, so that a command is still obeyed at once."""
        return int(min(max(CALL_SECONDS / self._seconds, 1), MOST_BATCHES)) if self._fuses else 1

    def train(self, x: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None = None) -> Measured:
        """Train.

        Args:
            x, y: samples and labels of batches of one size, `(batches, batch_size, ...)`.
            weights: what each sample's loss counts, `(batches, batch_size)`; None where all count the same. The
                accuracy is not weighed, as in Keras.

        Returns:
            Loss and accuracy of each batch, measured before its step.
        """
        batches = (x, y) if weights is None else (x, y, weights)
        if not self._fuses:
            return [self._one(*batch) for batch in zip(*batches, strict=True)]
        if self._begins:
            self._begins = False
            return [self._at_once(*batch) for batch in zip(*batches, strict=True)]
        start = time.perf_counter()
        self._call = self._call or self._fused(batches)
        losses, accuracies = self._call(*batches)
        measured = list(zip(losses.numpy().tolist(), accuracies.numpy().tolist(), strict=True))
        seconds = (time.perf_counter() - start) / len(x)
        self._seconds = min(max(seconds, self._seconds / 4), self._seconds * 4)
        return measured

    def _one(self, *batch: NDArray[Any]) -> tuple[float, float]:
        logs = self._model.train_on_batch(*batch, return_dict=True)
        return float(logs["loss"]), float(logs["accuracy"])

    def _at_once(self, *batch: NDArray[Any]) -> tuple[float, float]:
        """One batch without a graph."""
        loss, accuracy = self._step(*map(keras.ops.convert_to_tensor, batch))
        return float(loss), float(accuracy)

    def _step(self, x: Any, y: Any, *weights: Any) -> tuple[Any, Any]:
        """Loss and accuracy of a batch, and one step of the optimizer; within a graph or without."""
        import tensorflow as tf

        model = self._model
        with tf.GradientTape() as tape:
            answers = model(x, training=True)
            loss = model.compute_loss(x, y, answers, *weights, training=True)
        learned = model.trainable_weights
        model.optimizer.apply(tape.gradient(loss, [w.value for w in learned]), learned)
        return loss, tf.reduce_mean(tf.cast(self._right(y, answers), tf.float32))

    def _fused(self, likes: tuple[NDArray[Any], ...]) -> Any:
        """The graph: one for any number of batches of any size, also for an epoch's smaller last one.

        Args:
            likes: batches such as it will take.
        """
        import tensorflow as tf

        def steps(*batches: Any) -> tuple[Any, Any]:
            count = tf.shape(batches[0])[0]

            def step(place: Any, measured: Any) -> tuple[Any, Any]:
                loss, right = self._step(*[each[place] for each in batches])
                return place + 1, measured.write(place, tf.stack([loss, right]))

            empty = tf.TensorArray(tf.float32, count, element_shape=(2,))
            _, measured = tf.while_loop(lambda place, _: place < count, step, (0, empty), parallel_iterations=1)
            rows = measured.stack()
            return rows[:, 0], rows[:, 1]

        # A loop of TensorFlow's own: translated from Python, it would leave two files behind when a worker is ended.
        takes = [tf.TensorSpec((None, None, *each.shape[2:]), each.dtype) for each in likes]
        return tf.function(steps, input_signature=takes, autograph=False)
