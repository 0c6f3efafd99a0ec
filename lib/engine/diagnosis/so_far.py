"""What a rule sees of a run: its description, facts of its data, and its epochs up to one moment."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lib.engine.diagnosis.facts import Facts, chance_loss
from lib.engine.runs.inside import InsidePoint
from lib.engine.runs.snapshot import EpochPoint, RunSnapshot
from lib.specs.run import RunSpec

Evidence = Mapping[str, float | str]
"""Numbers and names that a hint rests on: losses in the loss's own unit, accuracies and shares from 0 to 1."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """A run after some of its epochs.

    Attributes:
        facts: of its data.
        chance_loss: loss of a network that knows nothing; None where nobody can tell.
        first_loss: of the first batches, when hardly anything was learned; None before them.
        planned: epochs that the run is to have in all.
        training_samples: samples that an epoch goes through.
        validation_samples: samples that the network is validated on; 0 where it is not.
        epochs: those that were told, in order; of thousands of short ones not all are.
        at_one_rate: how many of the newest of them had the learning rate of now.
        best: of them, the one with the lowest validation loss; None without a validation part.
        watched: what was seen inside at the newest of them that was watched. It speaks for as many epochs again as came
            before it: None before the first, and when the newest is older than that.
        not_a_number: a loss became NaN or infinite after these epochs.
    """

    spec: RunSpec
    facts: Facts
    chance_loss: float | None
    first_loss: float | None
    planned: int
    training_samples: int
    validation_samples: int
    epochs: tuple[EpochPoint, ...] = ()
    at_one_rate: int = 0
    best: EpochPoint | None = None
    watched: InsidePoint | None = None
    not_a_number: bool = False

    @property
    def now(self) -> EpochPoint:
        """The newest epoch."""
        return self.epochs[-1]

    @property
    def classes(self) -> int:
        """How many there are; 0 where a number is to be predicted."""
        return len(self.spec.data.class_names)


def moments(run: RunSnapshot, facts: Facts) -> Iterator[SoFar]:
    """A run as it was after each of its epochs, and once more if its loss is no number any more."""
    now = _before(run, facts)
    rate_since, best, watched = 0, now.best, now.watched
    inside = {point.epoch: point for point in run.inside}
    points = [point for point in run.epoch_points if math.isfinite(point.loss)]
    for place, point in enumerate(points):
        if point.learning_rate != points[rate_since].learning_rate:
            rate_since = place
        best, watched = _better(best, point), inside.get(point.epoch, watched)
        if watched is not None and point.epoch > 2 * watched.epoch:
            watched = None
        so_far, at_one_rate = tuple(points[: place + 1]), place + 1 - rate_since
        now = replace(now, epochs=so_far, at_one_rate=at_one_rate, best=best, watched=watched)
        yield now
    if lost_its_numbers(run):
        yield replace(now, not_a_number=True)


def _better(best: EpochPoint | None, point: EpochPoint) -> EpochPoint | None:
    """Of two epochs the one with the lower validation loss, the earlier one if they are equal."""
    if point.val_loss is None or not math.isfinite(point.val_loss):
        return best
    return point if best is None or best.val_loss is None or point.val_loss < best.val_loss else best


def lost_its_numbers(run: RunSnapshot) -> bool:
    """Whether a loss of the run is no number any more, or infinite: a worker ends the run at that batch."""
    newest = (*run.batch_curve.loss[-1:], *(point.loss for point in run.epoch_points[-1:]))
    return not all(map(math.isfinite, newest))


def _before(run: RunSnapshot, facts: Facts) -> SoFar:
    """A run before its first epoch. Points are validated with their test points where they have no folds."""
    spec, data = run.spec, run.spec.data
    first = next(iter(run.batch_curve.loss), math.nan)
    on_test = data.validates_on_test
    return SoFar(
        spec,
        facts,
        chance_loss(len(data.class_names), spec.training.loss, spec.binary, facts),
        first if math.isfinite(first) else None,
        run.epochs,
        data.available if on_test else spec.training_samples(),
        data.points - data.available if on_test else spec.samples() - spec.training_samples(),
    )
