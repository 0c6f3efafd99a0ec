"""A against B: two descriptions of a run, how often each is trained, and what a person expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Literal, get_args

from lib.engine.experiments.plan import Plan, SoFar
from lib.settings import Settings
from lib.specs.codec import from_dict, to_dict
from lib.specs.fields import Number, SpecError
from lib.specs.run import RunSpec

Arm = Literal["a", "b"]
Winner = Literal["a", "b", "neither"]
ARMS: tuple[Arm, ...] = get_args(Arm)
PAIRS = Number(1, 20)
DEFAULT_PAIRS = 5
MOST_SEED = 1_000_000
"""Of the first pair; the others follow it."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a person expects before the runs begin.

    Attributes:
        winner: which of the two will be better on average, or neither.
        by: how much better; as a share for accuracies (0.01 is one point), in the loss's own unit where a number is
            predicted.
    """

    winner: Winner
    by: float = 0.0

    def __post_init__(self) -> None:
        if self.winner not in get_args(Winner):
            raise SpecError(f"a guess names a, b or neither, not {self.winner!r:.60}")
        object.__setattr__(self, "by", float(Number(0.0, 1_000_000.0, 0.0001).check("the guessed difference", self.by)))


@dataclass(frozen=True, slots=True)
class ComparisonPlan:
    """An A/B comparison: pairs of runs that share a seed, and so the split, the order of the batches and the luck.

    Attributes:
        a: what B is compared with. Its seed and that of `b` do not count: each pair has its own.
        b: the same with a change.
        pairs: how often each is trained, 1 to 20.
        first_seed: of the first pair; the next ones follow.
        guess: made before the first run.
    """

    kind: ClassVar[str] = "ab"

    a: RunSpec
    b: RunSpec
    pairs: int
    guess: Guess
    first_seed: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", PAIRS.check("pairs", self.pairs))

    @property
    def members(self) -> int:
        """Runs in all."""
        return self.pairs * len(ARMS)

    @property
    def base(self) -> RunSpec:
        """What B is compared with."""
        return self.a

    def seed(self, place: int) -> int:
        """Both of a pair have the same one."""
        return self.first_seed + place // len(ARMS)

    def label(self, place: int, spec: RunSpec | None = None) -> str:
        """Its side, and its seed."""
        return f"{ARMS[place % len(ARMS)].upper()}, seed {self.seed(place)}"

    def spec(self, place: int, so_far: SoFar) -> RunSpec:
        """Both runs of a pair follow each other: A of the first, B of the first, A of the second."""
        spec = (self.a, self.b)[place % len(ARMS)]
        return replace(spec, training=replace(spec.training, seed=self.seed(place)))

    def problem(self, limits: Settings) -> str:
        """Why these two cannot be compared here, in one sentence that says what to do, or ""."""
        for name, spec in zip("AB", (self.a, self.b), strict=True):
            why = spec.problem(limits)
            if why:
                return f"{name} cannot be trained: {why}"
            if not spec.validation_samples():
                return (
                    f"{name} has no validation part, and an experiment compares on it: give validation_split a share"
                    " above 0"
                )
            if spec.start is not None:
                return f"{name} begins with weights of another run, so its seeds would change little: begin from a seed"
        if self.a.data.dataset != self.b.data.dataset:
            return (
                f"A learns from {self.a.dataset.title} and B from {self.b.dataset.title}: what they reach can't be"
                " compared. Choose the same data for both"
            )
        return ""

    def to_plain(self) -> dict[str, Any]:
        """All of it as plain data."""
        plain = {"pairs": self.pairs, "first_seed": self.first_seed, "guess": asdict(self.guess)}
        return {**plain, "a": to_dict(self.a), "b": to_dict(self.b)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ComparisonPlan:
        """Read `to_plain` again."""
        guess = Guess(plain["guess"]["winner"], plain["guess"]["by"])
        return cls(from_dict(plain["a"]), from_dict(plain["b"]), plain["pairs"], guess, int(plain["first_seed"]))


def compared(plan: Plan) -> ComparisonPlan:
    """The plan of an experiment that is known to compare A and B.

    Raises:
        TypeError: it is of another kind.
    """
    if not isinstance(plan, ComparisonPlan):
        raise TypeError(f"an experiment of the kind {plan.kind} has no A and no B")
    return plan
