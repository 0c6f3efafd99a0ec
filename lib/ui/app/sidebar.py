"""The sidebar's foot: the engine in one line, and the way back to a run under way."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib.engine.api import EngineState
from lib.errors import SetUpError
from lib.specs.tasks.known import COUNT, done
from lib.ui.kit import links
from lib.ui.session import draft, progress, visitor
from lib.ui.session.engine import engine, find_run

ICON = Path(__file__).parents[3] / "assets" / "pictures" / "icon.svg"


def show() -> None:
    """Draw the logo, how many tasks are done, the engine's line and the way back."""
    st.logo(str(ICON), size="large")
    _show_progress()
    with st.sidebar, st.container(key="engine_status", gap="xsmall"):
        try:
            st.caption(line(engine().state()))
            run_id = _active_run()
            run = find_run(run_id) if run_id else None
        except SetUpError:
            st.caption(":red[:material/database_off:] runs cannot be stored or shown now")
            return
        if run is not None and run.active:
            links.page_link("build", f"To your run: {run.status}", ":material/bolt:", {"run": run.id})


def _show_progress() -> None:
    """Say how many tasks this visitor has done, as soon as there is one."""
    finished = done(progress.mine().seen)
    if finished:
        with st.sidebar, st.container(key="progress_count"):
            links.page_link("home", f"{finished} of {COUNT} tasks done", ":material/task_alt:")


def line(state: EngineState) -> str:
    """The engine in one line of Markdown.

    >>> line(EngineState("ready", "", 1, 1, 2, "CPU (2 cores)"))
    ':green[:material/check_circle:] ready · CPU (2 cores) · 1 of 1 training · 2 in line'
    """
    icons = {
        "off": ":gray[:material/bedtime:] engine starts when you train",
        "starting": ":orange[:material/hourglass_top:] engine is starting",
        "ready": ":green[:material/check_circle:] ready",
        "lost": ":orange[:material/sync_problem:] looking for the training engine",
        "failed": ":red[:material/error:] training engine failed",
    }
    parts = [icons.get(state.status, state.status)]
    if state.device:
        parts.append(state.device)
    if state.running:
        parts.append(f"{state.running} of {state.workers} training")
    if state.waiting:
        parts.append(f"{state.waiting} in line")
    return " · ".join(parts)


def _active_run() -> str:
    """Id of the run that this session follows, or of this visitor's newest run; "" without one."""
    if draft.attached_run():
        return draft.attached_run()
    rows = engine().runs(visitor.owner(), limit=1)
    return rows[0].id if rows else ""
