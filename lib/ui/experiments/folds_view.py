"""A k-fold validation: the curves of its folds, their mean and spread, and what all networks together say."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from lib.concepts.measures import MEASURES
from lib.concepts.spread import Spread, spread
from lib.engine.experiments.folds import FoldsPlan, folded
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentSnapshot, Member
from lib.engine.runs.book import title_of
from lib.figures.experiments.bands import describe_fold_bands, fold_bands
from lib.ui.experiments.closed_part import closed_part
from lib.ui.experiments.outcome import by_epoch, measure_name
from lib.ui.experiments.pooled_view import pooled_view
from lib.ui.experiments.tested_folds import tested_folds
from lib.ui.kit import lessons, words


def title(plan: FoldsPlan) -> str:
    """What is validated, in a line."""
    return f"k-fold: {title_of(plan.run).rpartition(' on ')[0]}"


def amount(plan: FoldsPlan) -> str:
    """How much of it there is."""
    return f"{plan.folds} folds"


def above(experiment: ExperimentSnapshot) -> None:
    """Say what is validated on what."""
    plan = folded(experiment.plan)
    base, kind = plan.base, words.samples(plan.base.data.kind)
    in_share = "" if base.regression else lessons.text("folds.in_share")
    lessons.show(
        "folds.what", title=words.escaped(title_of(plan.run)), folds=plan.folds, others=plan.folds - 1, kind=kind,
        samples=f"{base.samples():,}", held=f"{base.validation_samples():,}", seed=base.training.seed,
        in_share=in_share,
    )  # fmt: skip


def progress(experiment: ExperimentSnapshot) -> None:
    """Draw what the folds have reached so far, and say what their mean and their spread carry."""
    name = measure_name(experiment.plan)
    curves = [by_epoch(member, name) for member in experiment.members]
    left, right = st.columns([3, 2], gap="large")
    if any(curves):
        with left:
            st.plotly_chart(
                go.Figure(fold_bands(curves, name)), key="fold_bands", alt=describe_fold_bands(curves, name),
                config={"displayModeBar": False},
            )  # fmt: skip
    with right, st.container(key="verdict"):
        _verdict(experiment, name)


def _verdict(experiment: ExperimentSnapshot, name: str) -> None:
    plan, measure = folded(experiment.plan), MEASURES[name]
    lost = sum(member.run is not None and member.run.status == "failed" for member in experiment.members)
    if lost:
        lessons.show("folds.lost", lost=lost)
    told = [value for value in (_figure(member, name) for member in experiment.members) if value is not None]
    if len(told) < 2:
        st.caption(lessons.text("folds.too_few", folds=plan.folds))
        return
    found = spread(told)
    deviation = measure.differences([found.deviation or 0.0], signed=False)[0] + measure.unit
    ends = {"lowest": measure.value(found.lowest), "highest": measure.value(found.highest)}
    lessons.show(
        "folds.mean", count=found.count, measure=measure.title, mean=measure.value(found.mean), deviation=deviation,
        **ends,
    )  # fmt: skip
    if plan.guess is not None and experiment.status not in UNFINISHED:
        _guess(plan.guess, found, name)
    lessons.show("folds.limits", folds=plan.folds, shared=f"{(plan.folds - 2) / (plan.folds - 1):.0%}")


def _guess(guess: float, found: Spread, name: str) -> None:
    """Put the guess beside what came."""
    measure = MEASURES[name]
    off = measure.differences([abs(guess - found.mean)], signed=False)[0] + measure.unit
    passage = "guess_within" if found.lowest <= guess <= found.highest else "guess_beyond"
    lessons.show(f"folds.{passage}", guess=measure.value(guess), off=off)


def _figure(member: Member, name: str) -> float | None:
    """A fold's figure on its own samples after the last epoch; None before its end."""
    return member.loss if name == "loss" else member.accuracy


def below(experiment: ExperimentSnapshot) -> None:
    """Show what concerns an experiment that is over."""
    if experiment.status in UNFINISHED or experiment.changing or not experiment.ended:
        return
    pooled_view(experiment)
    closed_part(experiment, lambda: tested_folds(experiment))
