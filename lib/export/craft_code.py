"""The parts of an exported script that say how the training is steered."""

from __future__ import annotations

from lib.specs.run import RunSpec
from lib.specs.schedules import BY_EPOCH
from lib.specs.training import FROM_LOGITS, SMOOTHED, TrainSpec


def schedule_code(training: TrainSpec) -> str:
    """The schedule as Keras has it; its steps are epochs, from 0. "" where it is none of `BY_EPOCH`.

    >>> schedule_code(TrainSpec(schedule="cosine_decay", epochs=20))
    'keras.optimizers.schedules.CosineDecay(0.001, decay_steps=20)'
    """
    rate = repr(training.learning_rate)
    if training.schedule == "cosine_decay":
        alpha = f", alpha={training.alpha!r}" if training.alpha else ""
        return f"keras.optimizers.schedules.CosineDecay({rate}, decay_steps={training.epochs}{alpha})"
    if training.schedule not in BY_EPOCH:
        return ""
    stairs = ", staircase=True" if training.schedule == "step_decay" else ""
    words = f"decay_steps={training.decay_epochs}, decay_rate={training.decay_rate!r}{stairs}"
    return f"keras.optimizers.schedules.ExponentialDecay({rate}, {words})"


def callback_lines(run: RunSpec) -> list[str]:
    """Lines that make the list `callbacks`; none where the training needs no callback."""
    training = run.training
    schedule = schedule_code(training)
    lines = [f"schedule = {schedule}  # its steps are epochs"] if schedule else []
    callbacks = ["keras.callbacks.LearningRateScheduler(lambda epoch: float(schedule(epoch)))"] if schedule else []
    if training.schedule == "reduce_on_plateau":
        words = f"factor={training.plateau_factor!r}, patience={training.plateau_patience}"
        callbacks.append(f"keras.callbacks.ReduceLROnPlateau({training.monitor!r}, {words})")
    if training.early_stopping:
        words = f"patience={training.patience}" + (", restore_best_weights=True" * training.restore_best_weights)
        callbacks.append(f"keras.callbacks.EarlyStopping({training.monitor!r}, {words})")
    if not callbacks:
        return []
    return [*lines, "callbacks = [", *(f"    {callback}," for callback in callbacks), "]"]


def loss_code(training: TrainSpec) -> str:
    """The loss, by its name where labels are not smoothed and no scores are taken.

    >>> loss_code(TrainSpec(label_smoothing=0.1))
    'keras.losses.CategoricalCrossentropy(label_smoothing=0.1)'
    """
    words = [f"label_smoothing={training.label_smoothing!r}"] if training.smooths else []
    words += ["from_logits=True"] if training.takes_logits else []
    if not words:
        return repr(training.loss)
    return f"keras.losses.{({**SMOOTHED, **FROM_LOGITS})[training.loss]}({', '.join(words)})"


def mistaken_loss_lines(run: RunSpec) -> list[str]:
    """Lines that make `mistaken_loss`, which takes probabilities for scores; none for a run without that mistake.

    Keras on TensorFlow would notice the softmax, warn, and take the scores from before it.
    """
    if not twice_softmax(run):
        return []
    smoothing = f", label_smoothing={run.training.label_smoothing!r}" if run.training.smooths else ""
    return [
        "def mistaken_loss(y_true, y_pred):",
        "    # The sum hides the softmax from Keras, which would else warn, and take the scores from before it.",
        f"    return keras.losses.{run.training.loss}(y_true, y_pred + 0.0, from_logits=True{smoothing})",
        "",
        "",
    ]


def twice_softmax(run: RunSpec) -> bool:
    """Whether the loss makes probabilities of what are probabilities already."""
    last = run.model.layers[-1] if run.model.layers else None
    return run.training.takes_logits and getattr(last, "activation", "") in ("softmax", "sigmoid")


def class_weight_lines(run: RunSpec) -> list[str]:
    """Lines that make `class_weight` of `y_train`, for numpy as `np`; none where all samples count the same."""
    if not run.balances:
        return []
    one_hot = run.training.one_hot and not run.binary
    labels = "y_train.argmax(axis=1)" if one_hot else "y_train.ravel().astype(int)"
    return [
        f"labels = {labels}",
        f"counts = np.bincount(labels, minlength={len(run.data.class_names)})",
        "balanced = len(labels) / (np.count_nonzero(counts) * np.maximum(counts, 1))",
        "class_weight = dict(enumerate(balanced.tolist()))",
    ]


def kernel_words(training: TrainSpec) -> list[str]:
    """Arguments of every layer with a kernel: how it begins, and what large weights cost; none where all is Keras' own.

    >>> kernel_words(TrainSpec(kernel_initializer="he_normal", l1=0.1, l2=0.2))
    ["kernel_initializer='he_normal'", 'kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2)']
    """
    initializer = training.kernel_initializer
    words = [f"kernel_initializer={initializer!r}"] if initializer != "glorot_uniform" else []
    sizes = {name: value for name, value in (("L1", training.l1), ("L2", training.l2)) if value}
    if sizes:
        values = ", ".join(map(repr, sizes.values()))
        words.append(f"kernel_regularizer=keras.regularizers.{''.join(sizes)}({values})")
    return words
