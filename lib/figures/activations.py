"""Pictures of the activations: curve over slope, what a chain of layers leaves of a gradient, and softmax."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.concepts.activations import ACTIVATION_FUNCTIONS, SLOPES, chain, softmax, softmax_slopes
from lib.figures.colours import CLASSES, DIVERGING, FAINT, GREY, plain_layout, with_alpha

REACH = 6.0
FADED = 0.05
"""Below this a slope counts as vanishing: twenty-fold smaller steps than at a slope of 1."""
SMALLEST = 1e-9
"""Where the axis of a product ends; what is smaller is drawn there."""

COLOURS = dict(zip(SLOPES, CLASSES, strict=False))
# One point just above 0, so that the slope of relu jumps there instead of climbing.
_X = np.sort(np.append(np.linspace(-REACH, REACH, 121), 1e-4)).astype(np.float32)
_AXIS: dict[str, Any] = {"gridcolor": FAINT, "zerolinecolor": GREY, "automargin": True}


def curves_and_slopes(names: Sequence[str], x: float) -> go.Figure:
    """Each function above, its slope below, with one hover for both.

    Args:
        names: keys of `SLOPES`.
        x: where the dots are.

    Returns:
        A curve is drawn thin where its slope is between -0.05 and 0.05, and that band is shaded in the lower part.
    """
    figure = go.Figure()
    for name in names:
        values, slopes = ACTIVATION_FUNCTIONS[name](_X), SLOPES[name](_X)
        awake = np.where(np.abs(slopes) < FADED, np.float32(np.nan), values)
        colour = COLOURS[name]
        _line(figure, values, name, colour, "y", hover=f"{name} %{{y:.3f}}", width=1.3)
        _line(figure, awake, name, colour, "y", hover="", width=3.2)
        _line(figure, slopes, name, colour, "y2", hover=f"{name} slope %{{y:.3f}}", width=2.4)
        at = np.array([x], np.float32)
        for axis, function in (("y", ACTIVATION_FUNCTIONS[name]), ("y2", SLOPES[name])):
            figure.add_scatter(
                x=at, y=function(at), yaxis=axis, mode="markers", hoverinfo="skip",
                marker={"color": colour, "size": 10, "line": {"color": "white", "width": 1.5}},
            )  # fmt: skip
    figure.add_hrect(-FADED, FADED, yref="y2", fillcolor=with_alpha(GREY, 0.35), line_width=0)
    dotted = {"color": GREY, "dash": "dot", "width": 1.2}
    figure.add_shape(type="line", x0=x, x1=x, y0=0, y1=1, yref="paper", line=dotted)
    figure.update_layout(_stacked_layout())
    return figure


def _line(figure: go.Figure, y: Any, name: str, colour: str, axis: str, hover: str, width: float) -> None:
    figure.add_scatter(
        x=_X, y=y, yaxis=axis, mode="lines", name=name, line={"color": colour, "width": width},
        hovertemplate=hover + "<extra></extra>" if hover else None, hoverinfo=None if hover else "skip",
    )  # fmt: skip


def _stacked_layout() -> dict[str, Any]:
    return plain_layout(
        470,
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
    figure = go.Figure()
    layers = np.arange(depth + 1)
    for name in names:
        products = np.concatenate([[1.0], chain(name, x, depth, weight).products])
        figure.add_scatter(
            x=layers, y=np.maximum(np.abs(products), SMALLEST), customdata=products, mode="lines+markers", name=name,
            line={"color": COLOURS[name], "width": 2.4}, marker={"size": 6},
            hovertemplate=f"after layer %{{x}}<br>{name} %{{customdata:.3~g}}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(
        plain_layout(
            320,
            xaxis=_AXIS | {"title": {"text": "layers in the chain"}, "dtick": max(1, depth // 10)},
            yaxis=_AXIS
            | {"type": "log", "title": {"text": "size of the product"}, "range": [-9.3, 3.3], "dtick": 3,
               "exponentformat": "power"},
        )
    )  # fmt: skip
    return figure


def describe_chain(names: Sequence[str], x: float, depth: int, weight: float) -> str:
    """The alt text: what is left at the end of each chain."""
    told = (f"{name} {chain(name, x, depth, weight).products[-1]:.3g}" for name in names)
    return f"Product of the slopes of {depth} layers, from x = {x:g} with weight {weight:g}: " + "; ".join(told) + "."


def softmax_curves(logits: Sequence[float]) -> go.Figure:
    """All probabilities while the first logit moves and the others stay; a dot where it is."""
    figure = go.Figure()
    swept = np.tile(np.array(logits, np.float32), (len(_X), 1))
    swept[:, 0] = _X
    shares, now = softmax(swept), softmax(np.array(logits, np.float32))
    for place, share in enumerate(shares.T):
        name = f"p{place + 1}"
        figure.add_scatter(
            x=_X, y=share, mode="lines", name=name, line={"color": CLASSES[place], "width": 2.6},
            hovertemplate=f"{name} %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[logits[0]], y=[now[place]], mode="markers+text", text=[name], textposition="top center",
            marker={"color": CLASSES[place], "size": 10}, hoverinfo="skip",
        )  # fmt: skip
    figure.update_layout(
        plain_layout(
            300,
            hovermode="x unified",
            xaxis=_AXIS | {"title": {"text": "first logit z1"}, "range": [-REACH, REACH], "hoverformat": ".1f"},
            yaxis=_AXIS | {"title": {"text": "probability"}, "range": [-0.05, 1.12]},
        )
    )
    return figure


def describe_softmax(logits: Sequence[float]) -> str:
    """The alt text: logits and their probabilities."""
    shares = softmax(np.array(logits, np.float32))
    pairs = enumerate(zip(logits, shares, strict=True), 1)
    told = (f"z{place} = {z:g} gives p{place} = {p:.3f}" for place, (z, p) in pairs)
    return "Softmax: " + ", ".join(told) + "."


def softmax_slope_table(logits: Sequence[float]) -> go.Figure:
    """How each probability (row) answers to each logit (column), as numbers on colours."""
    slopes = softmax_slopes(np.array(logits, np.float32))
    places = range(1, len(logits) + 1)
    figure = go.Figure(
        go.Heatmap(
            z=slopes, x=[f"z{place}" for place in places], y=[f"p{place}" for place in places],
            zmin=-0.25, zmax=0.25, colorscale=DIVERGING, showscale=False, texttemplate="%{z:.3f}", xgap=2, ygap=2,
            hovertemplate="slope of %{y} to %{x}: %{z:.4f}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_layout(
        plain_layout(
            300,
            xaxis={"side": "top", "automargin": True},
            yaxis={"autorange": "reversed", "automargin": True},
        )
    )
    return figure


def describe_softmax_slopes(logits: Sequence[float]) -> str:
    """The alt text: the slopes row by row."""
    rows = softmax_slopes(np.array(logits, np.float32))
    told = (f"p{place}: " + ", ".join(f"{slope:.3f}" for slope in row) for place, row in enumerate(rows, 1))
    return "Slopes of each probability to each logit. " + "; ".join(told) + "."
