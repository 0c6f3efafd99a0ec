"""A row of a table on its way into a network: as it is, or with other values in some of its columns."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.data.preparing import prepare
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.data import DataSpec
from lib.ui.inside.given import Input
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.kit.noted import Noted
from lib.ui.kit.options import pin

_MOST_FIELDS = 30
"""Columns that can be changed; a wide table's others stay as they are."""
_SCROLLED_FROM = 6
_SIDE_BY_SIDE = 2
_TALL = 372
"""Pixels of the box that more fields than six share."""
_TEXT = re.compile(r"\d{1,6}(;\d{1,2}:-?\d{1,16}(\.\d{1,17})?(e[-+]\d{2})?){1,30}")
_MOST_LETTERS = 900
_MOST = 1e15
"""No value that is typed goes beyond, so that a sum of its products is still a number."""

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What the training rows of a table are like, in the columns' own units, `(columns,)` each."""

    means: Values
    deviations: Values


@lru_cache(maxsize=32)
def columns_of(data: DataSpec, validation_split: float) -> Columns:
    """The columns of a run's training part. Remembered, because they are computed from all its rows.

    Raises:
        DataError: the dataset cannot be read.
    """
    rows = prepare(data, validation_split).train.x.astype(np.float64)
    return Columns(rows.mean(axis=0).astype(np.float32), rows.std(axis=0).astype(np.float32))


def edited_row(run: RunSnapshot, number: int, row: Values, truth: int) -> Input:
    """Show the values of a test row, and let a person change them.

    Args:
        run: whose test part the row is in.
        number: its position there. Another row, or another run, comes as it is.
        row: its values in the columns' own units.
        truth: its class.

    Raises:
        DataError: the training rows are not here any more.
    """
    spec = run.spec
    steps = [_step(float(each)) for each in columns_of(spec.data, spec.training.validation_split).deviations]
    keys = [f"inside_{run.id}_{number}_{place}" for place in range(len(row))][:_MOST_FIELDS]
    names, values, noted = spec.data.facts.columns, row.copy(), _noted(run, number, len(keys))
    put_in = _of_text(noted.shown())
    with st.container(key="inside_values", height=_TALL if len(keys) > _SCROLLED_FROM else "content", border=False):
        for first in range(0, len(keys), _SIDE_BY_SIDE):
            for place, side in zip(range(first, len(keys)), st.columns(_SIDE_BY_SIDE), strict=False):
                with side:
                    original = _decimal(row[place])
                    known = put_in.get(place, original)
                    report = partial(_put, noted, place, original, Key(keys[place], known))
                    values[place] = _field(names[place], keys[place], original, known, steps[place], report)
    if len(row) > len(keys):
        st.caption(lessons.text("inside.first_columns", shown=len(keys), all=len(row)))
    changed = [place for place in range(len(row)) if values[place] != row[place]]
    if not changed:
        return Input(row, f"test row {number}", truth)
    st.button("Back to the test row", key="inside_undo", icon=":material/undo:", on_click=noted.set, args=("",))
    noun = "value" if len(changed) == 1 else "values"
    return Input(values, f"test row {number} with {len(changed)} {noun} changed", truth)


def _field(name: str, key: str, original: float, known: float, step: float, report: Callable[[], None]) -> float:
    """A value that a person may change."""
    most = max(_MOST, abs(original))
    known = min(max(known, -most), most)
    pin(key, known)
    return st.number_input(words.escaped(name), -most, most, known, step, format="%.10g", key=key, on_change=report)


# --- what was put in, as a text of the address -----------------------------------------------------------------------


def _noted(run: RunSnapshot, number: int, fields: int) -> Noted[str]:
    """Where the changed values of a row are noted. Those of a person's own table stay out of the address."""
    parameter = "" if run.spec.data.facts.own else "values"
    return Noted(f"inside_values_{run.id}_{number}", parameter, "", partial(_read, number, fields))


def _read(number: int, fields: int, text: str) -> str | None:
    """The text, if it is about this row; "" for one about another row; None where it makes no sense.

    >>> _read(7, 4, "7;0:5.1;3:-0.2"), _read(8, 4, "7;0:5.1"), _read(7, 4, "7;4:5"), _read(7, 4, "x")
    ('7;0:5.1;3:-0.2', '', None, None)
    """
    if not text:
        return ""
    if len(text) > _MOST_LETTERS or not _TEXT.fullmatch(text) or any(place >= fields for place in _of_text(text)):
        return None
    return text if text.partition(";")[0] == str(number) else ""


def _of_text(text: str) -> dict[int, float]:
    """The values, by the column's place.

    >>> _of_text("7;0:5.1;3:-0.2")
    {0: 5.1, 3: -0.2}
    """
    pairs = (part.split(":") for part in text.split(";")[1:])
    return {int(place): float(value) for place, value in pairs}


def _put(noted: Noted[str], place: int, original: float, field: Key[float]) -> None:
    """Note what a person typed, or that the value is again as the row has it."""
    number = noted.key.rpartition("_")[2]
    values = {**_of_text(noted.get()), place: field.get()}
    changed = {each: value for each, value in values.items() if each != place or value != original}
    said = [f"{each}:{value!r}" for each, value in sorted(changed.items())]
    noted.set(";".join([number, *said]) if said else "")


def _step(deviation: float) -> float:
    """How far one press goes: a round number of about a tenth to a whole standard deviation.

    >>> _step(0.8), _step(314), _step(0)
    (0.1, 100.0, 1.0)
    """
    return float(f"1e{math.floor(math.log10(deviation))}") if deviation > 0 else 1.0


def _decimal(value: np.float32) -> float:
    """The shortest decimal number that is this float32: 0.28, not 0.2800000011920929.

    >>> _decimal(np.float32(0.28))
    0.28
    """
    return float(str(value))
