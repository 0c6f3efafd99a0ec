"""Tables as files that a spreadsheet opens, of which none of the cells is run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet may take for the beginning of a formula; some read the wide signs of East Asia in the same way."""
_NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?")


def cell(value: object) -> str:
    """A value as a spreadsheet shows it: text that it would run as a formula gets an apostrophe in front.

    >>> cell("=1+1"), cell("-0.5"), cell(-0.5), cell(None), cell("- more"), cell(True)
    ("'=1+1", '-0.5', '-0.5', '', "'- more", 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    dangerous = isinstance(value, str) and _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if dangerous else text


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV, with a line of names above."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([cell(name) for name in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    return stream.getvalue()
