"""The layout of every chart of figures over epochs: the curves of one run, and those of many."""

from __future__ import annotations

from typing import Any

from lib.figures.base.colours import FAINT, FITTING, plain_layout, room


def over_epochs(title: str, height: int, revision: str, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """Title and legend above, epochs below.

    Args:
        title: stands above the chart.
        height: in pixels.
        revision: plotly's `uirevision`: constant, so that a zoom outlives the next redraw.
        x: of the axis of the epochs, such as its range.
        y: of the other one.
    """
    axis = {"gridcolor": FAINT, "zeroline": False, **FITTING}
    return plain_layout(
        height,
        margin=room(r=12, t=78),
        uirevision=revision,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom", "font": {"size": 12}},
        hovermode="closest",
        title={"text": title, "font": {"size": 15}, "x": 0, "y": 0.98, "yanchor": "top"},
        xaxis={"title": {"text": "epoch"}, **axis, **x},
        yaxis={**axis, **y},
    )
