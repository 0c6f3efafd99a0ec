"""Guesses beside what came of them, for experiments of every kind: read from the table of runs, not from the runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.concepts.measures import MEASURES
from lib.engine.experiments.comparison import ComparisonPlan
from lib.engine.experiments.folds import FoldsPlan
from lib.engine.experiments.snapshot import ExperimentRow
from lib.engine.experiments.sweep import HALVES, SweepPlan
from lib.engine.runs.scores import Score
from lib.specs.differences import difference, in_words
from lib.ui.experiments import outcome
from lib.ui.experiments.varied import label_of

Figures = Mapping[int, tuple[Score, float]]
"""Runs that were trained to their end, by place, each with what it reached on the validation part at its end."""
_FEWEST_FOLDS = 2


@dataclass(frozen=True, slots=True)
class Guessed:
    """One line of the notebook.

    Attributes:
        about: what the guess is about.
        expected, came: the guess and what came, in the same words.
        right: whether it came as expected.
        amount: what that is judged by, as "3 pairs".
    """

    about: str
    expected: str
    came: str
    right: bool
    amount: str


def guessed(experiment: ExperimentRow, scores: Mapping[str, Score]) -> Guessed | None:
    """What a person expected of an experiment that is over, and what came.

    Args:
        experiment: of any kind.
        scores: the person's runs by id.

    Returns:
        None where nobody guessed, or too few of its runs were trained to their end.
    """
    plan, measure = experiment.plan, outcome.measure_of(experiment.plan)
    reached = {}
    for place, run_id in experiment.run_ids.items():
        score = scores.get(run_id)
        figure = None if score is None or score.status != "done" else _figure(score, measure.share)
        if score is not None and figure is not None:
            reached[place] = (score, figure)
    return _KINDS[plan.kind](plan, reached)


def _figure(score: Score, share: bool) -> float | None:
    figure = score.val_accuracy if share else score.val_loss
    return figure if figure is not None and math.isfinite(figure) else None


def _of_comparison(plan: ComparisonPlan, reached: Figures) -> Guessed | None:
    pairs = [(place, place + 1) for place in range(0, plan.members, 2) if {place, place + 1} <= {*reached}]
    a, b = ([reached[pair[side]][1] for pair in pairs] for side in (0, 1))
    came = outcome.winner(a, b, outcome.measure_of(plan))
    if came is None:
        return None
    about = ", ".join(in_words(difference(plan.a, plan.b))) or "nothing"
    words = outcome.named(plan.guess.winner), outcome.named(came)
    amount = "1 pair" if len(pairs) == 1 else f"{len(pairs)} pairs"
    return Guessed(f"B differs in: {about}", *words, came == plan.guess.winner, amount)


def _of_sweep(plan: SweepPlan, reached: Figures) -> Guessed | None:
    if not plan.guess or not reached:
        return None
    best = (max if plan.share else min)(reached[place][1] for place in sorted(reached))
    score = next(reached[place][0] for place in sorted(reached) if reached[place][1] == best)
    came = plan.guessed(score.spec)
    about = f"{label_of(plan.varied[0].change)} of the best run of a sweep"
    amount = "1 run" if len(reached) == 1 else f"{len(reached)} runs"
    return Guessed(about, guess_in_words(plan.guess), guess_in_words(came), came == plan.guess, amount)


def _of_folds(plan: FoldsPlan, reached: Figures) -> Guessed | None:
    if plan.guess is None or len(reached) < _FEWEST_FOLDS:
        return None
    measure, figures = MEASURES[outcome.measure_name(plan)], [figure for _, figure in reached.values()]
    mean, right = sum(figures) / len(figures), min(figures) <= plan.guess <= max(figures)
    shown = measure.value(plan.guess), measure.value(mean)
    return Guessed(f"mean {measure.title} of a k-fold validation", *shown, right, f"{len(figures)} folds")


def guess_in_words(guess: str) -> str:
    """A guess about a sweep as people read it.

    >>> guess_in_words("lower"), guess_in_words("adam")
    ('the lower half', 'adam')
    """
    return f"the {guess} half" if guess in HALVES else guess


_KINDS: dict[str, Callable[[Any, Figures], Guessed | None]] = {
    ComparisonPlan.kind: _of_comparison,
    SweepPlan.kind: _of_sweep,
    FoldsPlan.kind: _of_folds,
}
