"""The parts of an exported script that say how the training is steered."""

from __future__ import annotations

from lib.specs.run import RunSpec
from lib.specs.schedules import BY_EPOCH
from lib.specs.training import TrainSpec


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
