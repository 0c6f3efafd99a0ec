"""What a small shift of the picture changes, with and without pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lib.figures.base.colours import INK, plain_layout
from lib.figures.base.value_map import HIDDEN_AXIS, PLACE, heatmap

Values = NDArray[np.float32]

COLUMNS = ("before", "after the shift", "change")
ROWS = ("as it is", "pooled")
HEIGHT = 370
_GAP = 0.04
# Room for the titles, as shares of the figure.
_LEFT, _TOP = 0.05, 0.07


def shift_maps(plain: tuple[Values, Values], pooled: tuple[Values, Values]) -> go.Figure:
    """Six maps: above the picture before, after, and the change; below the same after pooling.

    Args:
        plain: the picture before and after the shift, `(height, width, channels)`, about 0 to 1.
        pooled: both after pooling.

    Returns:
        Heatmaps of the channels' mean; changes in the diverging scale, from -1 to 1.
    """
    traces: list[go.Heatmap] = []
    axes: dict[str, Any] = {}
    for row, pair in enumerate((plain, pooled)):
        before, after = (values.mean(axis=2) for values in pair)
        for column, values in enumerate((before, after, after - before)):
            number = 3 * row + column + 1
            traces.append(_trace(values, number, column == 2))
            axes |= _axes(number, row, column)
    layout = plain_layout(HEIGHT, margin={"l": 0, "r": 0, "t": 0, "b": 0}, annotations=_titles(), **axes)
    return go.Figure(traces, layout)


def _trace(values: Values, number: int, signed: bool) -> go.Heatmap:
    word = "changed by " if signed else ""
    return heatmap(
        values, max(1.0, float(np.abs(values).max(initial=0))), signed, xaxis=f"x{number}", yaxis=f"y{number}",
        hovertemplate=PLACE + f"<br>{word}%{{z:.2f}}<extra></extra>",
    )  # fmt: skip


def _axes(number: int, row: int, column: int) -> dict[str, Any]:
    left, right = _span(column, 3, _LEFT, 1)
    bottom, top = _span(1 - row, 2, 0, 1 - _TOP)
    return {
        f"xaxis{number}": {**HIDDEN_AXIS, "domain": [left, right], "anchor": f"y{number}"},
        f"yaxis{number}": {
            **HIDDEN_AXIS,
            "domain": [bottom, top],
            "anchor": f"x{number}",
            "scaleanchor": f"x{number}",
            "autorange": "reversed",
        },
    }


def _span(place: int, count: int, start: float, end: float) -> tuple[float, float]:
    """Where the place-th of some equal parts begins and ends."""
    size = (end - start - _GAP * (count - 1)) / count
    first = start + place * (size + _GAP)
    return first, first + size


def _titles() -> list[dict[str, Any]]:
    font = {"size": 13, "color": INK}
    common = {"xref": "paper", "yref": "paper", "showarrow": False, "font": font, "xanchor": "center"}
    columns = [
        {"text": text, "x": sum(_span(place, 3, _LEFT, 1)) / 2, "y": 1, "yanchor": "top", **common}
        for place, text in enumerate(COLUMNS)
    ]
    rows = [
        {"text": text, "x": _LEFT / 2, "y": sum(_span(1 - place, 2, 0, 1 - _TOP)) / 2, "yanchor": "middle",
         "textangle": -90, **common}
        for place, text in enumerate(ROWS)
    ]  # fmt: skip
    return columns + rows


def describe_shift(plain: float, pooled: float) -> str:
    """The alt text.

    Args:
        plain, pooled: the share that changed, of the picture and of the pooled map.

    >>> describe_shift(0.5, 0.25)
    'Six maps: before a shift, after it, and the change. The picture changes by 50%, the pooled map by 25%.'
    """
    return (
        "Six maps: before a shift, after it, and the change. "
        f"The picture changes by {plain:.0%}, the pooled map by {pooled:.0%}."
    )
