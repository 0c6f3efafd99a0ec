"""The ways to the page of experiments from elsewhere: two runs to compare, or one experiment to look at."""

from __future__ import annotations

from lib.engine.experiments.comparison import ComparisonPlan
from lib.specs.run import RunSpec
from lib.ui.kit import links
from lib.ui.session.state import ASKED_KIND, CHOSEN_EXPERIMENT, EXPERIMENT_A, EXPERIMENT_B, FIRST_SEED


def compare(a: RunSpec, b: RunSpec, first_seed: int = 1) -> None:
    """Open the form of a new experiment with these two. A spec's start is left out: each pair begins from its seed.

    Args:
        a, b: what is compared.
        first_seed: of the first pair: another one where both were chosen by what they reached with that seed.
    """
    CHOSEN_EXPERIMENT.drop()
    ASKED_KIND.set(ComparisonPlan.kind)
    FIRST_SEED.set(first_seed)
    EXPERIMENT_A.set(a.from_seed)
    EXPERIMENT_B.set(b.from_seed)
    links.go("experiments")
