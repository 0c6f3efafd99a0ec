"""A run in words: its state and epoch, its place in line, its speed, and how long it will still take."""

from __future__ import annotations

import streamlit as st

from lib.engine.runs.snapshot import Evaluation, RunSnapshot
from lib.specs.schedules import factor
from lib.ui.kit import lessons, words

COLOURS = {
    "queued": "gray",
    "running": "blue",
    "paused": "orange",
    "done": "green",
    "stopped": "violet",
    "failed": "red",
}

_ACTIVITIES = {"building": "building the model", "validating": "validating", "stopping": "stopping"}
"""What is said beside "running". That it trains, the epoch says; what it tests on depends on the data."""


def run_status(run: RunSnapshot | None) -> None:
    """Show the state of a run, or what to do when there is none.

    Tests and benchmarks read the container's text: one of the six words, and the epoch as "epoch 3/10".
    """
    with st.container(key="run_status", gap="xsmall"):
        if run is None:
            st.caption(lessons.text("build.no_run"))
            return
        st.markdown(headline(run))
        if run.status != "queued":
            st.progress(run.progress)
        if run.active and run.status != "queued":
            st.caption(_figures(run))
        if run.message:
            tell = st.info if run.status == "done" else st.warning
            tell(words.escaped(run.message), icon=":material/info:")


def headline(run: RunSnapshot) -> str:
    """A run's state, epoch and place in line, as one line of Markdown."""
    parts = [f":{COLOURS[run.status]}-badge[{run.status}]"]
    if run.status == "queued":
        parts.append(_place(run))
    if run.epoch:
        parts.append(f"epoch {run.epoch}/{run.epochs}")
    if run.evaluating:
        parts.append(f"seeing the test {words.samples(run.spec.data.kind)}")
    elif run.status == "running" and run.activity in _ACTIVITIES:
        parts.append(_ACTIVITIES[run.activity])
    if run.evaluation is not None and not run.active:
        parts.append(_reached(run.evaluation))
    return " &nbsp;·&nbsp; ".join(parts)


def _reached(evaluation: Evaluation) -> str:
    if evaluation.accuracy is None:
        return f"test loss **{evaluation.loss:.4f}**"
    return f"test accuracy **{words.percent(evaluation.accuracy)}**"


def _place(run: RunSnapshot) -> str:
    place = f"{words.ordinal(run.place)} in line" if run.place else "next"
    wait = f", about {words.duration(run.wait_seconds)}" if run.wait_seconds is not None else ""
    return place + wait


def _figures(run: RunSnapshot) -> str:
    parts = [f"on {run.device}"] if run.device else []
    if run.samples_per_second:
        parts.append(f"{run.samples_per_second:,.0f} samples/s")
    if run.seconds_left is not None:
        parts.append(f"{words.duration(run.seconds_left)} left")
    parts.append(f"learning rate {rate_in_force(run):.6g}")
    return " · ".join(parts)


def rate_in_force(run: RunSnapshot) -> float:
    """The learning rate in force: what a person set, times what the schedule makes of it."""
    training = run.spec.training
    if training.schedule == "reduce_on_plateau" and run.epoch_points:
        return run.epoch_points[-1].learning_rate
    return run.learning_rate * factor(training, max(run.epoch, 1))
