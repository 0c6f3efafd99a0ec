"""The ways to the page of experiments from elsewhere: two runs to compare, or one experiment to look at."""

from __future__ import annotations

from lib.specs.run import RunSpec
from lib.ui.kit import links
from lib.ui.session.state import CHOSEN_EXPERIMENT, EXPERIMENT_A, EXPERIMENT_B


def compare(a: RunSpec, b: RunSpec) -> None:
    """Open the form of a new experiment with these two. A spec's start is left out: each pair begins from its seed."""
    CHOSEN_EXPERIMENT.drop()
    EXPERIMENT_A.set(a.from_seed)
    EXPERIMENT_B.set(b.from_seed)
    links.go("experiments")
