"""Two classes at every threshold: the ROC curve and the precision-recall curve, with the chosen threshold on both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.metrics import Thresholds, average_precision, roc_area
from lib.figures.base.colours import BLUE, FAINT, FITTING, GREY, VERMILLION, plain_layout, room, with_alpha

MOST_POINTS = 200


def roc_curve(thresholds: Thresholds, false_positive_rate: float, recall: float) -> dict[str, Any]:
    """Recall over false positive rate; the diagonal is what guessing gives.

    Args:
        thresholds: of a test in which both classes occur.
        false_positive_rate, recall: of the threshold that was chosen, 0 to 1.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly: redrawn at each move of a slider, so it is a plain dict.
    """
    x, y = thresholds.false_positive_rate, thresholds.recall
    shown = _shown(len(x))
    words = "threshold %{customdata:.3f}<br>false positives %{x:.1%}, recall %{y:.1%}<extra></extra>"
    traces = [
        _guessing([0, 1], [0, 1]),
        _curve(x[shown], y[shown], thresholds.scores[shown], "linear", words),
        _chosen(false_positive_rate, recall),
    ]
    return {"data": traces, "layout": _layout("false positive rate", "recall", f"ROC, area {_area(thresholds)}")}


def precision_recall_curve(thresholds: Thresholds, recall: float, precision: float) -> dict[str, Any]:
    """Precision over recall; the level line is the share of positives, what guessing gives.

    Args:
        thresholds: of a test in which positives occur.
        recall, precision: of the threshold that was chosen, 0 to 1.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly.
    """
    x, y = thresholds.recall, thresholds.precision
    shown = _shown(len(x))
    positives = float(thresholds.true_positives[-1])
    share = positives / max(positives + float(thresholds.false_positives[-1]), 1.0)
    words = "threshold %{customdata:.3f}<br>recall %{x:.1%}, precision %{y:.1%}<extra></extra>"
    traces = [
        _guessing([0, 1], [share, share]),
        # Each precision holds for the whole step before it, so the area below the line is the one in the title.
        _curve(x[shown], y[shown], thresholds.scores[shown], "vh", words),
        _chosen(recall, precision),
    ]
    title = f"Precision and recall, area {average_precision(thresholds):.3f}"
    return {"data": traces, "layout": _layout("recall", "precision", title)}


def describe_roc(thresholds: Thresholds, false_positive_rate: float, recall: float) -> str:
    """The alt text: the area, and where the threshold stands."""
    where = f"recall {recall:.1%} at a false positive rate of {false_positive_rate:.1%}"
    return f"ROC curve with area {_area(thresholds)}. The threshold gives {where}."


def describe_precision_recall(thresholds: Thresholds, recall: float, precision: float) -> str:
    """The alt text: the area, and where the threshold stands."""
    where = f"precision {precision:.1%} at a recall of {recall:.1%}"
    return f"Precision-recall curve with area {average_precision(thresholds):.3f}. The threshold gives {where}."


def _area(thresholds: Thresholds) -> str:
    return f"{roc_area(thresholds):.3f}"


def _shown(points: int) -> NDArray[np.intp]:
    """Positions that are drawn: all, or evenly picked ones with both ends."""
    return np.unique(np.linspace(0, points - 1, min(points, MOST_POINTS)).astype(np.intp))


def _curve(
    x: NDArray[np.float64], y: NDArray[np.float64], scores: NDArray[np.float64], shape: str, hover: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x.round(4).tolist(),
        "y": y.round(4).tolist(),
        # Above all scores: JSON knows no infinity.
        "customdata": [1.0 if math.isinf(score) else round(score, 4) for score in scores.tolist()],
        "line": {"color": BLUE, "width": 2.4, "shape": shape},
        "hovertemplate": hover,
    }


def _guessing(x: Sequence[float], y: Sequence[float]) -> dict[str, Any]:
    line = {"color": with_alpha(GREY, 0.8), "width": 1.4, "dash": "dot"}
    return {"type": "scatter", "mode": "lines", "x": list(x), "y": list(y), "line": line, "hoverinfo": "skip"}


def _chosen(x: float, y: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [y],
        "marker": {"size": 13, "color": VERMILLION, "line": {"width": 2, "color": "#FFFFFF"}},
        "hovertemplate": "the threshold chosen<extra></extra>",
        "cliponaxis": False,
    }


def _layout(across: str, up: str, title: str) -> dict[str, Any]:
    axis = {"range": [0, 1.02], "tickformat": ".0%", "nticks": 6, "gridcolor": FAINT, "zeroline": False,
            "fixedrange": True, **FITTING}  # fmt: skip
    return plain_layout(
        280,
        margin=room(r=16, t=36),
        title={"text": title, "font": {"size": 15}, "x": 0, "y": 0.98, "yanchor": "top"},
        hovermode="closest",
        xaxis={**axis, "title": {"text": across}},
        yaxis={**axis, "title": {"text": up}},
    )
