"""Predicted numbers beside the true ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.concepts.metrics import mean_absolute_error
from lib.figures.base.colours import BLUE, FAINT, FITTING, GREY, plain_layout, with_alpha

MOST_POINTS = 2_000


def predicted_over_true(true: ArrayLike, predicted: ArrayLike) -> dict[str, Any]:
    """One point a sample; a perfect model has all of them on the diagonal.

    Args:
        true, predicted: numbers, `(samples,)`, at least one; of more than 2,000 samples the first ones are drawn.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly; `customdata` holds each point's position.

    Raises:
        ValueError: the lengths differ, or there is no sample.
    """
    x, y = np.asarray(true, np.float64)[:MOST_POINTS], np.asarray(predicted, np.float64)[:MOST_POINTS]
    if x.shape != y.shape or not x.size:
        raise ValueError(f"true and predicted must be as long as each other, not {x.shape} and {y.shape}")
    low, high = float(min(x.min(), y.min())), float(max(x.max(), y.max()))
    edge = 0.05 * (high - low) or 1.0
    ends = [low - edge, high + edge]
    diagonal = {
        "type": "scatter",
        "mode": "lines",
        "x": ends,
        "y": ends,
        "line": {"color": GREY, "width": 1.4, "dash": "dot"},
        "hoverinfo": "skip",
    }
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": x.round(4).tolist(),
        "y": y.round(4).tolist(),
        "customdata": list(range(len(x))),
        "marker": {"size": 7, "color": with_alpha(BLUE, 0.7)},
        "hovertemplate": "no. %{customdata}<br>true %{x:.3f}<br>predicted %{y:.3f}<extra></extra>",
    }
    axis = {"range": ends, "gridcolor": FAINT, "zeroline": False, "fixedrange": True, **FITTING}
    layout = plain_layout(
        380,
        hovermode="closest",
        xaxis={**axis, "title": {"text": "true"}},
        yaxis={**axis, "title": {"text": "predicted"}},
    )
    return {"data": [diagonal, points], "layout": layout}


def describe_predicted_over_true(true: ArrayLike, predicted: ArrayLike) -> str:
    """The alt text: how far predictions are off on average and at most.

    >>> describe_predicted_over_true([0, 1], [0.5, 1])
    'Predicted over true numbers of 2 samples: off by 0.2500 on average, by 0.5000 at most.'
    """
    off = np.abs(np.asarray(predicted, np.float64) - np.asarray(true, np.float64))
    mean = mean_absolute_error(true, predicted)
    most = f"by {off.max():.4f} at most"
    return f"Predicted over true numbers of {len(off):,} samples: off by {mean:.4f} on average, {most}."
