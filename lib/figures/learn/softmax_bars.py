"""Probabilities that softmax makes of logits, beside those of temperature 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lib.figures.base.colours import BLUE, CLEAR, FAINT, FITTING, GREY, INK, plain_layout, room
from lib.figures.base.names import literals

Values = NDArray[np.float32]


def softmax_bars(names: Sequence[str], shares: Values, ordinary: Values) -> go.Figure:
    """One bar a class with its number; an outline shows where it would end at temperature 1.

    Args:
        names: of the classes.
        shares: probabilities at the chosen temperature, `(classes,)`.
        ordinary: probabilities at temperature 1.
    """
    font = {"size": 13, "color": INK}
    places, shown = np.arange(len(names)), literals(names)
    before = [f"{name}, temperature 1" for name in shown]
    hover = "%{customdata}<br>%{x:.2%}<extra></extra>"
    return go.Figure(
        [
            go.Bar(
                x=shares, y=places, orientation="h", marker={"color": BLUE}, width=0.7, customdata=shown,
                hovertemplate=hover,
            ),
            go.Bar(
                x=ordinary, y=places, orientation="h", width=0.7, customdata=before,
                marker={"color": CLEAR, "line": {"color": GREY, "width": 1.5}}, hovertemplate=hover,
            ),
            # Right of both, so that no outline crosses a number.
            go.Scatter(
                x=np.maximum(shares, ordinary), y=places, mode="text", text=[f" {share:.1%}" for share in shares],
                textposition="middle right", textfont=font, cliponaxis=False, hoverinfo="skip",
            ),
        ],
        plain_layout(
            60 + 30 * len(names),
            barmode="overlay",
            margin=room(l=23, b=33),
            xaxis={"range": [0, 1.15], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1], "fixedrange": True,
                   "gridcolor": FAINT, "zeroline": False, **FITTING},
            yaxis={"tickvals": places, "ticktext": shown, "autorange": "reversed", "fixedrange": True,
                   "tickfont": font, **FITTING},
        ),
    )  # fmt: skip


def describe_softmax(names: Sequence[str], shares: Values, temperature: float) -> str:
    """The alt text: which class is likeliest.

    >>> describe_softmax(["cat", "dog"], np.array([0.25, 0.75]), 2)
    'Probabilities of 2 classes at temperature 2: most for dog, 75.0%; least for cat, 25.0%.'
    """
    best, worst = int(shares.argmax()), int(shares.argmin())
    return (
        f"Probabilities of {len(names)} classes at temperature {temperature:g}: most for {names[best]}, "
        f"{shares[best]:.1%}; least for {names[worst]}, {shares[worst]:.1%}."
    )
