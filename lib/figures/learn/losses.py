"""Pictures of the losses: what a probability costs, and how hard each loss pulls at the logit."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.concepts.activations import sigmoid
from lib.concepts.losses import binary_crossentropy, binary_crossentropy_slope, squared_error, squared_error_slope
from lib.figures.base.colours import BELOW, BLUE, FAINT, FITTING, GREY, VERMILLION, plain_layout, room

LOSSES = {
    "crossentropy": (binary_crossentropy, binary_crossentropy_slope, BLUE),
    "squared error": (squared_error, squared_error_slope, VERMILLION),
}
"""By name: the loss of a probability, its slope at the logit, and its colour."""
REACH = 8.0
_P = np.linspace(0.001, 0.999, 200, dtype=np.float32)
_Z = np.linspace(-REACH, REACH, 161, dtype=np.float32)
_AXIS: dict[str, Any] = {"gridcolor": FAINT, "zerolinecolor": GREY, **FITTING}


def loss_curves(target: int, logit: float) -> go.Figure:
    """Both losses over the predicted probability of class 1; a dot where sigmoid(logit) is."""
    p = sigmoid(np.array([logit], np.float32))
    traces = [
        trace
        for name, (loss, _, colour) in LOSSES.items()
        for trace in _curve(name, colour, (_P, loss(target, _P)), (p, loss(target, p)))
    ]
    xaxis = {"title": {"text": "predicted probability of class 1"}, "range": [-0.02, 1.02], "hoverformat": ".3f"}
    yaxis = {"title": {"text": "loss"}, "range": [-0.25, 7]}
    return go.Figure(traces, _layout(57, xaxis, yaxis))


def slope_curves(target: int, logit: float) -> go.Figure:
    """The slopes of both losses over the logit; a dot at this one."""
    z = np.array([logit], np.float32)
    traces = [
        trace
        for name, (_, slope, colour) in LOSSES.items()
        for trace in _curve(name, colour, (_Z, slope(target, _Z)), (z, slope(target, z)))
    ]
    xaxis = {"title": {"text": "logit z"}, "range": [-REACH, REACH], "hoverformat": ".1f"}
    yaxis = {"title": {"text": "slope of the loss at z"}, "range": [-1.1, 0.15] if target else [-0.15, 1.1]}
    return go.Figure(traces, _layout(72, xaxis, yaxis))


def _curve(name: str, colour: str, line: tuple[Any, Any], dot: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "scatter", "x": line[0], "y": line[1], "mode": "lines", "name": name,
         "line": {"color": colour, "width": 2.8}, "hovertemplate": f"{name} %{{y:.4f}}<extra></extra>"},
        {"type": "scatter", "x": dot[0], "y": dot[1], "mode": "markers", "hoverinfo": "skip",
         "marker": {"color": colour, "size": 11, "line": {"color": "white", "width": 1.5}}},
    ]  # fmt: skip


def _layout(left: int, xaxis: dict[str, Any], yaxis: dict[str, Any]) -> dict[str, Any]:
    margin = room(l=left, b=BELOW)
    return plain_layout(310, margin=margin, hovermode="x unified", xaxis=_AXIS | xaxis, yaxis=_AXIS | yaxis)


def describe_losses(target: int, logit: float) -> str:
    """The alt text of `loss_curves`."""
    p = sigmoid(np.array([logit], np.float32))
    told = (f"{name} {loss(target, p)[0]:.4f}" for name, (loss, _, _) in LOSSES.items())
    return f"Losses where the truth is {target} and the prediction {p[0]:.4f}: " + ", ".join(told) + "."


def describe_slopes(target: int, logit: float) -> str:
    """The alt text of `slope_curves`."""
    z = np.array([logit], np.float32)
    told = (f"{name} {slope(target, z)[0]:.4f}" for name, (_, slope, _) in LOSSES.items())
    return f"Slopes of the losses where the truth is {target} and the logit {logit:g}: " + ", ".join(told) + "."
