"""One experiment: how far it is, what its kind shows of it, and its runs."""

from __future__ import annotations

import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentSnapshot
from lib.errors import SetUpError
from lib.ui.experiments import outcome
from lib.ui.experiments.deleting import deleting
from lib.ui.experiments.kinds import KINDS
from lib.ui.kit import lessons, unusable, words
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.kit.opened import Opened
from lib.ui.session import visitor
from lib.ui.session.engine import engine

COLOURS = {"waiting": "gray", "running": "blue", "done": "green", "stopped": "violet"}
EVERY_SECONDS = 1.0
_LISTED = Opened("members", "listed")
_TROUBLE = Key("stop_trouble", "")


def experiment_view(experiment: ExperimentSnapshot) -> None:
    """Show an experiment; while it changes this part is drawn again each second."""
    kind = KINDS[experiment.plan.kind]
    kind.above(experiment)
    every = EVERY_SECONDS if experiment.changing else None
    fragment(unusable.told()(_progress), run_every=every)(experiment.id, every)
    kind.below(experiment)
    _members(experiment)
    deleting(experiment)


def _progress(experiment_id: str, every: float | None) -> None:
    experiment = engine().experiment(experiment_id)
    if (every is not None) != experiment.changing:
        st.rerun()  # its end concerns the whole page: the test part may be opened then
    _status(experiment)
    KINDS[experiment.plan.kind].progress(experiment)


def _status(experiment: ExperimentSnapshot) -> None:
    runs, unfinished = experiment.plan.members, experiment.status in UNFINISHED
    mine = experiment.owner == visitor.owner()
    with st.container(key="experiment_status", gap="xsmall"):
        epoch = next((m.run for m in experiment.members if m.run is not None and m.run.status == "running"), None)
        parts = [f":{COLOURS[experiment.status]}-badge[{experiment.status}]", f"{experiment.ended}/{runs} runs"]
        if unfinished and epoch is not None:
            parts.append(f"epoch {epoch.epoch}/{epoch.epochs}")
        st.markdown(" &nbsp;·&nbsp; ".join(parts))
        if unfinished:
            done = sum(m.run.progress if m.run is not None else 0.0 for m in experiment.members) / runs
            st.progress(min(done, 1.0))
        if experiment.status == "stopped":
            st.caption(lessons.text("experiments.stopped_early", ended=experiment.ended, runs=runs))
        if experiment.message:
            st.warning(words.escaped(experiment.message), icon=":material/info:")
    if unfinished and mine:
        st.button("Stop the experiment", key="stop_experiment", icon=":material/stop:",
                  on_click=_stop, args=(experiment.id,))  # fmt: skip
    elif unfinished:
        st.caption(lessons.text("experiments.watching"))
    trouble = _TROUBLE.take()
    if trouble:
        st.error(words.escaped(trouble))


def _stop(experiment_id: str) -> None:
    try:
        engine().experiments.stop(experiment_id, visitor.owner())
    except (EngineError, SetUpError) as error:
        _TROUBLE.set(str(error))


def _members(experiment: ExperimentSnapshot) -> None:
    """List the runs, each with a way to it."""
    with _LISTED.heading(lessons.text("experiments.runs"), ":material/list:"):
        lines = []
        for member in experiment.members:
            name = words.escaped(member.label)
            if member.run is None:
                lines.append(f"- {name}: " + ("was deleted" if member.run_id else "not in line yet"))
                continue
            reached = outcome.reached(member)
            lines.append(
                f"- {name}: {member.run.status}{reached} &ensp; [build](build?run={member.run_id})"
                f" · [inside](inside?run={member.run_id}) · [results](results?run={member.run_id})"
            )
        st.markdown("\n".join(lines))
