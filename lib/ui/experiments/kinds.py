"""The kinds of experiments as a person meets them: what each is called, its form, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lib.engine.experiments.comparison import ComparisonPlan
from lib.engine.experiments.folds import FoldsPlan
from lib.engine.experiments.snapshot import ExperimentSnapshot
from lib.engine.experiments.sweep import SweepPlan
from lib.ui.experiments import (
    comparison_view,
    folds_view,
    new_folds,
    new_sweep,
    pooled_view,
    sweep_table,
    sweep_view,
)
from lib.ui.experiments.new_comparison import new_comparison

Draw = Callable[[ExperimentSnapshot], None]


@dataclass(frozen=True)
class Kind:
    """A kind of experiment.

    Attributes:
        label: what it is called where one chooses it.
        form: draws the form of a new one.
        parameters: what the form writes into the address.
        title: what a plan is about, in a line.
        amount: how much a plan does, in two or three words.
        above: draws what an experiment is about; it stays while the experiment changes.
        progress: draws what its runs have reached; called each second while it changes.
        below: draws what concerns an experiment that is over.
        of_view: what the view of an experiment writes into the address.
    """

    label: str
    form: Callable[[], None]
    parameters: tuple[str, ...]
    title: Callable[[Any], str]
    amount: Callable[[Any], str]
    above: Draw
    progress: Draw
    below: Draw
    of_view: tuple[str, ...] = ()


KINDS = {
    ComparisonPlan.kind: Kind(
        "compare A with B",
        new_comparison,
        ("a", "b", "change", "value", "pairs", "first_seed", "guess", "by"),
        comparison_view.title,
        comparison_view.amount,
        comparison_view.above,
        comparison_view.progress,
        comparison_view.below,
    ),
    FoldsPlan.kind: Kind(
        "k-fold validation",
        new_folds.new_folds,
        new_folds.PARAMETERS,
        folds_view.title,
        folds_view.amount,
        folds_view.above,
        folds_view.progress,
        folds_view.below,
        pooled_view.OF_VIEW,
    ),
    SweepPlan.kind: Kind(
        "sweep over settings",
        new_sweep.new_sweep,
        new_sweep.PARAMETERS,
        sweep_view.title,
        sweep_view.amount,
        sweep_view.above,
        sweep_view.progress,
        sweep_view.below,
        sweep_table.PARAMETERS,
    ),
}
"""By the ids that plans have, and addresses."""
