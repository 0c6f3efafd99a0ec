"""K-fold validation: one run for each fold, which is validated on that fold and has learned from all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lib.data.training_part import fold_trouble
from lib.engine.experiments.plan import Plan, SoFar
from lib.errors import DataError
from lib.settings import Settings
from lib.specs.codec import from_dict, to_dict
from lib.specs.fields import Number
from lib.specs.run import RunSpec

FOLDS = Number(3, 10)
DEFAULT_FOLDS = 5
_GUESS = Number(0.0, 1_000_000.0, 0.0001)


@dataclass(frozen=True, slots=True)
class FoldsPlan:
    """A k-fold validation of one description of a run. All its runs have the same seed, and the same first weights.

    Attributes:
        run: what is trained; how much of its data it would hold back, and which fold of it, does not count.
        folds: how many, 3 to 10.
        guess: what a person expects as the mean of the validation figures: a share for accuracies, a loss where a
            number is predicted; None where they have not guessed.
    """

    kind: ClassVar[str] = "folds"

    run: RunSpec
    folds: int
    guess: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "folds", int(FOLDS.check("folds", self.folds)))
        object.__setattr__(self, "run", replace(self.run, data=self.run.data.without_folds))
        if self.guess is not None:
            object.__setattr__(self, "guess", float(_GUESS.check("the guessed mean", self.guess)))

    @property
    def members(self) -> int:
        """Runs in all."""
        return self.folds

    @property
    def base(self) -> RunSpec:
        """The run of the first fold."""
        return self._of_fold(1)

    def seed(self, place: int) -> int:
        """All have the same one."""
        return self.run.training.seed

    def label(self, place: int, spec: RunSpec | None = None) -> str:
        """Its fold."""
        return f"fold {place + 1} of {self.folds}"

    def spec(self, place: int, so_far: SoFar) -> RunSpec:
        """One fold after the other."""
        return self._of_fold(place + 1)

    def _of_fold(self, fold: int) -> RunSpec:
        return replace(self.run, data=replace(self.run.data, folds=self.folds, fold=fold))

    def problem(self, limits: Settings) -> str:
        """Why this cannot be done here, in one sentence that says what to do, or ""."""
        if self.run.start is not None:
            return (
                "This network begins with weights of another run, which may have learned from every fold: begin from a"
                " seed"
            )
        why = self.base.problem(limits)
        if why:
            return why
        try:
            return fold_trouble(self.base.data)
        except DataError as error:
            return str(error)

    def to_plain(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {"folds": self.folds, "guess": self.guess, "run": to_dict(self.run)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> FoldsPlan:
        """Read `to_plain` again."""
        return cls(from_dict(plain["run"]), plain["folds"], plain["guess"])


def folded(plan: Plan) -> FoldsPlan:
    """The plan of an experiment that is known to be a k-fold validation.

    Raises:
        TypeError: it is of another kind.
    """
    if not isinstance(plan, FoldsPlan):
        raise TypeError(f"an experiment of the kind {plan.kind} has no folds")
    return plan
