"""Experiments: two networks compared fairly, with a guess before."""

from lib.ui.app import frame
from lib.ui.experiments.break_it import break_it
from lib.ui.experiments.choice import chosen_experiment
from lib.ui.experiments.guesses import guesses
from lib.ui.experiments.new import new_experiment
from lib.ui.experiments.score_table import score_table
from lib.ui.experiments.view import experiment_view
from lib.ui.kit import lessons

frame.begin("Experiments", needs_store=True)
lessons.show("experiments.title")
chosen = chosen_experiment()
if chosen is None:
    new_experiment()
    break_it()
else:
    experiment_view(chosen)
guesses()
score_table()
