"""Questions about many samples of a run's test or validation part."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.model import ModelSpec
from lib.ui.results.run_answers import prepared, test_part
from lib.ui.session.asked import Step
from lib.ui.session.pieces import Span, spans


def test_steps(run: RunSnapshot, title: str, question: str, ask: Callable[[Span], Any]) -> list[Step]:
    """Questions about the whole test part.

    Args:
        run: the run.
        title: see `Step`.
        question: what the piece's samples are added to.
        ask: asks about a piece.

    Raises:
        DataError: the test samples are not here any more.
    """
    return _steps(run.spec.model, len(test_part(run)), title, question, ask)


def validation_steps(run: RunSnapshot, title: str, question: str, ask: Callable[[Span], Any]) -> list[Step]:
    """Questions about the whole validation part; about the test part where a run has none. See `test_steps`."""
    return _steps(run.spec.model, validation_samples(run) or len(test_part(run)), title, question, ask)


def validation_samples(run: RunSnapshot) -> int:
    """How many validation samples a run has; counted without cutting images or rows out.

    Raises:
        DataError: the samples are not here any more.
    """
    if run.spec.data.kind in ("text", "points"):
        return len(prepared(run).validation)
    return run.spec.validation_samples()


def _steps(model: ModelSpec, samples: int, title: str, question: str, ask: Callable[[Span], Any]) -> list[Step]:
    return [Step(title, f"{question} {span[0]}-{span[1]}", partial(ask, span)) for span in spans(model, samples)]
