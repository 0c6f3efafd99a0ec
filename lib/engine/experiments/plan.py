"""What an experiment is: two descriptions of a run, how often each is trained, and what a person expects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from lib.settings import Settings
from lib.specs.codec import from_dict, to_dict
from lib.specs.fields import Number, SpecError
from lib.specs.run import RunSpec

Arm = Literal["a", "b"]
Winner = Literal["a", "b", "neither"]
ARMS: tuple[Arm, ...] = get_args(Arm)
PAIRS = Number(1, 20)
DEFAULT_PAIRS = 5
MOST_LETTERS = 20_000


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
class Plan:
    """An A/B comparison: pairs of runs that share a seed, and so the split, the order of the batches and the luck.

    Attributes:
        a: what B is compared with. Its seed and that of `b` do not count: each pair has its own.
        b: the same with a change.
        pairs: how often each is trained, 1 to 20.
        first_seed: of the first pair; the next ones follow.
        guess: made before the first run.
    """

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

    def member(self, place: int) -> tuple[Arm, int, RunSpec]:
        """The run at a place: its arm, its pair from 0, and what is trained. Both of a pair follow each other."""
        pair, which = divmod(place, len(ARMS))
        spec = (self.a, self.b)[which]
        return ARMS[which], pair, replace(spec, training=replace(spec.training, seed=self.first_seed + pair))

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


def to_json(plan: Plan) -> str:
    """The plan as one line of JSON."""
    plain = {"kind": "ab", "pairs": plan.pairs, "first_seed": plan.first_seed, "guess": asdict(plan.guess)}
    return json.dumps({**plain, "a": to_dict(plan.a), "b": to_dict(plan.b)})


def from_json(text: str) -> Plan:
    """Read `to_json` again.

    Raises:
        SpecError: no valid plan.
    """
    if len(text) > MOST_LETTERS:
        raise SpecError(f"the plan of an experiment must be at most {MOST_LETTERS} letters, not {len(text)}")
    try:
        plain = json.loads(text)
        guess: Mapping[str, Any] = plain["guess"]
        return Plan(
            from_dict(plain["a"]), from_dict(plain["b"]), plain["pairs"], Guess(guess["winner"], guess["by"]),
            int(plain["first_seed"]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SpecError(f"the plan of an experiment is damaged: {error}") from None
