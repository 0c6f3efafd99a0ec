"""When a run of a sweep is stopped early because the others have shown that it will hardly be the best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

from lib.engine.runs.snapshot import RunSnapshot

STARTUP_RUNS = 5
"""So many runs are trained to their end before any is stopped."""
WARM_UP_EPOCHS = 1
"""Nothing is stopped after so few epochs."""
Curve = Mapping[int, float]
"""What a run reached on the validation part, by epoch, from 1."""


def curve(run: RunSnapshot, share: bool) -> dict[int, float]:
    """A run's validation figures by epoch: accuracies for a share, else losses."""
    told = {point.epoch: point.val_accuracy if share else point.val_loss for point in run.epoch_points}
    return {epoch: value for epoch, value in told.items() if value is not None}


def worse_than_median(own: Curve, others: Sequence[Curve], higher_is_better: bool) -> bool:
    """Whether the best figure of a run so far is worse than the median of the others at its newest epoch.

    The median stopping rule (Golovin and others 2017: Google Vizier, section 3.2.2), as Optuna's `MedianPruner` has it
    with `n_startup_trials=5` and no pruning after the first epoch.

    Args:
        own: of the run in question.
        others: of the runs that were trained to their end.
        higher_is_better: True for accuracy, False for a loss.

    >>> done = [{1: 0.5, 2: value} for value in (0.6, 0.7, 0.8, 0.9, 0.95)]
    >>> worse_than_median({1: 0.5, 2: 0.79}, done, True), worse_than_median({1: 0.85, 2: 0.3}, done, True)
    (True, False)
    """
    if len(others) < STARTUP_RUNS or not own or max(own) <= WARM_UP_EPOCHS:
        return False
    finite = [value for value in own.values() if not math.isnan(value)]
    if not finite:
        return True
    reached = [other[max(own)] for other in others if max(own) in other]
    known = [value for value in reached if not math.isnan(value)]
    if not known:
        return False
    best = max(finite) if higher_is_better else min(finite)
    return best < median(known) if higher_is_better else best > median(known)
