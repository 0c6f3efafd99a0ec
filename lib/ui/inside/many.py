"""Questions about many samples, cut into pieces, so that a large network's question does not keep a worker for long."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.model import ModelSpec
from lib.ui.results.run_answers import prepared, test_part
from lib.ui.session.asked import Step

MOST_WORK = 4e11
"""Multiply-adds of one question: about 10 s on two cores."""
_FEWEST = 250
Span = tuple[int, int]


def spans(model: ModelSpec, samples: int) -> list[Span]:
    """The first sample of each question, and the one behind its last.

    >>> from lib.specs.layers.known import Dense, Flatten
    >>> spans(ModelSpec((28, 28, 1), (Flatten(), Dense(units=10))), 2_000)
    [(0, 2000)]
    """
    size = max(_FEWEST, int(MOST_WORK / max(model.multiply_adds(), 1)))
    return [(first, min(first + size, samples)) for first in range(0, samples, size)]


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
    data = run.spec.data
    if data.kind in ("text", "points"):
        return len(prepared(run).validation)
    samples = min(data.samples, data.available) if data.samples else data.available
    return round(samples * run.spec.training.validation_split)


def _steps(model: ModelSpec, samples: int, title: str, question: str, ask: Callable[[Span], Any]) -> list[Step]:
    return [Step(title, f"{question} {span[0]}-{span[1]}", partial(ask, span)) for span in spans(model, samples)]
