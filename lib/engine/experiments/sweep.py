"""A sweep: one network with other values of some settings, each combination trained once, from the same seed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import Any, ClassVar, Literal, get_args

from lib.engine.experiments import pruning
from lib.engine.experiments.plan import Enough, Plan, SoFar
from lib.engine.runs.reached import reached
from lib.engine.runs.snapshot import RunSnapshot
from lib.settings import Settings
from lib.specs import combining, sweeping
from lib.specs.codec import from_dict, to_dict
from lib.specs.combining import Combinations
from lib.specs.fields import Number, SpecError
from lib.specs.run import RunSpec
from lib.specs.sweeping import Range, Varied, rule_of
from lib.worker import tasks

Method = Literal["grid", "random", "tpe"]
HALVES = ("lower", "upper")
METHODS: tuple[Method, ...] = get_args(Method)
FEWEST_RUNS, MOST_RUNS = 2, 60
DEFAULT_RUNS = 12
MINUTES = Number(1, 600)
DEFAULT_MINUTES = 30
AT_RANDOM = 10
"""Runs before Optuna's sampler proposes anything, its own default: it learns from those."""
PROPOSALS = 20
"""Asked for at once; the first one that can be trained and was not trained yet is taken."""
_MOST_CORNERS = 256
_MOST_GUESSED = 60


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """Runs with other values of up to four settings.

    Attributes:
        base: what they are other values of. All runs have its seed, and so its validation part and order of batches.
        varied: what is varied.
        method: every combination of a grid, combinations at random, or what Optuna's TPE proposes after each run.
        runs: at most so many; a grid has as many as it has combinations.
        minutes: of training, after which no further run begins.
        prunes: whether runs are stopped early by the median rule, see `pruning`.
        draw_seed: of the draws.
        guess: which value of the first setting a person expects the best run to have: one of `guesses`, or "".
    """

    kind: ClassVar[str] = "sweep"

    base: RunSpec
    varied: tuple[Varied, ...]
    method: Method = "grid"
    runs: int = DEFAULT_RUNS
    minutes: int = DEFAULT_MINUTES
    prunes: bool = True
    draw_seed: int = 1
    guess: str = ""

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SpecError(f"a sweep's method is one of {', '.join(METHODS)}, not {self.method!r:.60}")
        if not isinstance(self.prunes, bool):
            raise SpecError(f"prunes must be true or false, not {self.prunes!r:.60}")
        if not isinstance(self.guess, str) or len(self.guess) > _MOST_GUESSED:
            raise SpecError(f"a guess about a sweep is a short text, not {self.guess!r:.60}")
        object.__setattr__(self, "runs", Number(1, 1_000_000_000).check("runs", self.runs))
        object.__setattr__(self, "minutes", MINUTES.check("minutes", self.minutes))

    # What the runner asks.

    @property
    def members(self) -> int:
        """Runs at most: there may not be so many different combinations, or the minutes are over before."""
        if self.method != "tpe":
            return len(self.combinations.specs)
        most = combining.most_different(self.base, self.varied)
        return self.runs if most is None else min(self.runs, most)

    @property
    def asked(self) -> int:
        """Runs that were asked for, whether or not there are so many different combinations. It costs no time."""
        return combining.grid_size(self.base, self.varied) if self.method == "grid" else self.runs

    @property
    def combinations(self) -> Combinations:
        """All runs of a grid or at random. Of a sweep by TPE those that are drawn at random before the first proposal.

        Only for a sweep without a problem.
        """
        if self.method == "grid":
            return combining.grid(self.base, self.varied)
        count = self.runs if self.method == "random" else min(self.runs, AT_RANDOM)
        return combining.drawn(self.base, self.varied, count, self.draw_seed)

    def seed(self, place: int) -> int:
        """All runs have the same."""
        return self.base.training.seed

    def label(self, place: int, spec: RunSpec | None = None) -> str:
        """The values that it has of what is varied."""
        if spec is None:
            return f"run {place + 1}"
        return ", ".join(f"{name} {value}" for name, value in self.values(spec).items())

    def values(self, spec: RunSpec) -> dict[str, Any]:
        """What a run of this sweep has of each setting that is varied."""
        return combining.taken(self.base, spec, self.varied)

    def spec(self, place: int, so_far: SoFar) -> RunSpec | None:
        """The combination at a place; one that TPE proposes depends on what has ended before."""
        self._spend(so_far.runs)
        known = self.combinations.specs
        if place < len(known):
            return known[place]
        if self.method != "tpe":
            raise Enough("")
        answer = so_far.ask(tasks.propose, *self.question(place, so_far.runs))
        return None if answer is None else self._first_new(answer, so_far.runs)

    def _spend(self, runs: Mapping[int, RunSnapshot]) -> None:
        seconds = sum(reached(run.epoch_points).train_seconds or 0.0 for run in runs.values())
        if seconds >= 60 * self.minutes:
            spent = "1 minute" if self.minutes == 1 else f"{self.minutes} minutes"
            raise Enough(f"The sweep used up its {spent} of training after {len(runs)} of {self.members} runs")

    def hopeless(self, place: int, so_far: SoFar) -> bool:
        """Whether the median rule stops the run at a place."""
        if not self.prunes or place not in so_far.runs:
            return False
        others = [pruning.curve(run, self.share) for run in so_far.runs.values() if run.status == "done"]
        return pruning.worse_than_median(pruning.curve(so_far.runs[place], self.share), others, self.share)

    @property
    def guesses(self) -> tuple[str, ...]:
        """What may be guessed: a value of the first setting; of a range that is drawn from, its lower or upper half."""
        first = self.varied[0]
        if isinstance(first, Range) and self.method != "grid":
            return HALVES
        return tuple(map(sweeping.as_text, sweeping.values_of(self.base, first)))

    def guessed(self, spec: RunSpec) -> str:
        """Which one of `guesses` a run is."""
        first = self.varied[0]
        value = self.values(spec)[first.change]
        if isinstance(first, Range) and self.method != "grid":
            return HALVES[sweeping.place_of(self.base, first, value) >= 0.5]
        return sweeping.as_text(value)

    @property
    def share(self) -> bool:
        """Whether runs are compared by accuracy, of which more is better; else by the loss."""
        return not self.base.regression

    # What is asked of Optuna.

    def question(self, place: int, runs: Mapping[int, RunSnapshot]) -> tuple[Any, ...]:
        """What `lib.worker.proposing.proposed` is asked for a place: all that has ended, in the order of places."""
        told = [self._told(runs[number]) for number in sorted(runs) if not runs[number].changing]
        space = [self._plain(each) for each in self.varied]
        return space, told, self.share, self.draw_seed + place, PROPOSALS

    def _told(self, run: RunSnapshot) -> dict[str, Any]:
        points = {epoch: value for epoch, value in pruning.curve(run, self.share).items() if math.isfinite(value)}
        last = run.epoch_points[-1].epoch if run.epoch_points else 0
        figure = points.get(last) if run.status == "done" else None
        return {"values": self.values(run.spec), "curve": list(points.items()), "figure": figure}

    def _plain(self, varied: Varied) -> dict[str, Any]:
        if not isinstance(varied, Range):
            return {"name": varied.change, "values": list(varied.values)}
        rule = rule_of(self.base, varied.change)
        assert isinstance(rule, Number)  # `problem` has seen to it
        told = {"name": varied.change, "low": varied.low, "high": varied.high}
        return {**told, "whole": isinstance(rule.step, int), "log": sweeping.by_factors(rule, varied.low)}

    def _first_new(self, proposals: list[dict[str, Any]], runs: Mapping[int, RunSnapshot]) -> RunSpec:
        """The first proposal that can be trained and would repeat no run; else a draw at random of which that is true.

        Raises:
            Enough: there is none.
        """
        trained = {combining.what_is_trained(run.spec) for run in runs.values()}
        for spec in chain(self._tried(proposals), self._at_random()):
            if not spec.mismatch and combining.what_is_trained(spec) not in trained:
                return spec
        raise Enough(f"After {len(runs)} runs the sweep had trained every combination")

    def _tried(self, proposals: list[dict[str, Any]]) -> Iterator[RunSpec]:
        for values in proposals:
            try:
                yield combining.combined(self.base, self._rounded(values))
            except SpecError:
                continue

    def _rounded(self, values: Mapping[str, Any]) -> dict[str, Any]:
        rules = {each.change: (rule_of(self.base, each.change), each) for each in self.varied}
        return {
            name: sweeping.rounded(rules[name][0], rules[name][1], value)  # type: ignore[arg-type]
            if isinstance(rules[name][1], Range)
            else value
            for name, value in values.items()
        }

    def _at_random(self) -> Iterator[RunSpec]:
        yield from combining.drawn(self.base, self.varied, self.runs + PROPOSALS, self.draw_seed).specs

    # Whether it can be done.

    def problem(self, limits: Settings) -> str:
        """Why this sweep cannot be done here, in one sentence that says what to do, or ""."""
        why = self.base.problem(limits)
        if why:
            return f"The network cannot be trained: {why}"
        if not self.base.validation_samples():
            return (
                "There is no validation part, and a sweep chooses by it: give validation_split a share above 0 on the"
                " page Build"
            )
        if self.base.start is not None:
            return "The network begins with weights of another run: take one that begins from a seed"
        return sweeping.problem(self.base, self.varied) or self._too_many() or self._unusable(limits)

    def _too_many(self) -> str:
        grid, runs = self.method == "grid", self.asked
        if runs <= MOST_RUNS and (grid or runs >= FEWEST_RUNS):
            return ""
        many = f"This grid has {runs:,} combinations" if grid else f"This sweep has {runs:,} runs"
        cure = "take fewer values or settings, or draw at random" if grid else f"take {FEWEST_RUNS} to {MOST_RUNS}"
        return (
            f"{many}, and a sweep may have {MOST_RUNS} at most. All people share one line, LayerLab keeps the"
            f" weights of each run, and the best of more runs is more luck: {cure}"
        )

    def _unusable(self, limits: Settings) -> str:
        found = self.combinations
        if len(found.specs) < FEWEST_RUNS:
            why = found.why or "these settings change nothing in this training. Vary another one, too"
            return f"Fewer than {FEWEST_RUNS} different combinations can be trained: {why}"
        for spec in [*found.specs, *self._corners()]:
            why = "" if spec.mismatch else spec.problem(limits)
            if why:
                return f"With {self.label(0, spec)} it cannot be trained here: {why}"
        return ""

    def _corners(self) -> Iterator[RunSpec]:
        """Combinations of the highest numbers with each choice: nothing that is drawn can be larger."""
        ends = [(each.high,) if isinstance(each, Range) else each.values for each in self.varied]
        if self.method == "grid" or math.prod(map(len, ends)) > _MOST_CORNERS:
            return
        names = [each.change for each in self.varied]
        for row in product(*ends):
            try:
                yield combining.combined(self.base, dict(zip(names, row, strict=True)))
            except SpecError:
                continue

    def to_plain(self) -> dict[str, Any]:
        """All of it as plain data."""
        budget = {"runs": self.runs, "minutes": self.minutes, "prunes": self.prunes, "draw_seed": self.draw_seed,
                  "guess": self.guess}  # fmt: skip
        plain = {"base": to_dict(self.base), "varied": sweeping.to_plain(self.varied), "method": self.method}
        return {**plain, **budget}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> SweepPlan:
        """Read `to_plain` again."""
        base, varied = from_dict(plain["base"]), sweeping.from_plain(plain["varied"])
        budget = (plain["runs"], plain["minutes"], plain["prunes"], int(plain["draw_seed"]), plain["guess"])
        plan = cls(base, varied, plain["method"], *budget)
        why = sweeping.problem(base, varied) or plan._too_many()
        if why:
            raise SpecError(why)
        return plan


def swept(plan: Plan) -> SweepPlan:
    """The plan of an experiment that is known to be a sweep.

    Raises:
        TypeError: it is of another kind.
    """
    if not isinstance(plan, SweepPlan):
        raise TypeError(f"an experiment of the kind {plan.kind} varies nothing")
    return plan
