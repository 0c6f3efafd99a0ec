"""What an experiment says so far: curves, pairs, the words about them, and the guess beside what came."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import plotly.graph_objects as go
import streamlit as st

from lib.concepts.comparing import FEWEST_PAIRS, Comparison, compare
from lib.concepts.measures import MEASURES, Measure
from lib.engine.experiments.comparison import ComparisonPlan, Winner, compared
from lib.engine.experiments.plan import Plan
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentSnapshot, Member
from lib.figures.experiments.bands import describe_learning_bands, learning_bands
from lib.figures.experiments.pairs import describe_pairs, paired_dots
from lib.ui.experiments import verdict_words
from lib.ui.kit import lessons, words

_NAMES: dict[str, str] = {"a": "A is better", "b": "B is better", "neither": "neither, or hardly"}


def named(winner: str) -> str:
    """A guess or an outcome as people read it."""
    return _NAMES[winner]


def measure_of(plan: Plan) -> Measure:
    """What its runs are compared by."""
    return MEASURES[measure_name(plan)]


def measure_name(plan: Plan) -> str:
    """The measure's name: accuracy, or loss where a number is predicted."""
    return "loss" if plan.base.regression else "accuracy"


def values(experiment: ExperimentSnapshot) -> tuple[list[float], list[float]]:
    """A's and B's figures on the validation part after the last epoch, of the complete pairs."""
    share = measure_of(experiment.plan).share
    both = [(a.accuracy, b.accuracy) if share else (a.loss, b.loss) for a, b in experiment.pairs()]
    told = [(a, b) for a, b in both if a is not None and b is not None]
    return [a for a, _ in told], [b for _, b in told]


def comparison(a: Sequence[float], b: Sequence[float], measure: Measure) -> Comparison | None:
    """The pairs compared; None while there are too few."""
    return _compared(tuple(a), tuple(b), measure.higher_is_better) if len(a) >= FEWEST_PAIRS else None


@lru_cache(maxsize=256)
def _compared(a: tuple[float, ...], b: tuple[float, ...], higher_is_better: bool) -> Comparison:
    return compare(a, b, higher_is_better)


def winner(a: Sequence[float], b: Sequence[float], measure: Measure) -> Winner | None:
    """Which one came out better: neither where the interval holds 0. None where no pair is complete.

    With one or two pairs there is no interval: the mean alone decides.
    """
    if not a:
        return None
    found = comparison(a, b, measure)
    mean = sum(b) / len(b) - sum(a) / len(a) if found is None else found.mean
    if mean == 0 or (found is not None and found.holds_zero):
        return "neither"
    return "b" if (mean > 0) == measure.higher_is_better else "a"


def reached(member: Member) -> str:
    """A member's validation figure with a comma in front; "" before its end."""
    if member.accuracy is not None:
        return f", validation accuracy {words.percent(member.accuracy)}"
    return f", validation loss {member.loss:.4f}" if member.loss is not None else ""


def pictures(experiment: ExperimentSnapshot) -> None:
    """Draw the curves of all runs, and the complete pairs; nothing before the first epoch."""
    name = measure_name(experiment.plan)
    curves = [by_epoch(member, name) for member in experiment.members]
    if not any(curves):
        return
    a, b = values(experiment)
    seeds = [member.seed for member in experiment.members[::2]]
    left, right = st.columns(2)
    described = describe_learning_bands(curves[::2], curves[1::2], name)
    with left:
        st.plotly_chart(
            go.Figure(learning_bands(curves[::2], curves[1::2], seeds, name)), key="bands", alt=described,
            config={"displayModeBar": False},
        )  # fmt: skip
    if a:
        complete = [first.seed for first, _ in experiment.pairs()]
        found = comparison(a, b, measure_of(experiment.plan))
        with right:
            st.plotly_chart(
                go.Figure(paired_dots(a, b, complete, found, name)), key="pair_dots",
                alt=describe_pairs(a, b, found, name), config={"displayModeBar": False},
            )  # fmt: skip


def by_epoch(member: Member, name: str) -> list[float | None]:
    """A run's validation figure after each epoch, None where it is not kept."""
    points = member.run.epoch_points if member.run is not None else ()
    found = {point.epoch: point.val_loss if name == "loss" else point.val_accuracy for point in points}
    return [found.get(epoch) for epoch in range(1, max(found, default=0) + 1)]


def verdict(experiment: ExperimentSnapshot) -> None:
    """Say what the complete pairs carry and what they don't, and put the guess beside it."""
    name, over = measure_name(experiment.plan), experiment.status not in UNFINISHED
    lost_a, lost_b = (sum(map(_failed, experiment.members[place::2])) for place in (0, 1))
    with st.container(key="verdict"):
        if lost_a or lost_b:
            st.markdown(verdict_words.lost(lost_a, lost_b, name))
            return
        a, b = values(experiment)
        found = comparison(a, b, MEASURES[name])
        if over and a:
            _guess(compared(experiment.plan), a, b)
        st.markdown(verdict_words.too_few(len(a)) if found is None else verdict_words.verdict(found, name))


def _failed(member: Member) -> bool:
    return member.run is not None and member.run.status == "failed"


def _guess(plan: ComparisonPlan, a: Sequence[float], b: Sequence[float]) -> None:
    """Put the guess beside what came."""
    guess, measure = plan.guess, measure_of(plan)
    came = winner(a, b, measure)
    assert came is not None  # there is a complete pair
    by = ""
    if guess.winner != "neither":
        by = f", by {measure.differences([guess.by], signed=False)[0]}{measure.unit}"
    mean = measure.differences([sum(b) / len(b) - sum(a) / len(a)])[0]
    outcome = f"{named(came)} ({mean}{measure.unit} from A to B)"
    lessons.show("experiments.guessed", winner=named(guess.winner), by=by)
    lessons.show("experiments.guessed_right" if came == guess.winner else "experiments.guessed_wrong", outcome=outcome)
