"""How sure a network is and how often it is right: the reliability diagram, and what silence in doubt brings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lib.concepts.calibration import Abstention, Reliability, wilson_interval
from lib.figures.base.colours import BLUE, FAINT, FITTING, GREY, VERMILLION, plain_layout, room, with_alpha

MOST_POINTS = 200
FEWEST = 20
"""The share of right ones among fewer answers is chance; such points are not drawn."""
_HEIGHT = 300
_NEARLY_SURE = 0.95
"""From here on a confidence is written with a decimal, rounded down: 100% would be said of too many."""


def reliability_diagram(found: Reliability) -> dict[str, Any]:
    """How often answers are right (bars), beside how sure the network was of them (dashed line).

    Bars hold about equally many answers each and are equally wide, so that a network that is nearly always sure does
    not have them all in one corner. The dashed line is the diagonal of a diagram with an even axis: there the bars
    would end if the network were right exactly as often as it is sure. Thin lines show between what a share may lie,
    with 95% confidence.

    Args:
        found: at least one bin.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly.
    """
    low, high = wilson_interval(found.accuracy, found.count)
    places = list(range(len(found.count)))
    bars = {
        "type": "bar",
        "x": places,
        "y": found.accuracy.round(4).tolist(),
        "marker": {"color": with_alpha(BLUE, 0.75)},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": np.maximum(high - found.accuracy, 0).round(4).tolist(),
            "arrayminus": np.maximum(found.accuracy - low, 0).round(4).tolist(),
            "color": GREY,
            "thickness": 1.4,
            "width": 3,
        },
        "customdata": np.stack([found.confidence.round(4), found.count], axis=1).tolist(),
        "hovertemplate": "%{customdata[0]:.2%} sure, %{y:.2%} right<br>%{customdata[1]:,} answers<extra></extra>",
    }
    diagonal = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": places,
        "y": found.confidence.round(4).tolist(),
        "line": {"color": VERMILLION, "width": 2, "dash": "dash"},
        "marker": {"size": 7, "symbol": "diamond", "color": VERMILLION},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    layout = _layout("how sure it is, in %", "how often it is right")
    layout["xaxis"] |= {"tickvals": places, "ticktext": [_label(sure) for sure in found.confidence.tolist()],
                        "showgrid": False}  # fmt: skip
    return {"data": [bars, diagonal], "layout": {**layout, "bargap": 0.15}}


def _label(confidence: float) -> str:
    """A confidence in percent, for below a bar.

    >>> _label(0.614), _label(0.9999), _label(1.0)
    ('61', '99.9', '100.0')
    """
    return f"{math.floor(1_000 * confidence) / 10:.1f}" if confidence >= _NEARLY_SURE else f"{100 * confidence:.0f}"


def describe_reliability(found: Reliability) -> str:
    """The alt text: the error, and how sure and how right the least and the most confident answers are."""
    first, last = (
        f"{found.count[place]:,} answers of {found.confidence[place]:.1%} confidence are right in"
        f" {found.accuracy[place]:.1%}"
        for place in (0, -1)
    )
    ends = f"The least sure {first}; the most sure {last}." if len(found.count) > 1 else f"All {first}."
    return f"Reliability diagram of {len(found.count)} bars, expected calibration error {found.error:.1%}. {ends}"


def doubt_curve(found: Abstention, answered: int, right: int) -> dict[str, Any]:
    """The share of right ones among the answers that are given, over how many are given.

    Args:
        found: at every threshold.
        answered: how many are given at the threshold that was chosen.
        right: how many of these are right.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly: redrawn at each move of a slider, so it is a plain dict.
    """
    enough = np.flatnonzero(found.answered >= min(FEWEST, found.samples))
    shown = enough[np.unique(np.linspace(0, len(enough) - 1, min(len(enough), MOST_POINTS)).astype(np.intp))]
    across = found.answered[shown] / max(found.samples, 1)
    up = found.right[shown] / found.answered[shown]
    curve = {
        "type": "scatter",
        "mode": "lines",
        "x": across.round(4).tolist(),
        "y": up.round(4).tolist(),
        "customdata": found.confidence[shown].round(4).tolist(),
        "line": {"color": BLUE, "width": 2.4},
        "hovertemplate": "%{customdata:.1%} sure or more<br>%{x:.1%} answered, %{y:.1%} right<extra></extra>",
    }
    traces, lowest = [curve], float(up.min())
    if answered:
        share = right / answered
        lowest = min(lowest, share)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [answered / found.samples],
                "y": [share],
                "marker": {"size": 13, "color": VERMILLION, "line": {"width": 2, "color": "#FFFFFF"}},
                "hovertemplate": "the threshold chosen<extra></extra>",
                "cliponaxis": False,
            }
        )
    floor = max(0.0, np.floor(10 * lowest - 0.2) / 10)
    layout = _layout("share answered", "share of these that is right")
    layout["xaxis"] |= {"range": [0, 1.02], "tickformat": ".0%"}
    layout["yaxis"]["range"] = [floor, 1 + 0.02 * (1 - floor)]
    return {"data": traces, "layout": layout}


def describe_doubt(found: Abstention, answered: int, right: int) -> str:
    """The alt text: what all answers give, and those that are given at the chosen threshold."""
    everything = f"All {found.samples:,} answered: {found.right[-1] / found.samples:.1%} right."
    if not answered:
        return f"{everything} At the chosen threshold none is."
    share = answered / found.samples
    return f"{everything} At the chosen threshold {share:.1%} are, and {right / answered:.1%} of these are right."


def _layout(across: str, up: str) -> dict[str, Any]:
    axis = {"nticks": 6, "gridcolor": FAINT, "zeroline": False, "fixedrange": True, **FITTING}
    return plain_layout(
        _HEIGHT,
        margin=room(r=16, t=12),
        hovermode="closest",
        xaxis={**axis, "title": {"text": across}},
        yaxis={**axis, "title": {"text": up}, "tickformat": ".0%", "range": [0, 1.02]},
    )
