"""Pictures of the activations: curve over slope, what a chain of layers leaves of a gradient, and softmax."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.concepts.activations import ACTIVATION_FUNCTIONS, SLOPES, chain, softmax, softmax_slopes
from lib.figures.base.colours import BELOW, CLASSES, DIVERGING, FAINT, FITTING, GREY, plain_layout, room, with_alpha

REACH = 6.0
FADED = 0.05
"""Below this a slope counts as vanishing: twenty-fold smaller steps than at a slope of 1."""
SMALLEST = 1e-9
"""Where the axis of a product ends; what is smaller is drawn there."""

COLOURS = dict(zip(SLOPES, CLASSES, strict=False))
# One point just above 0, so that the slope of relu jumps there instead of climbing.
_X = np.sort(np.append(np.linspace(-REACH, REACH, 121), 1e-4)).astype(np.float32)
_AXIS: dict[str, Any] = {"gridcolor": FAINT, "zerolinecolor": GREY, **FITTING}


def curves_and_slopes(names: Sequence[str], x: float) -> go.Figure:
    """Each function above, its slope below, with one hover for both.

    Args:
        names: keys of `SLOPES`.
        x: where the dots are.

    Returns:
        A curve is drawn thin where its slope is between -0.05 and 0.05, and that band is shaded in the lower part.
    """
    traces = []
    for name in names:
        values, slopes = ACTIVATION_FUNCTIONS[name](_X), SLOPES[name](_X)
        awake = np.where(np.abs(slopes) < FADED, np.float32(np.nan), values)
        traces += [
            _line(values, name, "y", hover=f"{name} %{{y:.3f}}", width=1.3),
            _line(awake, name, "y", hover="", width=3.2) | {"showlegend": True},
            _line(slopes, name, "y2", hover=f"{name} slope %{{y:.3f}}", width=2.4),
        ]
    at = np.array([x], np.float32)
    traces += [_dots(names, x, [functions[name](at)[0] for name in names], axis)
               for axis, functions in (("y", ACTIVATION_FUNCTIONS), ("y2", SLOPES))]  # fmt: skip
    return go.Figure(traces, _stacked_layout(x))


def _line(y: Any, name: str, axis: str, hover: str, width: float) -> dict[str, Any]:
    return {
        "type": "scatter", "x": _X, "y": y, "yaxis": axis, "mode": "lines", "name": name, "showlegend": False,
        "line": {"color": COLOURS[name], "width": width},
        "hovertemplate": hover + "<extra></extra>" if hover else None, "hoverinfo": None if hover else "skip",
    }  # fmt: skip


def _dots(names: Sequence[str], x: float, y: Sequence[float], axis: str) -> dict[str, Any]:
    return {
        "type": "scatter", "x": [x] * len(y), "y": y, "yaxis": axis, "mode": "markers", "hoverinfo": "skip",
        "showlegend": False,
        "marker": {"color": [COLOURS[name] for name in names], "size": 10, "line": {"color": "white", "width": 1.5}},
    }  # fmt: skip


def _stacked_layout(x: float) -> dict[str, Any]:
    band = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "yref": "y2", "y0": -FADED, "y1": FADED,
            "fillcolor": with_alpha(GREY, 0.35), "line": {"width": 0}}  # fmt: skip
    dotted = {"color": GREY, "dash": "dot", "width": 1.2}
    return plain_layout(
        470,
        shapes=[band, {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": dotted}],
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": 13},
            "title": {"text": f"thin where the slope is below {FADED:g}:&nbsp;"},
        },
        margin=room(t=40),
        hovermode="x unified",
        hoversubplots="axis",
        xaxis=_AXIS | {"range": [-REACH, REACH], "anchor": "y2", "title": {"text": "x"}, "hoverformat": ".1f"},
        yaxis=_AXIS | {"range": [-1.6, 3.2], "domain": [0.47, 1], "title": {"text": "value"}},
        yaxis2=_AXIS | {"range": [-0.2, 1.25], "domain": [0, 0.4], "title": {"text": "slope"}},
    )


def describe_curves(names: Sequence[str], x: float) -> str:
    """The alt text: value and slope of each at x."""
    at = np.array([x], np.float32)
    told = (f"{name} {ACTIVATION_FUNCTIONS[name](at)[0]:.3f}, slope {SLOPES[name](at)[0]:.3f}" for name in names)
    return f"Activations and their slopes; at x = {x:g}: " + "; ".join(told) + "."


def chain_products(names: Sequence[str], x: float, depth: int, weight: float) -> go.Figure:
    """The product of slopes after each layer of a chain, on a logarithmic scale.

    Args:
        names: keys of `SLOPES`.
        x, depth, weight: as for `lib.concepts.activations.chain`.

    Returns:
        Sizes only; a product of 0 or below 1e-9 lies on the lower edge, and the hover says what it is.
    """
    layers, traces = np.arange(depth + 1), []
    for name in names:
        products = np.concatenate([[1.0], chain(name, x, depth, weight).products])
        traces.append({
            "type": "scatter", "x": layers, "y": np.maximum(np.abs(products), SMALLEST), "customdata": products,
            "mode": "lines+markers", "name": name, "marker": {"size": 6},
            "line": {"color": COLOURS[name], "width": 2.4},
            "hovertemplate": f"after layer %{{x}}<br>{name} %{{customdata:.3~g}}<extra></extra>",
        })  # fmt: skip
    size = {"type": "log", "title": {"text": "size of the product"}, "range": [-9.3, 3.3], "dtick": 3}
    layout = plain_layout(
        320,
        margin=room(l=75, t=14, b=BELOW),
        xaxis=_AXIS | {"title": {"text": "layers in the chain"}, "dtick": max(1, depth // 10)},
        yaxis=_AXIS | size | {"exponentformat": "power"},
    )
    return go.Figure(traces, layout)


def describe_chain(names: Sequence[str], x: float, depth: int, weight: float) -> str:
    """The alt text: what is left at the end of each chain."""
    told = (f"{name} {chain(name, x, depth, weight).products[-1]:.3g}" for name in names)
    return f"Product of the slopes of {depth} layers, from x = {x:g} with weight {weight:g}: " + "; ".join(told) + "."


def softmax_curves(logits: Sequence[float]) -> go.Figure:
    """All probabilities while the first logit moves and the others stay; a dot where it is."""
    swept = np.tile(np.array(logits, np.float32), (len(_X), 1))
    swept[:, 0] = _X
    names = [f"p{place}" for place in range(1, len(logits) + 1)]
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "x": _X, "y": share, "mode": "lines", "name": name, "line": {"color": colour, "width": 2.6},
         "hovertemplate": f"{name} %{{y:.3f}}<extra></extra>"}
        for name, share, colour in zip(names, softmax(swept).T, CLASSES, strict=False)
    ]  # fmt: skip
    traces.append({
        "type": "scatter", "x": [logits[0]] * len(names), "y": softmax(np.array(logits, np.float32)),
        "mode": "markers+text", "text": names, "textposition": "top center", "hoverinfo": "skip",
        "marker": {"color": CLASSES[: len(names)], "size": 10},
    })  # fmt: skip
    layout = plain_layout(
        300,
        margin=room(l=66, r=11, b=BELOW),
        hovermode="x unified",
        xaxis=_AXIS | {"title": {"text": "first logit z1"}, "range": [-REACH, REACH], "hoverformat": ".1f"},
        yaxis=_AXIS | {"title": {"text": "probability"}, "range": [-0.05, 1.12]},
    )
    return go.Figure(traces, layout)


def describe_softmax(logits: Sequence[float]) -> str:
    """The alt text: logits and their probabilities."""
    shares = softmax(np.array(logits, np.float32))
    pairs = enumerate(zip(logits, shares, strict=True), 1)
    told = (f"z{place} = {z:g} gives p{place} = {p:.3f}" for place, (z, p) in pairs)
    return "Softmax: " + ", ".join(told) + "."


def softmax_slope_table(logits: Sequence[float]) -> go.Figure:
    """By how much each probability (row) changes with each logit (column), as numbers on colours."""
    slopes = softmax_slopes(np.array(logits, np.float32))
    places = range(1, len(logits) + 1)
    cells = {
        "type": "heatmap", "z": slopes, "x": [f"z{place}" for place in places], "y": [f"p{place}" for place in places],
        "zmin": -0.25, "zmax": 0.25, "colorscale": DIVERGING, "showscale": False, "xgap": 2, "ygap": 2,
        "texttemplate": "%{z:.3f}", "hovertemplate": "slope of %{y} to %{x}: %{z:.4f}<extra></extra>",
    }  # fmt: skip
    axes = {"xaxis": {"side": "top", **FITTING}, "yaxis": {"autorange": "reversed", **FITTING}}
    return go.Figure([cells], plain_layout(300, margin=room(l=36, t=39), **axes))


def describe_softmax_slopes(logits: Sequence[float]) -> str:
    """The alt text: the slopes row by row."""
    rows = softmax_slopes(np.array(logits, np.float32))
    told = (f"p{place}: " + ", ".join(f"{slope:.3f}" for slope in row) for place, row in enumerate(rows, 1))
    return "Slopes of each probability to each logit. " + "; ".join(told) + "."
