"""A person's own table: a text file with columns of numbers and one column of classes.

What cannot be used is left out with a sentence that names its row or column, as long as enough is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.data.bundled.table import Table
from lib.data.own.delimited import Rows, TableLimits, number, read_rows
from lib.data.own.notes import Notes
from lib.data.own.pictures import printable
from lib.data.parts import Part
from lib.errors import DataError

MIN_ROWS, MIN_CLASSES, MIN_ROWS_OF_A_CLASS = 10, 2, 2
MISSING = {"", "?", "na", "n/a", "nan", "null"}  # not “none” or “-”: they may well be classes
# A column with a larger share of cells without a number is left out. With fewer, the rows of these cells are.
MAX_BAD_SHARE = 0.2
_NAMED = 12  # columns that a sentence lists


@dataclass(frozen=True, slots=True, eq=False)
class OwnTable:
    """A table that a person brought.

    Attributes:
        table: the rows and columns that can be used.
        label: the column that the classes come from.
        header: names of all columns in the file; each can be asked for as `label`.
        notes: what was left out or guessed, a sentence each.
    """

    table: Table
    label: str
    header: tuple[str, ...]
    notes: tuple[str, ...]


def read_csv(data: bytes, label: str | None = None, limits: TableLimits | None = None) -> OwnTable:
    """Read a table of numbers with one column of classes.

    Args:
        data: the file, as `lib.data.own.delimited.read_rows` takes it.
        label: name of the class column; the last column if None.
        limits: the default ones if None.

    Raises:
        DataError: this is no such file, it exceeds a limit, there is no such column, or too little of it can be used.
    """
    limits, notes = limits or TableLimits(), Notes()
    rows = read_rows(data, limits, notes)
    label = rows.header[-1] if label is None else label
    if label not in rows.header:
        names = ", ".join(f"“{name}”" for name in rows.header[:_NAMED])
        raise DataError(f"There is no column “{printable(label)}”. Choose one of {names}.")
    place = rows.header.index(label)
    classes = np.array([printable(cells[place]) for cells in rows.cells], object)
    _check_classes(classes, label, limits)
    values = np.array([[_number_or_nan(cell) for cell in cells] for cells in rows.cells]).reshape(-1, len(rows.header))
    columns = [
        column for column in range(len(rows.header)) if column != place and _holds_numbers(rows, values, column, notes)
    ]
    usable = _complete_rows(rows, place, columns, values, notes)
    usable = _large_classes(classes, usable, notes)
    columns = _changing_columns(rows, values[usable].astype(np.float32), columns, notes)
    _check_amounts(usable, columns, notes)
    table = _table(values[usable][:, columns], classes[usable].tolist(), [rows.header[column] for column in columns])
    return OwnTable(table, label, rows.header, notes.told())


def _number_or_nan(cell: str) -> float:
    value = number(cell)
    return np.nan if value is None else value


def _missing(cell: str) -> bool:
    return cell.casefold() in MISSING


def _check_classes(classes: NDArray[np.object_], label: str, limits: TableLimits) -> None:
    different = {name for name in classes.tolist() if not _missing(name)}
    if len(different) > limits.classes:
        examples = ", ".join(f"“{name}”" for name in sorted(different)[:3])
        raise DataError(
            f"Column “{label}” has {len(different):,} different values ({examples}, ...). LayerLab takes at most "
            f"{limits.classes} classes. Choose a column that says to which group a row belongs."
        )


def _holds_numbers(rows: Rows, values: NDArray[np.float64], column: int, notes: Notes) -> bool:
    """Whether enough cells of a column are numbers; if not, that is noted with the first that is none."""
    bad = np.flatnonzero(np.isnan(values[:, column]))
    if len(bad) <= MAX_BAD_SHARE * len(values):
        return True
    text = next((row for row in bad if not _missing(rows.cells[row][column])), bad[0])
    notes.add(
        f"Column “{rows.header[column]}” was left out: {len(bad):,} of {len(values):,} cells hold no number, "
        f"for example {_quoted(rows.cells[text][column])} in row {rows.numbers[text]:,}."
    )
    return False


def _quoted(cell: str) -> str:
    return f"“{printable(cell)}”" if cell else "nothing"


def _complete_rows(
    rows: Rows, place: int, columns: list[int], values: NDArray[np.float64], notes: Notes
) -> NDArray[np.intp]:
    """Rows with a class and a number in each column; the others are noted."""
    needed = [place, *columns]
    bad = np.isnan(values[:, needed])
    bad[:, 0] = [_missing(cells[place]) for cells in rows.cells]
    for row in np.flatnonzero(bad.any(axis=1)):
        column = needed[int(bad[row].argmax())]
        notes.add(
            f"Row {rows.numbers[row]:,} was left out: column “{rows.header[column]}” has "
            f"{_quoted(rows.cells[row][column])} there, no {'class' if column == place else 'number'}."
        )
    return np.flatnonzero(~bad.any(axis=1))


def _large_classes(classes: NDArray[np.object_], usable: NDArray[np.intp], notes: Notes) -> NDArray[np.intp]:
    """Rows of the classes that have enough of them."""
    counts = Counter(classes[usable].tolist())
    for name, count in counts.items():
        if count < MIN_ROWS_OF_A_CLASS:
            notes.add(f"Class “{name}” was left out: it has {count} row only, and needs {MIN_ROWS_OF_A_CLASS} or more.")
    return np.array([row for row in usable if counts[classes[row]] >= MIN_ROWS_OF_A_CLASS], np.intp)


def _changing_columns(rows: Rows, values: NDArray[np.float32], columns: list[int], notes: Notes) -> list[int]:
    """Columns that differ from row to row, in the seven digits of float32; the others tell a model nothing."""
    changing = [column for column in columns if len(values) == 0 or np.ptp(values[:, column]) > 0]
    for column in sorted(set(columns) - set(changing)):
        notes.add(f"Column “{rows.header[column]}” was left out: it is {values[0, column]:.7g} in every row.")
    return changing


def _check_amounts(usable: NDArray[np.intp], columns: list[int], notes: Notes) -> None:
    first = f" First problem: {notes.told()[0]}" if notes.told() else ""
    if not columns:
        raise DataError(f"No column of numbers can be used; at least 1 is needed beside the classes.{first}")
    if len(usable) < MIN_ROWS:
        raise DataError(f"The table has {len(usable)} rows that LayerLab can use. It needs at least {MIN_ROWS}.{first}")


def _table(values: NDArray[np.float64], names: list[str], columns: Sequence[str]) -> Table:
    class_names = tuple(sorted(set(names), key=_class_order))
    if len(class_names) < MIN_CLASSES:
        raise DataError(
            f"All rows are of class “{class_names[0]}”. A table needs at least {MIN_CLASSES} classes. Choose another"
            " column."
        )
    y = np.array([class_names.index(name) for name in names], np.uint8)
    return Table(tuple(columns), class_names, Part(values.astype(np.float32), y))


def _class_order(name: str) -> tuple[float, str]:
    """Numbers by their size, before all other names."""
    value = number(name)
    return (np.inf if value is None else value), name
