"""Text files with a row of names and rows of cells (CSV and its relatives), as programs and countries write them.

Cells stay text here: nothing in them is evaluated.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from lib.data.own.notes import Notes
from lib.data.own.pictures import printable
from lib.data.text import composed
from lib.errors import DataError

# A comma comes last: it may also be a decimal comma in a file with another separator.
SEPARATORS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}
MAX_NUMBER = 1e30  # float32 ends at 3.4e38, and what is computed from a number must fit too
# One way only to read each number: with two ways for the same digits, the time to refuse them grows with their square.
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST_NUMBER = 100  # characters
_LOOKED_AT, _LINES_LOOKED_AT = 100, 1_000  # rows that decide which separator it is, and the lines that these may take
_EMPTY = "".join(SEPARATORS) + '" \r\n'  # a line of nothing else has no cell with anything in it


@dataclass(frozen=True, slots=True)
class TableLimits:
    """How much of one upload is read.

    Attributes:
        file_mb: size of the file.
        rows: rows below the names.
        lines: lines of the file, empty ones and those inside a cell included.
        columns: columns, that of the classes included.
        classes: different values of the class column.
    """

    file_mb: float = 5
    rows: int = 20_000
    lines: int = 100_000
    columns: int = 200
    classes: int = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """A table as text.

    Attributes:
        header: names of the columns, no two alike.
        cells: rows as wide as the header.
        numbers: where each row stands in the file, counted from 1 as a spreadsheet does.
    """

    header: tuple[str, ...]
    cells: list[list[str]]
    numbers: list[int]


def read_rows(data: bytes, limits: TableLimits, notes: Notes) -> Rows:
    """Read a file separated by comma, semicolon, tab or bar, in UTF-8, UTF-16 with its mark, or Windows' cp1252.

    Args:
        data: the file.
        limits: how much is read.
        notes: takes what was guessed or left out.

    Raises:
        DataError: this is no such file, or it exceeds a limit.
    """
    if len(data) > limits.file_mb * 2**20:
        raise DataError(
            f"The file has {len(data) / 2**20:,.1f} MB. LayerLab reads at most {limits.file_mb:g} MB. Take fewer rows."
        )
    text = _text(data, notes)
    separator = _separator(text)
    try:
        rows = _rows(_parsed(_lines(text), separator, limits.lines), limits, notes)
    except csv.Error as error:
        raise DataError(
            f"The table cannot be read to its end ({error}). Look for a quotation mark that is never closed, or that "
            "stands alone inside a cell."
        ) from error
    if separator != ",":
        _write_decimal_points(rows, notes)
    return rows


def number(cell: str) -> float | None:
    """A cell's number, or None where it has none of ordinary size.

    >>> number("-1.5e3"), number("=1+1"), number("1e99"), number("nan")
    (-1500.0, None, None, None)
    """
    if len(cell) > _LONGEST_NUMBER or not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return value if abs(value) <= MAX_NUMBER else None


def _text(data: bytes, notes: Notes) -> str:
    """The file's characters. A byte order mark tells the encoding; without one, UTF-8 and then cp1252 are tried."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
            notes.add("The file is not in UTF-8 and was read as Windows text (cp1252). Look at letters with accents.")
    if "\0" in text:
        raise DataError("The file holds zero bytes, so it is no text that can be read. Save the table as “CSV UTF-8”.")
    if not text.strip():
        raise DataError("The file is empty. Choose a table with a row of names and rows of numbers.")
    return text


def _lines(text: str) -> Iterator[str]:
    """The file's lines with their ends, whichever these are."""
    return io.StringIO(text, newline="")


def _parsed(lines: Iterator[str], separator: str, most_lines: int) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with its number.

    Raises:
        DataError: there are too many lines, be there rows in them or not.
    """
    reader = csv.reader(lines, delimiter=separator, strict=True)
    for place, row in enumerate(reader, 1):
        if reader.line_num > most_lines:
            raise DataError(f"The file has more than {most_lines:,} lines. Take fewer rows, and no empty ones.")
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield place, cells


def _separator(text: str) -> str:
    """The separator that cuts most of the first rows into the same number of cells, at least two."""
    beginning = list(islice((line for line in _lines(text) if line.strip(_EMPTY)), _LINES_LOOKED_AT))
    agreeing = {}
    for separator in SEPARATORS:
        widths: Counter[int] = Counter()
        with suppress(csv.Error):  # where it is the right separator, reading all rows reports the error
            rows = _parsed(iter(beginning), separator, _LINES_LOOKED_AT)
            widths.update(len(row) for _, row in islice(rows, _LOOKED_AT))
        del widths[1]
        agreeing[separator] = max(widths.values(), default=0)
    best = max(agreeing, key=lambda separator: agreeing[separator])  # the first where several agree equally
    if not agreeing[best]:
        raise DataError(
            f"The table has one column only: no {', '.join(SEPARATORS.values())} separates another from it. "
            "Each row needs numbers and a class."
        )
    return best


def _rows(parsed: Iterator[tuple[int, list[str]]], limits: TableLimits, notes: Notes) -> Rows:
    """Names and cells; rows that are too short or too long are noted."""
    place, first = next(parsed)
    if len(first) > limits.columns:
        raise DataError(f"The table has {len(first):,} columns. LayerLab reads at most {limits.columns}. Take fewer.")
    if _is_data(first):
        notes.add("The first row holds numbers, not names, so the columns were named “column 1”, “column 2” and so on.")
        rows = Rows(_header([""] * len(first), notes), [first], [place])
    else:
        rows = Rows(_header(first, notes), [], [])
    for place, cells in parsed:
        if len(cells) != len(rows.header):
            notes.add(f"Row {place:,} was left out: it has {len(cells):,} cells instead of {len(rows.header)}.")
            continue
        if len(rows.cells) == limits.rows:
            raise DataError(f"The table has more than {limits.rows:,} rows. Take fewer.")
        rows.cells.append(cells)
        rows.numbers.append(place)
    return rows


def _is_data(first: list[str]) -> bool:
    """Whether a first row can hardly be names: most of its cells are numbers."""
    numbers = [cell for cell in first if number(cell.replace(",", ".")) is not None]
    return 2 * len(numbers) > len(first)


def _header(first: list[str], notes: Notes) -> tuple[str, ...]:
    """Names for all columns, no two alike."""
    names: list[str] = []
    for place, cell in enumerate(first, 1):
        wanted = name = printable(composed(cell)) or f"column {place}"
        times = 1
        while name in names:
            times += 1
            name = f"{wanted} ({times})"
        if times > 1:
            notes.add(f"Another column “{wanted}” was named “{name}”.")
        names.append(name)
    return tuple(names)


def _write_decimal_points(rows: Rows, notes: Notes) -> None:
    """Decimal commas become points in columns where every comma can be one."""
    for column, name in enumerate(rows.header):
        commas = [cells for cells in rows.cells if "," in cells[column]]
        if commas and all(number(cells[column].replace(",", ".", 1)) is not None for cells in commas):
            notes.add(f"Commas in column “{name}” were read as decimal points.")
            for cells in commas:
                cells[column] = cells[column].replace(",", ".", 1)
