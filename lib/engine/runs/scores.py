"""All runs of a person with what they have reached, for a table: read from their rows, without their events."""

from __future__ import annotations

from dataclasses import dataclass

from lib.engine.runs.book import DAMAGED, RunBook
from lib.engine.runs.reading import parameters_of, spec_of
from lib.engine.runs.snapshot import Status
from lib.engine.runs.store import ListedRun
from lib.specs.run import RunSpec

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Score:
    """One run in a table of runs.

    Attributes:
        status: one of queued, running, paused, done, stopped, failed.
        parameters: all weights of its model.
        epochs_trained: complete epochs.
        train_seconds, val_loss, val_accuracy, best_val_loss, best_val_accuracy: see `lib.engine.runs.reached`.
        test_loss, test_accuracy: None before it was tested; no accuracy where a number is predicted.
        created_at: seconds since 1970.
        kept: its owner wants it to stay.
        note, tags: what its owner wrote about it.
    """

    id: str
    title: str
    status: Status
    spec: RunSpec
    parameters: int
    epochs_trained: int
    train_seconds: float | None
    val_loss: float | None
    val_accuracy: float | None
    best_val_loss: float | None
    best_val_accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None
    created_at: float
    kept: bool
    note: str
    tags: tuple[str, ...]


def scores(book: RunBook, owner: str, limit: int = MOST) -> tuple[Score, ...]:
    """A person's newest runs, newest first; those whose row is damaged are left out.

    Args:
        book: the runs.
        owner: the person.
        limit: at most so many.
    """
    found = (_score(book, listed) for listed in book.listed(owner, limit))
    return tuple(score for score in found if score is not None)


def _score(book: RunBook, listed: ListedRun) -> Score | None:
    row, accuracy, loss = listed
    try:
        book.own_data.recall(row.dataset)
        spec = spec_of(row.spec)
    except DAMAGED:
        return None
    return Score(
        row.id, row.title, row.status, spec, parameters_of(spec.model), row.epochs_trained,  # type: ignore[arg-type]
        row.train_seconds, row.val_loss, row.val_accuracy, row.best_val_loss, row.best_val_accuracy, loss, accuracy,
        row.created_at, row.kept, row.note, tuple(row.tags.split()),
    )  # fmt: skip
