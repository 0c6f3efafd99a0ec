"""The learning rate's way through the epochs: what it is multiplied by in each of them.

A rate holds for a whole epoch. So it stays the one that a person sets, in mid-training too, times a factor that follows
from the epoch alone, and a training that goes on from a checkpoint meets the same rates.
"""

from __future__ import annotations

import math

from lib.specs.training import TrainSpec

BY_EPOCH = ("step_decay", "exponential_decay", "cosine_decay")
"""Schedules whose factor is known before the training; what `reduce_on_plateau` does depends on how it goes."""


def factor(training: TrainSpec, epoch: int) -> float:
    """What the learning rate is multiplied by in an epoch.

    Args:
        training: with its schedule.
        epoch: from 1.

    Returns:
        With steps counted in epochs, from 0: `decay_rate ** (step / decay_epochs)`, rounded down to a whole exponent
        for `step_decay`; that is `keras.optimizers.schedules.ExponentialDecay`, with `staircase`. For the cosine
        `(1 - alpha) * (1 + cos(pi * step / epochs)) / 2 + alpha`, and `alpha` behind the last epoch: `CosineDecay`
        there. 1 for the others.

    >>> [factor(TrainSpec(schedule="step_decay", decay_rate=0.5, decay_epochs=2), epoch) for epoch in (1, 2, 3, 5)]
    [1.0, 1.0, 0.5, 0.25]
    >>> [round(factor(TrainSpec(schedule="cosine_decay", epochs=4), epoch), 3) for epoch in (1, 2, 3, 4, 5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]
    """
    step = epoch - 1
    if training.schedule == "step_decay":
        return float(training.decay_rate ** (step // training.decay_epochs))
    if training.schedule == "exponential_decay":
        return float(training.decay_rate ** (step / training.decay_epochs))
    if training.schedule == "cosine_decay":
        share = min(step / training.epochs, 1.0)
        return (1 - training.alpha) * (1 + math.cos(math.pi * share)) / 2 + training.alpha
    return 1.0
