"""The weights that a run began with: stored with it, or drawn anew by a worker."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from lib.engine.runs.snapshot import RunSnapshot
from lib.ui.kit import lessons
from lib.ui.session.asked import asked
from lib.ui.session.engine import engine


def first_weights(run: RunSnapshot) -> dict[str, NDArray[Any]] | None:
    """The first weights; None while they are on their way or cannot be had, of which a sentence tells."""
    opened = engine()
    stored = opened.weights(run.id, 0)
    if stored is not None:
        return stored
    question, meanwhile = f"first {run.id}", lessons.text("inside.asking")
    return asked("first weights", question, lambda: opened.looks.first_weights(run.id), meanwhile)
