"""Test points in the plane, as a trained network sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.figures.base.colours import FAINT, FITTING, IN_THE_PLANE, INK, plain_layout, room
from lib.figures.base.names import literals

SYMBOLS = ("circle", "square", "diamond")
EDGE = 6.5


def answered_points(
    points: ArrayLike, true: ArrayLike, predicted: ArrayLike, class_names: Sequence[str]
) -> dict[str, Any]:
    """Each point in the colour of its true class, its rim in the colour of the predicted one; a cross on each mistake.

    Args:
        points: where they lie, `(samples, 2)`.
        true, predicted: class of each, `(samples,)`.
        class_names: at most three.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly: one trace a class, and one for the mistakes.
    """
    places, true, predicted = np.asarray(points), np.asarray(true), np.asarray(predicted)
    shown = literals(class_names)
    traces = [
        _points(places, np.flatnonzero(true == label), predicted, shown, label) for label in range(len(class_names))
    ]
    wrong = np.flatnonzero(true != predicted)
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": f"mistakes ({len(wrong):,})",
            "x": places[wrong, 0].round(3).tolist(),
            "y": places[wrong, 1].round(3).tolist(),
            "marker": {"symbol": "x-thin", "size": 11, "line": {"width": 2, "color": INK}},
            "hoverinfo": "skip",
        }
    )
    return {"data": traces, "layout": _layout(max(EDGE, float(np.abs(places).max(initial=0)) + 0.5))}


def _points(
    places: np.ndarray[Any, Any], inside: np.ndarray[Any, Any], predicted: np.ndarray[Any, Any],
    names: list[str], label: int,
) -> dict[str, Any]:  # fmt: skip
    return {
        "type": "scatter",
        "mode": "markers",
        "name": names[label],
        "x": places[inside, 0].round(3).tolist(),
        "y": places[inside, 1].round(3).tolist(),
        "customdata": [[int(number), names[label], names[predicted[number]]] for number in inside],
        "marker": {
            "symbol": SYMBOLS[label],
            "size": 9,
            "color": IN_THE_PLANE[label],
            "line": {"width": 2, "color": [IN_THE_PLANE[place] for place in predicted[inside]]},
        },
        # The names come as data: in the template itself a name could be read as a part of it, `%{x}`.
        "hovertemplate": "no. %{customdata[0]} (%{x:.2f}, %{y:.2f})<br>true: %{customdata[1]}"
        "<br>predicted: %{customdata[2]}<extra></extra>",
    }


def _layout(edge: float) -> dict[str, Any]:
    axis = {"range": [-edge, edge], "gridcolor": FAINT, "zeroline": False, "fixedrange": True, **FITTING}
    return plain_layout(
        440,
        margin=room(t=40),
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
        xaxis={**axis, "title": {"text": "x"}, "constrain": "domain"},
        yaxis={**axis, "title": {"text": "y"}, "scaleanchor": "x", "constrain": "domain"},
    )


def describe_answered_points(true: ArrayLike, predicted: ArrayLike, class_names: Sequence[str]) -> str:
    """The alt text: how many points there are of each class, and how many were mistaken.

    >>> describe_answered_points([0, 1, 1], [0, 1, 0], ["blue", "orange"])
    'Test points in the plane: 1 blue, 0 of them wrong; 2 orange, 1 of them wrong.'
    """
    true, predicted = np.asarray(true), np.asarray(predicted)
    parts = [
        f"{np.sum(true == label):,} {name}, {np.sum((true == label) & (predicted != label)):,} of them wrong"
        for label, name in enumerate(class_names)
    ]
    return f"Test points in the plane: {'; '.join(parts)}."
