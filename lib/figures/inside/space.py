"""Samples in the plane, as a layer of a network sees them: near each other where its outputs are alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lib.figures.base.colours import BLUE, CLASSES, CLEAR, DIVERGING, FAINT, FITTING, GREY, INK, plain_layout
from lib.figures.base.names import literals

HEIGHT = 460
_ROOM = 0.06
"""Of the range, beyond the outermost samples."""
_RIGHT, _WRONG = "circle", "x"
_SIZES = {_RIGHT: 7, _WRONG: 10}

Values = NDArray[np.float32]
Range = tuple[float, float]


def ranges_of(*places: Values) -> tuple[Range, Range]:
    """Ranges of both axes in which all these places lie, with some room.

    Args:
        places: `(samples, 2)` each.

    >>> ranges_of(np.array([[0, 0], [100, 2]], np.float32), np.array([[-100, 0]], np.float32))
    ((-112.0, 112.0), (-0.12, 2.12))
    """
    whole = np.concatenate(places).astype(np.float64)
    low, high = whole.min(axis=0), whole.max(axis=0)
    room = np.where(high > low, (high - low) * _ROOM, 1.0)
    (left, bottom), (right, top) = (low - room).tolist(), (high + room).tolist()
    return (left, right), (bottom, top)


def outside(places: Values, ranges: tuple[Range, Range]) -> int:
    """How many of some places lie beyond the picture."""
    (left, right), (bottom, top) = ranges
    x, y = places[:, 0], places[:, 1]
    return int(np.sum((x < left) | (x > right) | (y < bottom) | (y > top)))


def space(
    places: Values,
    numbers: ArrayLike,
    true: ArrayLike,
    said: ArrayLike,
    class_names: Sequence[str],
    ranges: tuple[Range, Range],
    *,
    chosen: int | None = None,
    axes: tuple[str, str] = ("", ""),
    colours: Sequence[str] = CLASSES,
    lasso: bool = False,
) -> dict[str, Any]:
    """Each sample in the colour of its class; a cross where the network is wrong.

    Args:
        places: `(samples, 2)`.
        numbers: of the samples, `(samples,)`; clicks tell them.
        true, said: class of each, or the number that is predicted where there are no classes, `(samples,)`.
        class_names: empty where a number is predicted.
        ranges: of both axes.
        chosen: the number of the sample with a ring, or None.
        axes: what stands at both axes.
        colours: of the classes; they begin again where there are more classes.
        lasso: whether a drag draws around samples; otherwise a click marks one. Streamlit 1.67 takes no clicks while
            plotly draws lassos.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly: one trace a class, or one of all samples without classes; one for
        the ring; and the legend's. A trace has the same samples at every epoch.
    """
    places, numbers, true, said = np.asarray(places), np.asarray(numbers), np.asarray(true), np.asarray(said)
    if class_names:
        shown = literals(class_names)
        traces = [
            _of_class(places, numbers, said, np.flatnonzero(true == label), label, shown, colour)
            for label, colour in zip(range(len(shown)), cycle(colours), strict=False)
            if (true == label).any()
        ]
        # Entries of their own: a trace's takes the sign of its first sample, which may be a mistake.
        keys = [
            _key(name, _RIGHT, colour, f"class {label}")
            for label, (name, colour) in enumerate(zip(shown, cycle(colours), strict=False))
        ]
        keys.append(_key("wrong", _WRONG, GREY, "mistakes"))
    else:
        traces, keys = [_with_numbers(places, numbers, true, said)], []
    ringed = np.flatnonzero(numbers == chosen)
    traces.append(
        {
            "type": "scatter", "mode": "markers", "hoverinfo": "skip", "showlegend": False,
            "x": _listed(places[ringed, 0]), "y": _listed(places[ringed, 1]),
            "marker": {"symbol": "circle-open", "size": 17, "color": INK, "line": {"width": 2.5}},
        }
    )  # fmt: skip
    return {"data": [*traces, *keys], "layout": _layout(ranges, axes, bool(class_names), lasso)}


def _key(name: str, symbol: str, colour: str, group: str) -> dict[str, Any]:
    """An entry of the legend."""
    return {
        "type": "scatter", "mode": "markers", "name": name, "legendgroup": group, "x": [None], "y": [None],
        "hoverinfo": "skip", "marker": {"symbol": symbol, "size": 9, "color": colour},
    }  # fmt: skip


def _of_class(
    places: Values,
    numbers: NDArray[Any],
    said: NDArray[Any],
    inside: NDArray[np.intp],
    label: int,
    names: list[str],
    colour: str,
) -> dict[str, Any]:
    symbols = [_RIGHT if here == label else _WRONG for here in said[inside].tolist()]
    return {
        "type": "scatter",
        "mode": "markers",
        "legendgroup": f"class {label}",
        "showlegend": False,
        "x": _listed(places[inside, 0]),
        "y": _listed(places[inside, 1]),
        # The names come as data: in the template itself a name could be read as a part of it, `%{x}`.
        "customdata": [[int(numbers[place]), names[label], names[int(said[place])]] for place in inside],
        "hovertemplate": "no. %{customdata[0]}<br>true: %{customdata[1]}<br>predicted: %{customdata[2]}<extra></extra>",
        "marker": {
            "symbol": symbols, "size": [_SIZES[symbol] for symbol in symbols], "color": colour,
            "line": {"width": 0.5, "color": CLEAR},
        },
        "unselected": {"marker": {"opacity": 0.35}},
    }  # fmt: skip


def _with_numbers(places: Values, numbers: NDArray[Any], true: NDArray[Any], said: NDArray[Any]) -> dict[str, Any]:
    limit = float(np.abs(true).max(initial=0)) or 1.0
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "true number",
        "x": _listed(places[:, 0]),
        "y": _listed(places[:, 1]),
        "customdata": [
            [int(number), f"{is_:.4f}", f"{answer:.4f}"]
            for number, is_, answer in zip(numbers, true, said, strict=True)
        ],
        "hovertemplate": "no. %{customdata[0]}<br>true: %{customdata[1]}<br>predicted: %{customdata[2]}<extra></extra>",
        "marker": {
            "size": 8, "color": [round(float(each), 4) for each in true], "cmin": -limit, "cmax": limit,
            "colorscale": DIVERGING, "showscale": True, "line": {"width": 0.5, "color": BLUE},
            "colorbar": {"title": {"text": "true"}, "thickness": 12},
        },
        "unselected": {"marker": {"opacity": 0.35}},
    }  # fmt: skip


def _listed(values: Values) -> list[float]:
    """Five digits of each are more than a screen has pixels."""
    return [float(f"{value:.5g}") for value in values.tolist()]


def _layout(ranges: tuple[Range, Range], axes: tuple[str, str], legend: bool, lasso: bool) -> dict[str, Any]:
    across, up = (
        {"range": list(ends), "gridcolor": FAINT, "zeroline": False, "showticklabels": False, **FITTING,
         "fixedrange": True, "title": {"text": name}}
        for ends, name in zip(ranges, axes, strict=True)
    )  # fmt: skip
    return plain_layout(
        HEIGHT,
        dragmode="lasso" if lasso else "pan",
        hovermode="closest",
        showlegend=legend,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "xanchor": "left",
            "yanchor": "bottom",
            "itemsizing": "constant",
        },
        xaxis=across,
        yaxis=up,
        uirevision=f"space {lasso}",  # the same for all epochs: what is marked stays so
    )


def describe_space(true: ArrayLike, said: ArrayLike, class_names: Sequence[str], layer: str) -> str:
    """The alt text.

    >>> describe_space([0, 1, 1], [0, 1, 0], ["cat", "dog"], "dense")
    '3 test samples in the plane, by the outputs of dense: 1 cat, 2 dog; 1 of them wrong.'
    """
    true, said = np.asarray(true), np.asarray(said)
    start = f"{len(true):,} test samples in the plane, by the outputs of {layer}"
    if not class_names:
        return f"{start}; true numbers from {true.min():.2f} to {true.max():.2f}."
    counts = ", ".join(f"{np.sum(true == label):,} {name}" for label, name in enumerate(class_names))
    return f"{start}: {counts}; {np.sum(true != said):,} of them wrong."
