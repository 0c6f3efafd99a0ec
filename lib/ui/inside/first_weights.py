"""The weights that a run began with, drawn anew by a worker."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from lib.ui.kit import lessons
from lib.ui.session.asked import asked
from lib.ui.session.engine import engine


def first_weights(run_id: str) -> dict[str, NDArray[Any]] | None:
    """The first weights; None while they are on their way or cannot be had, of which a sentence tells."""
    opened = engine()
    question, meanwhile = f"first {run_id}", lessons.text("inside.asking")
    return asked("first weights", question, lambda: opened.looks.first_weights(run_id), meanwhile)
