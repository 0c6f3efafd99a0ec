"""One map of numbers as a picture whose every cell tells its number."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lib.figures.base.colours import DIVERGING, plain_layout

GREYS: list[tuple[float, str]] = [(0.0, "#000000"), (1.0, "#FFFFFF")]
PLACE = "row %{y}, column %{x}"

HIDDEN_AXIS: dict[str, Any] = {"visible": False, "fixedrange": True, "constrain": "domain"}


def heatmap(values: NDArray[np.float32], limit: float, signed: bool, **more: Any) -> go.Heatmap:
    """Cells in shades of grey from 0 to `limit`, or, if signed, from blue (`-limit`) over white (0) to red (`limit`).

    Args:
        values: `(rows, columns)`; NaN stays empty.
        limit: value of the last colour.
        signed: which of the two scales.
        more: other options of the trace, such as `customdata`; `hovertemplate` tells place and value unless given.
    """
    more = {"hovertemplate": PLACE + "<br>%{z:.3f}<extra></extra>", "hoverongaps": False, **more}
    scale = DIVERGING if signed else GREYS
    return go.Heatmap(z=values, zmin=-limit if signed else 0, zmax=limit, colorscale=scale, showscale=False, **more)


def value_map(values: NDArray[np.float32], limit: float, signed: bool, height: int = 260, **more: Any) -> go.Figure:
    """A map with square cells, its first row on top; see `heatmap` for the options.

    Args:
        values: `(rows, columns)`.
        limit: value of the last colour.
        signed: blue, white and red instead of shades of grey.
        height: of the picture, in pixels.
        more: other options of the trace.
    """
    return go.Figure(
        heatmap(values, limit, signed, **more),
        plain_layout(
            height,
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            xaxis=HIDDEN_AXIS,
            yaxis={**HIDDEN_AXIS, "autorange": "reversed", "scaleanchor": "x"},
        ),
    )
