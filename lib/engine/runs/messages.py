"""Sentences that tell a person what became of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib import events
from lib.engine.runs.snapshot import RunSnapshot

BEFORE_FIRST_BATCH = "Stopped before its first batch."
NO_START = "LayerLab no longer keeps the weights that this run begins with, so it cannot train it."


def kept(run: RunSnapshot) -> str:
    """What is still there, and how to go on."""
    if not run.can_resume:
        return "Nothing was trained yet: train it again."
    epochs = run.epochs_trained
    done = f"epoch {epochs} is" if epochs == 1 else f"{epochs} epochs are"
    return f"Everything up to here is kept ({done} complete): Resume goes on from there."


def lost_worker(run: RunSnapshot, memory_mb: float, limit_mb: float) -> str:
    """The worker's process ended in mid-run."""
    if memory_mb > 0.8 * limit_mb:
        reached = f"{memory_mb:,.0f} of {limit_mb:,.0f} MB"
        why = f"The worker ran out of memory ({reached}): use a smaller batch or fewer filters."
    else:
        why = "The worker process is gone: something outside ended it, or it ran out of memory."
    return f"{why} {kept(run)}"


def out_of_memory(run: RunSnapshot) -> str:
    """Keras itself said that there is no memory."""
    return f"The worker ran out of memory: use a smaller batch or fewer filters. {kept(run)}"


def not_a_number(run: RunSnapshot) -> str:
    """The loss became NaN or infinite."""
    return (
        f"The loss is no longer a number in epoch {max(run.epoch, 1)}: the learning rate {run.learning_rate:g} is"
        " probably too high. Lower it and train again."
    )


def done(run: RunSnapshot, ending: Mapping[str, Any] | None) -> events.Done:
    """That a run is trained to its end, and what early stopping made of it.

    Args:
        run: as it is now.
        ending: fields of `lib.worker.watching.Ending`, or None.
    """
    if ending is None:
        return events.Done()
    training, epochs, best = run.spec.training, run.epochs_trained, ending["best_epoch"]
    went_back = ending["restored"] and best != epochs
    reached = f"{training.monitor} was {ending['best']:.4f}"
    if ending["early"]:
        since = "epoch" if training.patience == 1 else f"{training.patience} epochs"
        text = (
            f"It ended by itself after epoch {epochs} of {run.epochs}: {training.monitor} had not become better for"
            f" {since}. "
        )
    else:
        text = f"All {epochs} epochs are trained. " if went_back else ""
    if went_back:
        text += f"The weights are those of epoch {best}, the best one: {reached}."
    elif ending["early"]:
        text += f"Epoch {best} was the best one: {reached}. The weights are those of epoch {epochs}."
    return events.Done(text, best if went_back else 0)


def pruned(run: RunSnapshot) -> str:
    """Its sweep gave it up."""
    return (
        f"Its sweep stopped it after epoch {run.epochs_trained}: at the same epoch most of the other runs were better."
        f" {kept(run)}"
    )


def restarted(run: RunSnapshot) -> str:
    """The app itself ended while the run was active."""
    return f"LayerLab was restarted while this run was {run.status}. {kept(run)}"


def unresponsive(run: RunSnapshot) -> str:
    """Stop was not obeyed in time."""
    return f"The worker did not stop in time and was replaced. {kept(run)}"


def not_sent(run: RunSnapshot, error: Exception) -> str:
    """The run could not be handed to a worker."""
    return f"LayerLab could not send the run to a worker ({_reason(error)}). {kept(run)}"


def not_kept(run: RunSnapshot, error: Exception) -> str:
    """The database took no more of this run: its disk may be full."""
    return (
        f"LayerLab could not store what this run reported ({_reason(error)}), so it ended the run. {kept(run)} Whoever"
        " runs LayerLab should look at its disk and database."
    )


def _reason(error: Exception) -> str:
    """The first line of an error, without what SQLAlchemy adds to it."""
    text = str(getattr(error, "said", "") or getattr(error, "orig", "") or error).strip() or type(error).__name__
    return text.splitlines()[0][:200]


def went_wrong(run: RunSnapshot, reason: str) -> str:
    """An error nobody foresaw."""
    return f"The training failed ({reason}). {kept(run)}"
