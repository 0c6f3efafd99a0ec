"""Several batches in one call: for a small model Keras' own cost of a call is most of the time.

`keras.Model.train_on_batch` costs about 1 ms a call here, a step of a points network inside TensorFlow 0.1 ms
(docs/DECISIONS.md). On another backend or on a GPU, where Keras compiles the step itself, batches go in one by one.

Before its first call TensorFlow builds a graph of the steps, which takes 0.3 s or more. A run's very first batch goes
without one, so that its point is on the screen by then.

In a small stack of Dense layers nearly all of a step is TensorFlow's cost of each operation. XLA makes one program of
all steps, which is several times faster there and takes half a second longer to build (docs/DECISIONS.md). Which runs
go that way `RunSpec.compiles` says.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lib.worker.device import on_gpu

CALL_SECONDS = 0.03
MOST_BATCHES = 64

Measured = list[tuple[float, float]]


def fuses() -> bool:
    """Whether several batches can go in at once here."""
    return bool(keras.backend.backend() == "tensorflow") and not on_gpu()


@cache
def compiles() -> bool:
    """Whether this TensorFlow has XLA for the processor; not every build has."""
    import tensorflow as tf

    try:
        tf.function(lambda number: number + 1, jit_compile=True)(tf.constant(1))
    except tf.errors.OpError:
        return False
    return True


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
        self._graphs: dict[int | None, Any] = {}
        self.begin(True)
        if self._fuses:
            model.optimizer.build(model.trainable_variables)

    def begin(self, a_run: bool, compiled_size: int | None = None) -> None:
        """Say what comes next.

        A run that goes on is numerically the same as one that was never cut: each of its batches is computed in the
        same way.

        Args:
            a_run: whether the next batch is the very first one of a run.
            compiled_size: batches of this size are trained by XLA, if there is one; None trains none by it.
        """
        self._begins = a_run
        self._compiled_size = compiled_size if self._fuses and compiled_size and compiles() else None
        self._seconds = CALL_SECONDS  # of one batch, so that the first call takes one

    def batches(self) -> int:
        """How many batches fit into one call, so that a command is still obeyed at once."""
        return int(min(max(CALL_SECONDS / self._seconds, 1), MOST_BATCHES)) if self._fuses else 1

    def train(self, x: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None = None) -> Measured:
        """Train.

        Args:
            x, y: samples and labels of batches of one size, `(batches, batch_size, ...)`; at most `MOST_BATCHES`.
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
        import tensorflow as tf

        start, count = time.perf_counter(), len(x)
        size = x.shape[1] if x.shape[1] == self._compiled_size else None
        taken = batches if size is None else tuple(map(_filled, batches))
        if size not in self._graphs:
            self._graphs[size] = self._graph(taken, size)
        rows = self._graphs[size](*map(tf.constant, (np.int32(count), *taken))).numpy()
        seconds = (time.perf_counter() - start) / count
        self._seconds = min(max(seconds, self._seconds / 4), self._seconds * 4)
        return [(loss, accuracy) for loss, accuracy in rows[:count].tolist()]

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

    def _graph(self, likes: tuple[NDArray[Any], ...], size: int | None) -> Any:
        """The graph: one for any number of batches of any size, also for an epoch's smaller last one; or XLA's program.

        Args:
            likes: batches such as it will take.
            size: of a batch, for XLA, which must know all shapes; such batches come `_filled`.
        """
        import tensorflow as tf

        def steps(count: Any, *batches: Any) -> Any:
            def step(place: Any, measured: Any) -> tuple[Any, Any]:
                loss, right = self._step(*[each[place] for each in batches])
                return place + 1, measured.write(place, tf.stack([loss, right]))

            # The count is the loop's condition: for `tf.range(count)` XLA would make another program for each count.
            empty = tf.TensorArray(tf.float32, tf.shape(batches[0])[0], element_shape=(2,))
            _, measured = tf.while_loop(lambda place, _: place < count, step, (0, empty), parallel_iterations=1)
            return measured.stack()

        rows = None if size is None else MOST_BATCHES
        shapes = [tf.TensorSpec((rows, size, *each.shape[2:]), each.dtype) for each in likes]
        takes = (tf.TensorSpec((), tf.int32), *shapes)
        # A loop of TensorFlow's own: translated from Python, it would leave two files behind when a worker is ended.
        built = tf.function(steps, takes, autograph=False, jit_compile=size is not None or None)
        return built.get_concrete_function()  # whose call costs a third of the function's own


def _filled(batches: NDArray[Any]) -> NDArray[Any]:
    """As many batches as XLA's program takes; those that are added are not trained."""
    filled = np.zeros((MOST_BATCHES, *batches.shape[1:]), batches.dtype)
    filled[: len(batches)] = batches
    return filled
