"""What a measurement is, and the table that all of them become."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

HEADER = "| what | budget | measured | ok? |\n|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        what: what was measured.
        value: the figure, in `unit`.
        unit: "ms", "s", "MB", "" and so on.
        limit: the budget in the same unit, or None for a figure that is only told.
        better: whether the figure is to be at most or at least the budget.
        note: what else there is to know: how it was measured, how it scattered.
    """

    what: str
    value: float
    unit: str = ""
    limit: float | None = None
    better: Literal["less", "more"] = "less"
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the budget is kept; a figure without one always is."""
        if self.limit is None:
            return True
        return self.value <= self.limit if self.better == "less" else self.value >= self.limit

    @property
    def must_be_none(self) -> bool:
        """Whether this counts errors, of which there may be none."""
        return self.limit == 0

    def markdown(self) -> str:
        """The row of the table.

        >>> Row("stop obeyed", 0.2, "s", 1.0).markdown()
        '| stop obeyed | <= 1 s | 0.2 s | yes |'
        """
        sign = "<=" if self.better == "less" else ">="
        budget = "-" if self.limit is None else f"{sign} {figure(self.limit)} {self.unit}".strip()
        measured = f"{figure(self.value)} {self.unit}".strip() + (f" ({self.note})" if self.note else "")
        verdict = "" if self.limit is None else "yes" if self.ok else "**no**"
        return f"| {self.what} | {budget} | {measured} | {verdict} |"


def table(rows: Iterable[Row]) -> str:
    """All rows as one Markdown table."""
    return "\n".join([HEADER, *(row.markdown() for row in rows)])


def figure(value: float) -> str:
    """A number with about three digits.

    >>> [figure(number) for number in (0.9712, 12.34, 1234.5, 30.0)]
    ['0.971', '12.3', '1,234', '30']
    """
    if math.isnan(value):
        return "nothing measured"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values reach ("nearest rank"); NaN of nothing.

    >>> percentile([3.0, 1.0, 2.0, 4.0], 0.5), percentile([3.0, 1.0, 2.0, 4.0], 0.95)
    (2.0, 4.0)
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must lie between 0 and 1, not {share}")
    if not values:
        return math.nan
    return sorted(values)[math.ceil(share * len(values)) - 1]


def median(values: Sequence[float]) -> float:
    """The value in the middle, by nearest rank."""
    return percentile(values, 0.5)
