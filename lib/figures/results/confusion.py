"""The confusion matrix: what was taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from lib.figures.base.colours import FAINT, RIGHT, WRONG, plain_layout, with_alpha
from lib.figures.base.names import literals

MOST_NUMBERED = 20  # above so many classes the cells are too small for numbers


def confusion_matrix(counts: ArrayLike, class_names: Sequence[str], share: bool = False, ink: str = "") -> go.Figure:
    """True classes downwards, predicted ones to the right; right answers blue, mistakes vermillion.

    Args:
        counts: `(classes, classes)`, rows = true classes.
        class_names: one a class.
        share: show each row in percent of its samples instead of counts.
        ink: colour of the numbers off the diagonal, as "#23303A"; the page's own text colour if empty.

    Returns:
        Two heatmaps (right and wrong, each with its own scale, so that few mistakes stay visible beside many hits), the
        numbers, and a nearly invisible point on each cell with `customdata = [true, predicted]`: a click on a heatmap
        selects nothing in Streamlit, a click on a point does.

    Raises:
        ValueError: counts are not square, or the names are more or fewer.
    """
    table = np.asarray(counts, np.int64)
    classes, shown = len(class_names), literals(class_names)
    if table.shape != (classes, classes):
        raise ValueError(f"counts must be {classes}x{classes} for {classes} class names, not {table.shape}")
    values = shares(table) if share else table.astype(np.float64)
    right = np.where(np.eye(classes, dtype=bool), values, np.nan)
    wrong = np.where(~np.eye(classes, dtype=bool) & (table > 0), values, np.nan)
    figure = go.Figure(
        [
            _heatmap(right, 1.0 if share else max(values.max(initial=0), 1), RIGHT, 0.72, 1.0),
            _heatmap(wrong, np.nanmax(wrong, initial=0) or 1, WRONG, 0.16, 0.6),
            _overlay(table, shown),
        ]
    )
    figure.update_layout(_layout(shown))
    if classes <= MOST_NUMBERED:
        figure.update_layout(annotations=_numbers(table, values, share, ink))
    return figure


def shares(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each row as parts of its sum; 0 where a class has no samples."""
    whole = table.sum(axis=1, keepdims=True)
    return np.divide(table, whole, out=np.zeros(table.shape), where=whole > 0)


def _heatmap(values: NDArray[np.float64], high: float, colour: str, least: float, most: float) -> go.Heatmap:
    # See-through colours let the page's own background show, light or dark.
    return go.Heatmap(
        z=values,
        zmin=0,
        zmax=high,
        colorscale=[[0, with_alpha(colour, least)], [1, with_alpha(colour, most)]],
        showscale=False,
        hoverinfo="skip",
        hoverongaps=False,
        xgap=2,
        ygap=2,
    )


def _overlay(table: NDArray[np.int64], names: Sequence[str]) -> go.Scatter:
    part = shares(table)
    cells = [(i, j) for i in range(len(names)) for j in range(len(names))]
    text = [
        f"true: {names[i]}<br>predicted: {names[j]}<br>{table[i, j]:,} samples, {part[i, j]:.1%} of this class"
        for i, j in cells
    ]
    return go.Scatter(
        x=[j for _, j in cells],
        y=[i for i, _ in cells],
        mode="markers",
        # Small enough never to overlap: of two points that overlap, plotly may pick the wrong one.
        marker={"symbol": "square", "size": 18, "opacity": 0.01, "color": "#808080"},
        selected={"marker": {"opacity": 0.01}},
        unselected={"marker": {"opacity": 0.01}},
        customdata=[[i, j] for i, j in cells],
        text=text,
        hovertemplate="%{text}<extra></extra>",
    )


def _numbers(table: NDArray[np.int64], values: NDArray[np.float64], share: bool, ink: str) -> list[dict[str, Any]]:
    # Annotations, not text of a trace: those would fade when a cell is selected.
    size = 13 if len(table) <= 10 else 10
    common = {"showarrow": False, "captureevents": False}
    cells = []
    for i, j in zip(*np.nonzero((table > 0) | np.eye(len(table), dtype=bool)), strict=True):
        # Blue is dark in both themes; the mistakes let the page shine through and need its text colour.
        colour = "#FFFFFF" if i == j else ink
        font = {"size": size, **({"color": colour} if colour else {})}
        cells.append({"x": int(j), "y": int(i), "text": _number(values[i, j], share), "font": font, **common})
    return cells


def _number(value: float, share: bool) -> str:
    """A count, or whole percents without the sign.

    >>> _number(0.004, share=True), _number(0.964, share=True), _number(12.0, share=False)
    ('<1', '96', '12')
    """
    if not share:
        return f"{value:.0f}"
    return "<1" if 0 < value < 0.01 else f"{100 * value:.0f}"


def _layout(names: list[str]) -> dict[str, Any]:
    places, classes = list(range(len(names))), len(names)
    axis = {
        "tickmode": "array",
        "tickvals": places,
        "ticktext": names,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "constrain": "domain",
        "automargin": True,
        "showline": True,
        "linecolor": FAINT,
        "mirror": True,
        "ticks": "",
    }
    edges = [-0.5, classes - 0.5]
    return plain_layout(
        500,
        hovermode="closest",
        hoverdistance=60,
        clickmode="event+select",
        xaxis={**axis, "title": {"text": "predicted"}, "range": edges},
        yaxis={**axis, "title": {"text": "true"}, "range": edges[::-1], "scaleanchor": "x", "constraintoward": "top"},
    )


def describe_confusion(counts: ArrayLike, class_names: Sequence[str]) -> str:
    """The alt text: how many were right, and the most frequent mistake.

    >>> describe_confusion([[8, 2], [0, 10]], ["cat", "dog"])
    'Confusion matrix of 20 samples: 18 right (90.0%). Most frequent mistake: 2 times cat taken for dog.'
    """
    table = np.asarray(counts, np.int64)
    total, right = int(table.sum()), int(table.trace())
    if not total:
        return "Confusion matrix without samples."
    text = f"Confusion matrix of {total:,} samples: {right:,} right ({right / total:.1%})."
    wrong = table - np.diag(table.diagonal())
    if not wrong.any():
        return f"{text} No mistakes."
    true, predicted = divmod(int(wrong.argmax()), len(class_names))
    times, name = int(wrong.max()), class_names[true]
    plural = "time" if times == 1 else "times"
    return f"{text} Most frequent mistake: {times} {plural} {name} taken for {class_names[predicted]}."
