"""Questions about many samples, cut into pieces, so that a large network's question does not keep a worker for long."""

from __future__ import annotations

from lib.specs.model import ModelSpec

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
