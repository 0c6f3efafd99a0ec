"""Experiments: two networks compared fairly, with a guess before; and sweeps over many settings."""

import itertools

from lib.engine.experiments.comparison import ComparisonPlan
from lib.ui.app import frame
from lib.ui.experiments.break_it import break_it
from lib.ui.experiments.choice import chosen_experiment
from lib.ui.experiments.deleting import deleted
from lib.ui.experiments.guesses import guesses
from lib.ui.experiments.kinds import KINDS
from lib.ui.experiments.new import new_experiment
from lib.ui.experiments.score_table import score_table
from lib.ui.experiments.view import experiment_view
from lib.ui.kit import lessons, not_used
from lib.ui.kit.question_note import ask

# What the address may say: an experiment and how it is looked at, or the form of a new one; and the table of all runs.
KNOWN = frozenset(
    (
        "experiment", "experiment_kind", "break_it", "listed", "notebook", "sort", "compare",
        *itertools.chain.from_iterable((*kind.parameters, *kind.of_view) for kind in KINDS.values()),
    )
)  # fmt: skip

frame.begin("Experiments", needs_store=True)
lessons.show("experiments.title")
ask("two_runs")
deleted()
chosen = chosen_experiment()
with not_used.told("experiments", KNOWN, chosen.id if chosen is not None else ""):
    if chosen is None:
        if new_experiment() == ComparisonPlan.kind:
            break_it()
    else:
        experiment_view(chosen)
    guesses()
    score_table()
