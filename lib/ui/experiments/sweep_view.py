"""A sweep: what is varied, every run as a line and as dots, the best one, and a table to pick runs from."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from lib.concepts.measures import MEASURES
from lib.concepts.same_samples import margin
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentSnapshot, Member
from lib.engine.experiments.sweep import SweepPlan, swept
from lib.figures.experiments.by_setting import by_setting, describe_by_setting
from lib.figures.experiments.parallel import describe_parallel, parallel_lines
from lib.figures.experiments.swept import Axis, SweptRun
from lib.specs.recipes import matching
from lib.ui.experiments.closed_part import closed_part
from lib.ui.experiments.guessed import guess_in_words
from lib.ui.experiments.new_sweep import METHODS
from lib.ui.experiments.outcome import measure_name
from lib.ui.experiments.sweep_table import sweep_table
from lib.ui.experiments.swept_runs import axes_of, best_member, counts, swept_runs
from lib.ui.experiments.varied import label_of
from lib.ui.kit import lessons, words

_QUIET = {"displayModeBar": False}
_FEW_ANSWERS = 10
"""With fewer right or wrong answers than this an accuracy is not uncertain to both sides alike."""


def title(plan: SweepPlan) -> str:
    """What is varied, in a line."""
    return f"sweep over {', '.join(each.change for each in plan.varied)}"


def amount(plan: SweepPlan) -> str:
    """How much of it there is."""
    return f"{plan.asked} runs {METHODS[plan.method]}"


def above(experiment: ExperimentSnapshot) -> None:
    """Say what is varied, and what it may cost."""
    plan = swept(experiment.plan)
    recipe = matching(plan.base)
    pruning = lessons.text("sweep.pruned_on" if plan.prunes else "sweep.pruned_off")
    lessons.show(
        "sweep.above", network=words.escaped(recipe.title if recipe is not None else " - ".join(
            layer.kind for layer in plan.base.model.layers)),
        data=words.escaped(plan.base.dataset.title), settings=words.escaped("; ".join(map(_in_words, axes_of(plan)))),
        method=METHODS[plan.method].capitalize() if plan.method != "tpe" else METHODS[plan.method],
        runs=plan.members, minutes=plan.minutes, pruning=pruning,
    )  # fmt: skip


def _in_words(axis: Axis) -> str:
    """What a setting may be.

    >>> _in_words(Axis("learning_rate", 0.001, 0.1)), _in_words(Axis("optimizer", choices=("adam", "sgd")))
    ('learning_rate from 0.001 to 0.1', 'optimizer adam or sgd')
    """
    if axis.choices:
        return f"{axis.name} {' or '.join(axis.choices)}"
    return f"{axis.name} from {axis.low:g} to {axis.high:g}"


def progress(experiment: ExperimentSnapshot) -> None:
    """Draw all runs, and say which one is best and what that is worth."""
    plan = swept(experiment.plan)
    runs, name = swept_runs(experiment), measure_name(plan)
    st.markdown(lessons.text("sweep.counts", **counts(experiment)))
    _best(experiment, plan, name)
    axes = axes_of(plan)
    if any(run.figure is not None or run.stopped_at is not None for run in runs):
        lessons.show("sweep.parallel")
        st.plotly_chart(
            _parallel(axes, runs, name), key="parallel", alt=describe_parallel(axes, runs, name), config=_QUIET
        )
        lessons.show("sweep.by_setting")
        columns = st.columns(2) if len(axes) > 1 else [st.container()]
        for place in range(len(axes)):
            with columns[place % len(columns)]:
                st.plotly_chart(
                    _by_setting(axes, place, runs, name), key=f"by_setting_{place}",
                    alt=describe_by_setting(axes, place, runs, name), config=_QUIET,
                )  # fmt: skip
    sweep_table(experiment, plan)
    st.caption(lessons.text("sweep.how_it_was_made", seed=plan.base.training.seed))


@lru_cache(maxsize=32)
def _parallel(axes: tuple[Axis, ...], runs: tuple[SweptRun, ...], name: str) -> go.Figure:
    """Made once for all who look: plotly checks a figure for some milliseconds, and the page is drawn each second."""
    return go.Figure(parallel_lines(axes, runs, name))


@lru_cache(maxsize=128)
def _by_setting(axes: tuple[Axis, ...], place: int, runs: tuple[SweptRun, ...], name: str) -> go.Figure:
    return go.Figure(by_setting(axes, place, runs, name))


def _best(experiment: ExperimentSnapshot, plan: SweepPlan, name: str) -> None:
    """Name the best run, and say how much of it may be luck."""
    best, measure = best_member(experiment), MEASURES[name]
    with st.container(key="verdict"):
        if best is None:
            st.markdown(lessons.text("sweep.nothing_yet"))
            return
        figure = best.accuracy if measure.share else best.loss
        assert figure is not None
        passage = "sweep.best" if experiment.status in UNFINISHED else "sweep.best_done"
        lessons.show(passage, figure=f"validation {measure.title} {measure.value(figure)}",
                     label=words.escaped(best.label))  # fmt: skip
        if plan.guess and experiment.status not in UNFINISHED and best.run is not None:
            _beside_guess(plan, plan.guessed(best.run.spec))
        if experiment.ended > 1:
            st.markdown(_luck(experiment.ended, plan, figure))


def _beside_guess(plan: SweepPlan, came: str) -> None:
    """Put the guess beside what came."""
    passage = "sweep.guessed_right" if came == plan.guess else "sweep.guessed_wrong"
    lessons.show(
        passage,
        setting=words.escaped(label_of(plan.varied[0].change)),
        guess=words.escaped(guess_in_words(plan.guess)),
        came=words.escaped(guess_in_words(came)),
    )


def _luck(runs: int, plan: SweepPlan, figure: float) -> str:
    samples = plan.base.validation_samples()
    if not plan.share or min(figure, 1 - figure) * samples < _FEW_ANSWERS:
        return lessons.text("sweep.luck_extreme", runs=runs)
    points = f"{100 * margin(figure, samples):.1f}"
    return lessons.text("sweep.luck", runs=runs, samples=f"{samples:,}", points=points)


def below(experiment: ExperimentSnapshot) -> None:
    """Offer the test part of the best run."""
    best = best_member(experiment)
    if best is not None and best.run is not None and best.run.evaluation is not None:
        closed_part(experiment, lambda: _tested(experiment, best))


def _tested(experiment: ExperimentSnapshot, best: Member) -> None:
    """What the best run reached on the test part. Of the others nothing is shown: choosing by it would use it up."""
    measure = MEASURES[measure_name(experiment.plan)]
    assert best.run is not None
    assert best.run.evaluation is not None
    evaluation = best.run.evaluation
    figure = evaluation.loss if evaluation.accuracy is None else evaluation.accuracy
    validation: Any = best.accuracy if measure.share else best.loss
    lessons.show("sweep.test_of_best", measure=measure.title, figure=measure.value(figure),
                 validation=measure.value(validation))  # fmt: skip
    lessons.show("sweep.test_luck", runs=experiment.ended)
    if measure.share and min(figure, 1 - figure) * evaluation.samples >= _FEW_ANSWERS:
        points = f"{100 * margin(figure, evaluation.samples):.2f}"
        lessons.show("sweep.test_noise", samples=f"{evaluation.samples:,}", points=points)
