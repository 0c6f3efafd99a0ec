"""What the networks of a k-fold validation say together: each sample is answered by the one that has not seen it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lib.concepts.metrics import confusion_matrix
from lib.data.training_part import TrainingPart, folds_of, training_part
from lib.engine.experiments.snapshot import ExperimentSnapshot, Member
from lib.specs.run import RunSpec
from lib.ui.kit import lessons
from lib.ui.session.asked import Step, in_steps
from lib.ui.session.engine import engine
from lib.ui.session.pieces import spans

_ROUNDING = 1e-5
"""Float32 probabilities may be above 1 by about so much."""


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Answers to samples by networks that have not learned from them.

    Attributes:
        run: one of those that gave them.
        part: what the folds were cut from.
        numbers: positions in `part` of the samples that were answered, ascending, `(samples,)`.
        outputs: a number for each class, or the predicted number, `(samples, outputs)`.
        folds: of the samples, the number of the fold that each is in, from 1, `(samples,)`.
    """

    run: RunSpec
    part: TrainingPart
    numbers: NDArray[np.intp]
    outputs: NDArray[np.float32]
    folds: NDArray[np.intp]

    @property
    def labels(self) -> NDArray[np.uint8] | NDArray[np.float32]:
        """What the samples are, as their data say."""
        return self.part.y[self.numbers]

    @property
    def names(self) -> tuple[str, ...]:
        """What the classes are called."""
        return self.run.data.class_names

    @property
    def are_probabilities(self) -> bool:
        """Whether the outputs lie between 0 and 1, as those of softmax and sigmoid do."""
        return bool(((self.outputs >= 0) & (self.outputs <= 1 + _ROUNDING)).all())

    def counts(self) -> NDArray[np.int64]:
        """The confusion matrix of all of them, rows = true."""
        return confusion_matrix(self.labels, self.outputs.argmax(axis=1), len(self.names))


def pooled(experiment: ExperimentSnapshot) -> Pooled | None:
    """Ask the networks of all complete folds; None while answers are missing, of which a bar tells.

    Raises:
        DataError: the samples are not here any more.
    """
    spec = experiment.plan.base
    part = training_part(spec.data)
    folds = folds_of(spec.data, part)
    asked = [member for member in experiment.members if answerable(member)]
    pieces = [(member.place + 1, step) for member in asked for step in _steps(member, folds)]
    if not pieces:
        return None
    found = in_steps([step for _, step in pieces], "pooled")
    if len(found) < len(pieces):
        return None
    answered = np.isin(folds, [member.place + 1 for member in asked])
    outputs = np.empty((len(folds), found[0].shape[1]), np.float32)
    for member in asked:
        mine = [each for (fold, _), each in zip(pieces, found, strict=True) if fold == member.place + 1]
        outputs[folds == member.place + 1] = np.concatenate(mine)
    numbers = np.flatnonzero(answered)
    return Pooled(spec, part, numbers, outputs[numbers], folds[numbers])


def answerable(member: Member) -> bool:
    """Whether a fold's network was trained to its end and its weights are still kept."""
    return member.complete and bool(engine().epochs_kept(member.run_id))


def _steps(member: Member, folds: NDArray[np.intp]) -> list[Step]:
    """Questions about all samples of a fold."""
    run = member.run
    assert run is not None  # it is complete
    epoch, samples = engine().epochs_kept(run.id)[-1], int((folds == member.place + 1).sum())
    title = lessons.text("folds.asking", fold=member.place + 1)
    about, ask = f"held back {run.id} {run.version} {epoch}", engine().looks.held_back
    return [
        Step(title, f"{about} {span[0]}-{span[1]}", partial(ask, run.id, epoch, span))
        for span in spans(run.spec.model, samples)
    ]
