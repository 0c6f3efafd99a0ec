"""What the score table shows of each run: its columns, and its cells."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lib.engine.runs.scores import Score
from lib.export.spreadsheet import csv_text
from lib.specs.differences import Value, differences

Kind = Literal["words", "whole", "number", "share", "seconds", "moment"]
"""How the values of a column are written: a share of 1 in percent, a moment (seconds since 1970) as day and time."""
DOWNWARDS: tuple[Kind, ...] = ("whole", "share", "moment")
"""Kinds whose highest value comes first when somebody sorts by them."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table.

    Attributes:
        id: its name in the address, and in a file.
        title: what stands above it.
        values: one a run; None where a run has none.
    """

    id: str
    title: str
    kind: Kind
    values: tuple[Value, ...]


_FIRST: tuple[tuple[str, str, Kind, Callable[[Score], Value]], ...] = (
    ("title", "name", "words", lambda score: score.title),
    ("status", "state", "words", lambda score: score.status),
    ("spoiled", "spoiled on purpose", "words", lambda score: score.spec.data.spoiling.replace("_", " ") or None),
)
_LAST: tuple[tuple[str, str, Kind, Callable[[Score], Value]], ...] = (
    ("val_accuracy", "validation accuracy", "share", lambda score: score.val_accuracy),
    ("best_val_accuracy", "best validation accuracy", "share", lambda score: score.best_val_accuracy),
    ("val_loss", "validation loss", "number", lambda score: score.val_loss),
    ("best_val_loss", "best validation loss", "number", lambda score: score.best_val_loss),
    ("test_accuracy", "test accuracy", "share", lambda score: score.test_accuracy),
    ("test_loss", "test loss", "number", lambda score: score.test_loss),
    ("parameters", "parameters", "whole", lambda score: score.parameters),
    ("epochs_trained", "epochs trained", "whole", lambda score: score.epochs_trained),
    ("train_seconds", "training time", "seconds", lambda score: score.train_seconds),
    ("tags", "tags", "words", lambda score: " ".join(score.tags) or None),
    ("note", "note", "words", lambda score: score.note or None),
    ("kept", "kept", "words", lambda score: "kept" if score.kept else None),
    ("created_at", "begun (UTC)", "moment", lambda score: score.created_at),
)


def columns_of(rows: Sequence[Score]) -> tuple[Column, ...]:
    """Name and state, the settings that are not the same in all runs, and what the runs have reached.

    A column in which no run has a value is left out.

    Args:
        rows: the runs, in the order of the values.
    """
    made = [*_made(_FIRST, rows), *_settings(rows), *_made(_LAST, rows)]
    return tuple(column for column in made if any(value is not None for value in column.values))


def _made(wanted: Sequence[tuple[str, str, Kind, Callable[[Score], Value]]], rows: Sequence[Score]) -> list[Column]:
    return [Column(name, title, kind, tuple(map(read, rows))) for name, title, kind, read in wanted]


def _settings(rows: Sequence[Score]) -> list[Column]:
    names, values = differences([score.spec for score in rows])
    made = []
    for place, name in enumerate(names):
        if name == "spoiled":  # it has a column of its own, also where all runs are spoiled alike
            continue
        mine: tuple[Value, ...] = tuple(row[place] for row in values)
        if name == "dataset":  # its id says nothing of a person's own data
            mine = tuple(score.spec.dataset.title for score in rows)
        made.append(Column(name, name, _kind_of(mine), tuple(map(_plain, mine))))
    return made


def _kind_of(values: Sequence[Value]) -> Kind:
    present = [value for value in values if value is not None]
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in present):
        return "number" if any(isinstance(value, float) for value in present) else "whole"
    return "words"


def _plain(value: Value) -> Value:
    return str(value).lower() if isinstance(value, bool) else value


def for_browser(rows: Sequence[Score], columns: Sequence[Column]) -> dict[str, object]:
    """What the component takes: the columns, and each run's id with its cells."""
    heads = [
        {"id": column.id, "title": column.title, "kind": column.kind, "down": column.kind in DOWNWARDS}
        for column in columns
    ]
    cells = zip(*(column.values for column in columns), strict=True)
    return {"columns": heads, "rows": [[score.id, row] for score, row in zip(rows, cells, strict=True)]}


def scores_csv(rows: Sequence[Score], columns: Sequence[Column]) -> str:
    """The table as CSV: the run's id first, moments as ISO 8601 in UTC, numbers in full."""
    cells = zip(*(map(_exact(column.kind), column.values) for column in columns), strict=True)
    lines = [(score.id, *row) for score, row in zip(rows, cells, strict=True)]
    return csv_text(["run", *(column.id for column in columns)], lines)


def _exact(kind: Kind) -> Callable[[Value], Value]:
    return _moment if kind == "moment" else lambda value: value


def _moment(value: Value) -> Value:
    if not isinstance(value, int | float):
        return value
    return datetime.datetime.fromtimestamp(value, datetime.UTC).isoformat(timespec="seconds")
