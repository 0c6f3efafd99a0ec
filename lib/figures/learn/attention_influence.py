"""For each word: how much attention it gets, and how far the answer moves without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.figures.base.colours import BLUE, FAINT, ORANGE, plain_layout
from lib.figures.base.names import literals

Values = NDArray[np.float32]

_BAR = 26
"""Pixels from one word to the next."""
_ROOM = 1.35
"""How far an axis reaches, in the longest bar's length: its number stands there."""
_STILL = {
    "side": "top",
    "fixedrange": True,
    "showgrid": False,
    "showticklabels": False,
    "zeroline": True,
    "zerolinecolor": FAINT,
}


def influence_bars(words: Sequence[str], received: Values, changes: Values, ink: str = "") -> dict[str, Any]:
    """Two bars for each word: to the left the attention that it gets, to the right the change without it.

    Args:
        words: of the sentence, in its order.
        received: mean share of the attention that each gets, `(words,)`.
        changes: of the probability of praise when each is left out, `(words,)`.
        ink: the text's colour; plotly's own if empty.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly.
    """
    places, font = list(range(len(words))), {"color": ink} if ink else {}
    names = literals(words)
    most, furthest = float(received.max(initial=0)) or 1.0, float(np.abs(changes).max(initial=0)) or 1.0
    lowest = -_ROOM * furthest if (changes < 0).any() else 0.0
    highest = _ROOM * furthest if (changes > 0).any() else 0.0
    bars = [
        {
            "type": "bar", "orientation": "h", "x": values.tolist(), "y": places, "xaxis": axis, "yaxis": "y",
            "marker": {"color": colour}, "customdata": names,
            "text": [format(each, digits) for each in values.tolist()], "textposition": "outside",
            "textfont": font, "cliponaxis": False,
            "hovertemplate": "%{customdata}: %{x:.4f}<extra></extra>",
        }
        for axis, values, colour, digits in (("x", received, BLUE, ".3f"), ("x2", changes, ORANGE, "+.3f"))
    ]  # fmt: skip
    layout = plain_layout(
        _BAR * len(words) + 44,
        bargap=0.3,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        xaxis={**_STILL, "domain": [0, 0.42], "range": [0, _ROOM * most],
               "title": {"text": "attention it gets", "font": font}},
        xaxis2={**_STILL, "domain": [0.48, 1], "range": [lowest, highest], "anchor": "y",
                "title": {"text": "change without it", "font": font}},
        yaxis={"tickmode": "array", "tickvals": places, "ticktext": names, "range": [len(words) - 0.5, -0.5],
               "fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True, "ticks": "",
               "tickfont": font},
    )  # fmt: skip
    return {"data": bars, "layout": layout}


def describe_influence(words: Sequence[str], received: Values, changes: Values) -> str:
    """The alt text: both numbers of each word."""
    told = (
        f"{word} gets {share:.3f}, without it {change:+.3f}"
        for word, share, change in zip(words, received.tolist(), changes.tolist(), strict=True)
    )
    return f"Attention that each word gets, and change of the probability of praise without it: {'; '.join(told)}."
