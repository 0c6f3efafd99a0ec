"""Train, follow and steer a run. While a run changes, only this panel is drawn again, about once a second."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from lib.concepts.attention_walk import readable
from lib.data.loading import has_full
from lib.engine.errors import EngineError
from lib.engine.runs.snapshot import ACTIVE, RunSnapshot
from lib.errors import DataError, SetUpError
from lib.specs.codec import to_query
from lib.specs.run import RunSpec
from lib.ui.build import pace
from lib.ui.build.announcement import announce
from lib.ui.build.boundary import boundary, has_points, pace_choice
from lib.ui.build.curves import curves
from lib.ui.build.diagnosis import diagnosis
from lib.ui.build.inside import inside_view
from lib.ui.build.run_status import run_status
from lib.ui.kit import lessons, links, turns, unusable
from lib.ui.kit.clock import repeated
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.session import draft, visitor
from lib.ui.session.engine import engine, find_run, settings
from lib.ui.session.origin import origin

OBEYED_SECONDS = 0.4
"""So long a click waits for its effect, so that the next picture shows it."""
SENT_SECONDS = 0.05
"""So long Train waits for a free worker to take the run, so that the page shows it as running, with its Pause."""
BEGUN_SECONDS = 0.3
"""So long a page that has just begun a run waits for its first point before it draws the curves."""
STOPPED_SECONDS = 2.0
"""So long "From the start" waits for the run under way to end."""
_TROUBLE = Key("panel_trouble", "")
_PREVIOUS: Key[str | None] = Key("previous_run", None)
"""Id of the run to compare with, "" for none. None: nobody has looked for one yet."""


def training_panel(run: RunSnapshot | None) -> None:
    """Show the panel.

    Args:
        run: the run this page follows, as it is now, or None.
    """
    every = pace.poll_seconds(run)
    with st.container(key="training_panel", border=True):
        fragment(unusable.told()(_panel), run_every=every)(every)


def _panel(every: float | None) -> None:
    """The buttons, and below them how the run is, with a faster timer of its own for the first moments."""
    run = _followed(every)
    announce(run)
    _buttons(run, draft.current().spec)
    trouble = _TROUBLE.take()
    if trouble:
        st.error(trouble, icon=":material/error:")
    drawn = itertools.count()

    def progress() -> None:
        # A chart that comes with its first point need not be drawn twice. If that takes long, the rest comes first.
        if pace.first_seconds(_attached()) is not None:
            _wait(_has_begun, OBEYED_SECONDS if next(drawn) else BEGUN_SECONDS)
        _progress(_followed(every))

    repeated(unusable.told()(progress), pace.first_seconds(run))


def _followed(every: float | None) -> RunSnapshot | None:
    """The run that this page follows. A start and an end concern the whole page: address, sidebar, this timer."""
    run = _attached()
    wanted = pace.poll_seconds(run)
    if (wanted is None) != (every is None) or (wanted or 0.0) < (every or 0.0):
        st.rerun()
    return run


def _progress(run: RunSnapshot | None) -> None:
    run_status(run)
    if has_points(run):
        boundary(run)
    if run is not None:
        origin(run)
        curves(run, previous_run(run), "curve")
        inside_view(run, "curve")
        diagnosis(run)
        _what_next(run)


def _has_begun() -> bool:
    run = _attached()
    return run is None or not run.active or bool(run.batch_curve.epoch)


def _attached() -> RunSnapshot | None:
    """The run that this page follows, as it is now."""
    return find_run(draft.attached_run()) if draft.attached_run() else None


def steered(run: RunSnapshot | None) -> RunSnapshot | None:
    """The run if this visitor may steer it: it is under way and their own. Others may watch."""
    return run if run is not None and run.active and run.owner == visitor.owner() else None


# --- buttons -------------------------------------------------------------------------------------------------------


def _buttons(run: RunSnapshot | None, spec: RunSpec) -> None:
    mine = run is not None and run.owner == visitor.owner()
    active = mine and run is not None and run.active
    reason = "" if active else _why_not(spec)
    paused = run is not None and run.status == "paused"
    goes_on = run is not None and mine and run.can_resume and run.status in ("stopped", "failed")
    with st.container(horizontal=True, key="train_buttons", gap="small"):
        st.button("Train", key="train", type="primary", icon=":material/play_arrow:",
                  disabled=active or bool(reason), on_click=_train)  # fmt: skip
        resume = paused or goes_on
        st.button("Resume" if resume else "Pause", key="pause", icon=f":material/{'resume' if resume else 'pause'}:",
                  disabled=not (mine and run is not None and (run.status in ("running", "paused") or goes_on)),
                  on_click=_resume if resume else _pause)  # fmt: skip
        st.button("Stop", key="stop", icon=":material/stop:", disabled=not active, on_click=_stop)
        extends = mine and run is not None and (run.active or run.can_resume)
        st.button("+1 epoch", key="add_epoch", icon=":material/plus_one:", disabled=not extends, on_click=_add_epoch)
    if has_points(run):
        _step_by_step(mine and paused, bool(_why_not(spec)) or spec.data.kind != "points")
    if reason:
        st.error(reason, icon=":material/block:")
    elif not active and spec.hint():
        st.info(spec.hint(), icon=":material/lightbulb:")
    if run is not None and not mine and run.active:
        st.caption(lessons.text("build.watching"))


def _step_by_step(steps: bool, refused: bool) -> None:
    """Show the buttons that only points have: one batch, slow motion, and back to before the first batch."""
    with st.container(horizontal=True, key="step_buttons", gap="small", vertical_alignment="bottom"):
        st.button("Step", key="step", icon=":material/skip_next:", disabled=not steps, on_click=_step)
        st.button("From the start", key="restart", icon=":material/restart_alt:", disabled=refused, on_click=_restart)
        pace_choice()


def _why_not(spec: RunSpec) -> str:
    """Why the draft cannot be trained, or ""."""
    problem = spec.problem(settings())
    if not problem and spec.data.size == "full" and not has_full(spec.data.dataset):
        return lessons.text("build.no_full_size", title=spec.dataset.title)
    return problem


def _train() -> None:
    before = draft.attached_run()

    def submit() -> None:
        run_id = engine().submit(draft.current().spec, visitor.owner())
        if run_id != before:
            _PREVIOUS.set(before)
        draft.attach(run_id)
        pace.begins(run_id)
        _wait(lambda: _has_place(run_id), SENT_SECONDS)

    _attempt(submit)


def _has_place(run_id: str) -> bool:
    """Whether the engine has looked at a new run: a worker has it, or it stands in line."""
    run = engine().snapshot(run_id)
    return run.status != "queued" or run.place > 0


def start(spec: RunSpec) -> None:
    """Train a spec: what the button on Home does. A training of this visitor that is under way is shown instead."""

    def begin() -> None:
        newest = next(iter(engine().runs(visitor.owner(), limit=1)), None)
        if newest is not None and newest.status in ACTIVE:
            draft.attach(newest.id)
            draft.change(engine().snapshot(newest.id).spec)
            return
        draft.open_new(spec)
        _train()

    _attempt(begin)


def _attempt(action: Callable[[], None]) -> None:
    """Do what was asked for. Where the engine refuses, the panel says why."""
    try:
        action()
    except (EngineError, SetUpError, DataError) as error:
        _TROUBLE.set(str(error))


def _pause() -> None:
    _attempt(lambda: _and_see(engine().pause))


def _resume() -> None:
    _attempt(lambda: _and_see(engine().resume))


def _stop() -> None:
    _attempt(lambda: _and_see(engine().stop))


def _and_see(command: Callable[[str], None]) -> None:
    """Give a command, and wait a moment for the run to obey it."""
    run_id = draft.attached_run()
    before = engine().snapshot(run_id).status
    command(run_id)
    _wait(lambda: engine().snapshot(run_id).status != before)


def _wait(obeyed: Callable[[], bool], seconds: float = OBEYED_SECONDS) -> bool:
    """Wait for something to come true, and say whether it did."""
    end = time.monotonic() + seconds
    with turns.rest():
        while not (done := obeyed()) and time.monotonic() < end:
            time.sleep(0.01)
    return done


def _step() -> None:
    run_id = draft.attached_run()
    before = engine().snapshot(run_id)

    def stepped() -> bool:
        now = engine().snapshot(run_id)
        return now.status != "running" and (now.epoch, now.batch) != (before.epoch, before.batch)

    def step() -> None:
        engine().step(run_id)
        _wait(stepped)

    _attempt(step)


def _restart() -> None:
    """Begin a run as Train does, but halt before its first batch. Equal settings and seeds have equal first weights."""
    run = _attached()

    def submit() -> None:
        if run is not None and run.active and run.owner == visitor.owner():
            engine().stop(run.id)
            if not _wait(lambda: not engine().snapshot(run.id).active, STOPPED_SECONDS):
                raise EngineError(lessons.text("boundary.still_stopping"))
        draft.attach(engine().submit(draft.current().spec, visitor.owner(), paused=True))

    _attempt(submit)


def _add_epoch() -> None:
    _attempt(lambda: engine().add_epoch(draft.attached_run()))


# --- pictures ------------------------------------------------------------------------------------------------------


def previous_run(run: RunSnapshot) -> RunSnapshot | None:
    """The run to compare with: the one that this one goes on from, or the one followed before.

    After a reload that is the same person's run before this one.
    """
    if run.spec.start is not None:
        since = find_run(run.spec.start.run)
        if since is not None and since.batch_curve.loss:
            return since
    previous_id = _PREVIOUS.get()
    if previous_id is None:
        earlier = (row for row in engine().runs(run.owner, limit=20) if row.created_at < run.created_at)
        previous_id = next((row.id for row in earlier if row.epochs_trained), "")
        _PREVIOUS.set(previous_id)
    previous = find_run(previous_id) if previous_id and previous_id != run.id else None
    return previous if previous is not None and previous.batch_curve.loss else None


def _what_next(run: RunSnapshot) -> None:
    """Show the ways onward: inside the network from its first epoch on, to the results once it is tested."""
    if run.epoch_points:
        links.page_link("inside", "Look inside", ":material/frame_inspect:", {"run": run.id})
    if run.evaluation is not None and readable(run.spec.model) and run.spec.data.size == "bundled":
        links.page_link("attention", "See who looks at whom", ":material/device_hub:", {"run": run.id})
    if run.evaluation is not None:
        links.page_link("results", "Look at the results", ":material/query_stats:", {"run": run.id})
        asked = {"a": urlencode(to_query(run.spec))}
        links.page_link("experiments", "Compare it in a fair experiment", ":material/science:", asked)
