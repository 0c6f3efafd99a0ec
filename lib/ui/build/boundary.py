"""Points in the plane: the decision boundary while a network trains, and the units behind it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

from lib.arrays import pack, unpack
from lib.concepts.plane import Scores, Weights, scores, with_changes
from lib.data.preparing import prepare
from lib.engine.errors import EngineError
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.build.boundary import describe_scores, network_picture, points_picture
from lib.specs.data import DataSpec
from lib.specs.run import RunSpec
from lib.ui.build import boundary_edits as edits
from lib.ui.kit import heard, lessons, unusable
from lib.ui.kit.choice import Choice
from lib.ui.kit.clock import repeated
from lib.ui.kit.component import component, whole
from lib.ui.kit.key import Key
from lib.ui.session import draft, visitor
from lib.ui.session.engine import engine, find_run

OWN_POLL_SECONDS = 0.2
"""Five pictures a second for the visitor who trains."""
WATCHER_POLL_SECONDS = 1.0
"""For visitors who watch: in a class there are many of them, and each picture costs a little."""
PACES = {"full": 0.0, "20": 1 / 20, "5": 1 / 5, "1": 1.0}
"""The shortest time that a batch may take, in seconds, by the id of the button: batches a second."""
_VIEW: Key[Any] = Key("boundary_view", None)
_PACE = Choice("pace", {pace: "full speed" if pace == "full" else pace for pace in PACES}, "full")
_PACED: Key[tuple[str, float] | None] = Key("boundary_paced", None)
"""The run that was told its pace last, and the pace in seconds."""


def shown_run(run: RunSnapshot | None) -> RunSnapshot | None:
    """The run whose boundary the page shows: it is under way, or it was trained on the points that are chosen now."""
    if run is None or run.spec.data.kind != "points":
        return None
    return run if run.active or run.spec.data == draft.current().spec.data else None


def has_points(run: RunSnapshot | None) -> bool:
    """Whether the page shows a plane: the run or the chosen data have points in it."""
    return shown_run(run) is not None or draft.current().spec.data.kind == "points"


def boundary(run: RunSnapshot | None) -> None:
    """Show the plane. While points are trained, only this part is drawn again, several times a second.

    Args:
        run: the run this page follows, or None.
    """
    run = shown_run(run)
    every = None
    if run is not None and run.status == "running":
        every = OWN_POLL_SECONDS if run.owner == visitor.owner() else WATCHER_POLL_SECONDS
    repeated(unusable.told()(_boundary), every)


def _boundary() -> None:
    attached = find_run(draft.attached_run()) if draft.attached_run() else None
    run = shown_run(attached)
    heard.place(test=("1",), discrete=("1",))
    with st.container(key="boundary"):
        if run is None:
            data = draft.current().spec.data
            if data.kind == "points":
                _before(data, "boundary.other_points" if attached is not None else "boundary.no_run")
            return
        _tell_pace(run)
        newest = _newest(run)
        if newest is None:
            _before(run.spec.data, "boundary.no_run" if run.active else "boundary.no_weights")
            return
        _network(run, *newest)


def _before(data: DataSpec, passage: str) -> None:
    component("boundary")(key=_VIEW.name, data=whole(_points(data) | {"title": "The points"}))
    st.caption(lessons.text(passage))


def _network(run: RunSnapshot, at: float, packed: bytes) -> None:
    still = run.status != "running"
    changes = edits.current(run.spec, (run.id, at)) if still else {}
    if changes:
        picture = _picture(run.spec, at, with_changes(unpack(packed), changes))
    else:
        picture = _trained_picture(run.spec, at, packed)
    hint = lessons.text("boundary.hint_edit" if still else "boundary.hint")
    component("boundary")(
        key=_VIEW.name,
        data=whole(picture | {"hint": hint, "edited": bool(changes)}),
        on_chosen_change=lambda: edits.choose(run.spec, _VIEW.get().chosen),
    )
    if still:
        edits.editor(run, at, unpack(packed))


# --- what to draw --------------------------------------------------------------------------------------------------


def _newest(run: RunSnapshot) -> tuple[float, bytes] | None:
    """The newest weights and their place on the epoch axis.

    A run under way has told them; of a run that has ended they are stored.
    """
    if run.active or run.evaluating:
        return (run.weights_now.at, run.weights_now.packed) if run.weights_now else None
    stored = _stored(run.id, run.version)
    if stored is None:
        return (run.weights_now.at, run.weights_now.packed) if run.weights_now else None
    return max(run.epoch - 1, 0) + (run.batch / run.batches if run.batches else 0.0), stored


@lru_cache(maxsize=32)
def _stored(run_id: str, version: int) -> bytes | None:
    """The weights of a run that has ended. It may go on and end again: `version` tells one end from the next."""
    weights = engine().weights(run_id)
    return None if weights is None else pack(weights)


@lru_cache(maxsize=64)
def _points(data: DataSpec) -> dict[str, Any]:
    return points_picture(data)


@lru_cache(maxsize=16)
def _trained_picture(run: RunSpec, at: float, packed: bytes) -> dict[str, Any]:
    """The picture of weights as they were trained. It is made once for all who watch the run."""
    return _picture(run, at, unpack(packed))


def _picture(run: RunSpec, at: float, weights: Weights) -> dict[str, Any]:
    parts = prepare(run.data, run.training.validation_split)
    now = scores(run, weights, (parts.train.x, parts.train.y), (parts.test.x, parts.test.y))
    return network_picture(run, weights) | {
        "at": round(at, 4),
        "title": f"epoch {at:,.2f}",
        "scores": score_rows(now),
        "summary": describe_scores(at, now),
    }


def score_rows(now: Scores) -> list[tuple[str, str, str]]:
    """Loss and accuracy, each on training and on test points. Where a number is predicted there is only a loss.

    >>> score_rows(Scores(0.25, 0.5, None, None))
    [('loss', '0.2500', '0.5000')]
    """
    rows = [("loss", f"{now.train_loss:.4f}", f"{now.test_loss:.4f}")]
    if now.train_accuracy is not None and now.test_accuracy is not None:
        rows.append(("accuracy", f"{100 * now.train_accuracy:.1f}%", f"{100 * now.test_accuracy:.1f}%"))
    return rows


# --- steering ------------------------------------------------------------------------------------------------------


def pace_choice() -> None:
    """Choose the pace of the run under way and of those to come."""
    _PACE.segments("batches a second", help=lessons.text("boundary.pace"))


def _tell_pace(run: RunSnapshot) -> None:
    """Tell this visitor's training how fast to go: once for each choice, and each time it starts."""
    if run.owner != visitor.owner() or run.status not in ("running", "paused"):
        _PACED.drop()
        return
    pace = PACES[_PACE.answer()]
    if (_PACED.get() or (run.id, 0.0)) == (run.id, pace):
        return
    try:
        engine().set_pace(run.id, pace)
        _PACED.set((run.id, pace))
    except EngineError:
        _PACED.drop()  # the run has just ended; the next one is told
