"""What is inside a training, epoch by epoch: a line for each layer, and maps of how numbers are spread.

They are redrawn while a run is followed, so they are plain dicts, not Figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lib.concepts.signals import Spread, on_one_axis
from lib.figures.base.colours import CLASSES, FAINT, FITTING, GREY, SEQUENTIAL, plain_layout, room
from lib.figures.base.epochs import over_epochs

HEIGHT = 270
_TITLE, _ROW = 44, 19
"""Pixels above the lines: of the title, and of each row of the legend."""
_DASHES = ("solid", "dash", "dot", "dashdot")
_MOST_MARKED = 30
_MOST_LINES = 12
_COLOURBAR = {"title": {"text": "share"}, "thickness": 10}

_SCALE = [(0.0, "#08051D"), *SEQUENTIAL[1:]]
"""Streamlit takes the scale's own first colour, #000004, for the name of a colour of its theme."""

Lines = Mapping[str, Sequence[tuple[int, float | None]]]
"""Of each layer, an epoch and its value; None where it was not measured."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that is measured of each layer.

    Attributes:
        title: stands above its chart.
        form: of a value, as plotly and Python write it.
        log: whether its axis is logarithmic.
        guide: a value to compare with, drawn as a dotted line; None where there is none.
    """

    title: str
    form: str
    log: bool = False
    guide: float | None = None


QUANTITIES = {
    "gradient": Quantity("Length of the gradient", ".3g", log=True),
    "update": Quantity("Step, as a share of the weights", ".2g", log=True, guide=1e-3),
    "dead": Quantity("Dead units", ".0%"),
}


def layer_lines(lines: Lines, name: str, epochs: int) -> dict[str, Any]:
    """A quantity over the epochs, one line a layer; the first layers that learn have the first colours.

    Args:
        lines: by the layer's name, in the order of the network.
        name: one of `QUANTITIES`.
        epochs: of the run in all.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly. A logarithmic axis leaves out what is 0.

    Raises:
        ValueError: there is no such quantity.
    """
    if name not in QUANTITIES:
        raise ValueError(f"there is no quantity {name!r}; there are: {', '.join(QUANTITIES)}")
    quantity = QUANTITIES[name]
    traces = [_line(layer, points, place, quantity) for place, (layer, points) in enumerate(lines.items())]
    if quantity.guide is not None:
        traces.append(_guide(quantity.guide, epochs))
    y: dict[str, Any] = {"tickformat": ".0%", "range": [-0.02, 1.02]}
    if quantity.log:
        y = {"type": "log", "exponentformat": "power", "dtick": 1, **_decades(lines, quantity)}
    step = max(1, -(-epochs // (10 if epochs <= 100 else 5)))
    x = {"range": [0, max(epochs, 1)], "dtick": step, "fixedrange": True}
    named = len(traces) <= _MOST_LINES
    # In a narrow column a legend has one name a row, which would lie on the title.
    above = _TITLE + _ROW * len(traces) * named
    layout = over_epochs(quantity.title, HEIGHT - 2 * _TITLE + above, "inside", x, {**y, "fixedrange": True})
    layout["margin"] |= {"t": above}
    layout["legend"] |= {"orientation": "v", "font": {"size": 11}}
    return {"data": traces, "layout": {**layout, "showlegend": named}}


def _line(layer: str, points: Sequence[tuple[int, float | None]], place: int, quantity: Quantity) -> dict[str, Any]:
    known = [(epoch, value) for epoch, value in points if _drawn(value, quantity)]
    colour = CLASSES[place % len(CLASSES)]
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(known) <= _MOST_MARKED else "lines",
        "name": layer,
        "x": [epoch for epoch, _ in known],
        "y": [value for _, value in known],
        "line": {"color": colour, "width": 2, "dash": _DASHES[place // len(CLASSES) % len(_DASHES)]},
        "marker": {"size": 6, "color": colour},
        "cliponaxis": False,
        "hovertemplate": f"{layer}<br>epoch %{{x}}: %{{y:{quantity.form}}}<extra></extra>",
    }


def _drawn(value: float | None, quantity: Quantity) -> bool:
    return value is not None and (value > 0 or not quantity.log)


def _guide(value: float, epochs: int) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "name": f"{value:g}", "x": [0, max(epochs, 1)], "y": [value, value],
        "line": {"color": GREY, "width": 1.5, "dash": "dot"}, "hoverinfo": "skip",
    }  # fmt: skip


def _decades(lines: Lines, quantity: Quantity) -> dict[str, Any]:
    """Whole powers of ten around all values, so that the axis does not jump with each epoch; at most eight of them."""
    values = [value for points in lines.values() for _, value in points if value is not None and value > 0]
    values += [quantity.guide] if quantity.guide is not None else []
    if not values:
        return {}
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)
    return {"range": [low, max(high, low + 1)], "dtick": max(1, -(-(high - low) // 5))}


def describe_layer_lines(lines: Lines, name: str) -> str:
    """The alt text: where each layer began, and where it stands.

    >>> describe_layer_lines({"dense": [(1, 0.02), (2, 0.001)]}, "update")
    'Step, as a share of the weights, by layer. dense: from 0.02 to 0.001 in epoch 2.'
    """
    quantity = QUANTITIES[name]
    told = []
    for layer, points in lines.items():
        known = [(epoch, value) for epoch, value in points if value is not None]
        if known:
            first, last = (format(value, quantity.form) for _, value in (known[0], known[-1]))
            told.append(f"{layer}: from {first} to {last} in epoch {known[-1][0]}")
    return f"{quantity.title}, by layer. {'; '.join(told) or 'Nothing was measured yet'}."


def spread_map(spreads: Sequence[Spread | None], epochs: Sequence[int], title: str) -> dict[str, Any]:
    """How numbers are spread, a column for each watched epoch; the brighter, the more of them lie there.

    Args:
        spreads: one for each epoch, at least one of them not None.
        epochs: their numbers.
        title: stands above the map.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly. The colour goes by the root of a share, so that the few numbers
        far out are seen as well; what a cell tells is the share.
    """
    middles, shares = on_one_axis(spreads)
    brightest = float(np.nanmax(shares)) or 1.0
    ticks = [brightest * part for part in (0.0, 0.1, 0.4, 1.0)]
    trace = {
        "type": "heatmap",
        "x": [str(epoch) for epoch in epochs],
        "y": np.round(middles, 6).tolist(),
        "z": np.round(np.sqrt(shares), 4).tolist(),
        "customdata": np.round(shares, 5).tolist(),
        "zmin": 0,
        "zmax": math.sqrt(brightest),
        "colorscale": _SCALE,
        "colorbar": {
            **_COLOURBAR,
            "tickvals": [math.sqrt(tick) for tick in ticks],
            "ticktext": [f"{tick:.2g}%" for tick in (100 * tick for tick in ticks)],
        },
        "hovertemplate": "epoch %{x}<br>around %{y:.3g}: %{customdata:.1%}<extra></extra>",
        "hoverongaps": False,
    }
    layout = plain_layout(
        HEIGHT,
        margin=room(t=40),
        title={"text": title, "font": {"size": 15}, "x": 0, "y": 0.98, "yanchor": "top"},
        xaxis={"type": "category", "title": {"text": "epoch"}, "nticks": 10, "fixedrange": True, **FITTING},
        yaxis={"gridcolor": FAINT, "zeroline": False, "fixedrange": True, **FITTING},
    )
    return {"data": [trace], "layout": layout}


def describe_spread_map(spreads: Sequence[Spread | None], epochs: Sequence[int], title: str) -> str:
    """The alt text: between which numbers they lay first, and lie now.

    >>> describe_spread_map([Spread(-1.0, 1.0, "ff80"), Spread(-2.0, 2.5, "ff80")], [1, 2], "Weights")
    'Weights: from -1 to 1 after epoch 1, from -2 to 2.5 after epoch 2.'
    """
    known = [(each, epoch) for each, epoch in zip(spreads, epochs, strict=True) if each is not None]
    ends = known[:1] + (known[-1:] if len(known) > 1 else [])
    told = ", ".join(f"from {each.low:g} to {each.high:g} after epoch {epoch}" for each, epoch in ends)
    return f"{title}: {told or 'no finite numbers'}."
