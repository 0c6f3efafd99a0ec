"""How far each named part of a sample moves the answer: signed bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.figures.base.colours import DIVERGING, FAINT, FITTING, INK, plain_layout
from lib.figures.base.names import literals

FOR, AGAINST = "#D6604D", "#4393C3"
"""Of the scale for signed values (ColorBrewer's RdBu), dark enough to be seen on white and light enough on black."""
MOST_SHOWN = 24
"""Parts that get a bar, the weightiest."""
_BAR = 26
"""Pixels from one bar to the next."""
_ROOM = 1.7
"""How far the axis reaches, in the longest bar's length: on a phone its number needs so much."""
_DIGITS, _FEWER_DIGITS = 3, 2
"""Beside a bar, and below a word, where there is less room."""

Values = NDArray[np.float32]


def weightiest(parts: Values) -> list[int]:
    """The parts that get a bar, the one that moves the answer most first.

    >>> weightiest(np.array([0.1, -0.5, 0.3], np.float32))
    [1, 2, 0]
    """
    return [int(place) for place in np.argsort(-np.abs(parts), kind="stable")[:MOST_SHOWN]]


def part_bars(names: Sequence[str], parts: Values, one_sided: bool = False) -> dict[str, Any]:
    """A bar for each part, the weightiest on top; to the right what speaks for the answer, to the left what against it.

    Args:
        names: of the parts.
        parts: by how much the answer falls without each, `(parts,)`.
        one_sided: whether the axis begins at 0 where no part is below.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly.
    """
    order = weightiest(parts)
    values, shown = [float(parts[place]) for place in order], literals(names[place] for place in order)
    most = max(map(abs, values), default=0) or 1.0
    lowest = 0.0 if one_sided and min(values, default=0) >= 0 else -_ROOM * most
    font = {"color": INK}
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": list(range(len(order))),
        "marker": {"color": [FOR if value >= 0 else AGAINST for value in values]},
        "text": [signed(value) for value in values],
        "textposition": "outside",
        "textfont": font,
        "cliponaxis": False,
        "customdata": shown,
        "hovertemplate": "%{customdata}: %{x:+.5f}<extra></extra>",
    }
    layout = plain_layout(
        _BAR * len(order) + 16,
        bargap=0.3,
        xaxis={"range": [lowest, _ROOM * most], "zeroline": True, "zerolinecolor": FAINT, "showgrid": False,
               "showticklabels": False, "fixedrange": True},
        yaxis={"tickmode": "array", "tickvals": list(range(len(order))), "ticktext": shown,
               "range": [len(order) - 0.5, -0.5], "fixedrange": True, "showgrid": False, "zeroline": False,
               **FITTING, "ticks": "", "tickfont": font},
    )  # fmt: skip
    return {"data": [bars], "layout": layout}


def signed(value: float, digits: int = _DIGITS) -> str:
    """A number with its sign and a few digits.

    >>> signed(0.51234), signed(-0.00001234), signed(0.0)
    ('+0.512', '-1.23e-05', '0')
    """
    return f"{value:+.{digits}g}" if value else "0"


def describe_parts(names: Sequence[str], parts: Values) -> str:
    """The bars in words, the weightiest first.

    >>> describe_parts(["hue", "ash"], np.array([0.25, -0.5], np.float32))
    'ash -0.5, hue +0.25'
    """
    return ", ".join(f"{names[place]} {signed(float(parts[place]))}" for place in weightiest(parts))


def words_data(words: Sequence[str], parts: Values, usual: float) -> dict[str, Any]:
    """What the component of a sentence's words is fed: plain JSON.

    Args:
        words: as they are read.
        parts: by how much the probability falls without each, `(words,)`.
        usual: the probability with all of them.
    """
    return {
        "words": [
            {
                "word": word, "part": part, "number": signed(part, _FEWER_DIGITS),
                "said": f"“{word}”: the probability is {usual:.3f}, and {usual - part:.3f} without the word",
            }
            for word, part in zip(words, parts.tolist(), strict=True)
        ],
        "most": float(np.abs(parts).max()) or 1.0,
        "diverging": [colour for _, colour in DIVERGING],
    }  # fmt: skip
