"""A training for somebody who hears the page: its start, each tenth of it, its end and its accuracy."""

from __future__ import annotations

from lib.engine.runs.snapshot import RunSnapshot
from lib.ui.kit import lessons, words
from lib.ui.kit.component import component, whole

_AT_REST = {"paused": "spoken.paused", "done": "spoken.done", "stopped": "spoken.stopped"}


def announce(run: RunSnapshot | None) -> None:
    """Tell the newest step of a run. Nothing of it is seen.

    Args:
        run: the run this page follows, or None.
    """
    told = {"step": "", "words": "", "over": True}
    if run is not None:
        told = {"step": f"{run.id} {step(run)}", "words": sentence(run), "over": not run.changing}
    component("announcer")(key="announcer", data=whole(told), width="content", height=1)


def step(run: RunSnapshot) -> str:
    """What has to change before a run is worth another sentence."""
    if run.status == "queued":
        return f"queued {run.place}"
    if run.evaluating:
        return "tested"
    if run.status == "running":
        return f"running {_tenths(run)}"
    # The same run may go on and end again.
    return f"{run.status} {run.epoch}"


def sentence(run: RunSnapshot) -> str:
    """What is told of a run at its newest step."""
    if run.status == "queued":
        return lessons.text("spoken.queued", place=words.ordinal(run.place) if run.place else "next")
    if run.evaluating:
        return lessons.text("spoken.tested", kind=words.samples(run.spec.data.kind))
    if run.status == "running":
        name = "spoken.progress" if _tenths(run) else "spoken.started"
        return lessons.text(name, percent=10 * _tenths(run), epochs=run.epochs, reached=_reached_now(run))
    if run.status == "failed":
        return lessons.text("spoken.failed", message=run.message)
    return lessons.text(_AT_REST[run.status], epoch=run.epoch, epochs=run.epochs, reached=_reached(run))


def _tenths(run: RunSnapshot) -> int:
    # A share of exactly 0.3 may be stored a little below it. After the last batch the end is told instead of a tenth.
    return min(int(10 * run.progress + 1e-9), 9)


def _reached_now(run: RunSnapshot) -> str:
    """The figure of the newest batches, "" before the first."""
    if run.spec.regression:
        return _named("spoken.loss", f"{run.batch_curve.loss[-1]:.4f}") if run.batch_curve.loss else ""
    accuracy = run.batch_curve.accuracy
    return _named("spoken.accuracy", words.percent(accuracy[-1])) if accuracy else ""


def _reached(run: RunSnapshot) -> str:
    """The figure on the test part, "" without one."""
    if run.evaluation is None:
        return ""
    if run.evaluation.accuracy is None:
        return _named("spoken.test_loss", f"{run.evaluation.loss:.4f}")
    return _named("spoken.test_accuracy", words.percent(run.evaluation.accuracy))


def _named(passage: str, figure: str) -> str:
    return " " + lessons.text(passage, figure=figure)
