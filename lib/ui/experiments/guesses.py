"""The notebook of guesses: what a person expected of each experiment, what came, and how often they were right."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.engine.experiments.plan import Winner
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentRow
from lib.engine.runs.scores import Score
from lib.specs.differences import difference, in_words
from lib.ui.experiments import outcome
from lib.ui.kit import lessons, words
from lib.ui.session import visitor
from lib.ui.session.engine import engine


def guesses() -> None:
    """Show the notebook; nothing before the first experiment is over."""
    over = [each for each in engine().experiments.of(visitor.owner()) if each.status not in UNFINISHED]
    if not over:
        return
    scores = {score.id: score for score in engine().scores(visitor.owner())}
    told = [(each, *_came(each, scores)) for each in over]
    told = [(each, came, pairs) for each, came, pairs in told if came is not None]
    if not told:
        return
    right = sum(came == each.plan.guess.winner for each, came, _ in told)
    with st.container(key="guesses"):
        lessons.show("experiments.guesses", right=right, all=len(told))
        with st.expander("The notebook", icon=":material/edit_note:"):
            rows = [_row(*each) for each in told]
            st.markdown(words.table(["B differs in", "you expected", "it came", "pairs"], rows))


def _came(experiment: ExperimentRow, scores: Mapping[str, Score]) -> tuple[Winner | None, int]:
    """What came of an experiment, and how many of its pairs are complete. Its runs are not read for it."""
    plan = experiment.plan
    measure = outcome.measure_of(plan)
    figures = [_figure(scores.get(experiment.run_ids.get(place, "")), measure.share) for place in range(plan.members)]
    both = [(a, b) for a, b in zip(figures[::2], figures[1::2], strict=True) if a is not None and b is not None]
    return outcome.winner([a for a, _ in both], [b for _, b in both], measure), len(both)


def _figure(score: Score | None, share: bool) -> float | None:
    """What a run reached on the validation part after its last epoch; None where it was not trained to its end."""
    if score is None or score.status != "done":
        return None
    return score.val_accuracy if share else score.val_loss


def _row(experiment: ExperimentRow, came: Winner | None, pairs: int) -> list[str]:
    plan = experiment.plan
    what = ", ".join(in_words(difference(plan.a, plan.b))) or "nothing"
    return [what, outcome.named(plan.guess.winner), outcome.named(came or "neither"), f"{pairs}"]
