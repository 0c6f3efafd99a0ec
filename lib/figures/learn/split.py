"""How the samples of a dataset are shared out: training, validation, test."""

from __future__ import annotations

import plotly.graph_objects as go

from lib.figures.base.colours import GREY, TRAINING, VALIDATION, plain_layout, room


def split_bar(training: int, validation: int, test: int) -> go.Figure:
    """One bar of three pieces, as long as the parts have samples."""
    bars = []
    parts = (("training", training, TRAINING), ("validation", validation, VALIDATION), ("test", test, GREY))
    for name, count, colour in parts:
        bars.append(
            go.Bar(
                x=[count],
                y=[""],
                name=name,
                orientation="h",
                marker_color=colour,
                text=[f"{count:,}"],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont_color="white",
                hovertemplate=f"{name}: {count:,} samples<extra></extra>",
            )
        )
    return go.Figure(
        bars,
        plain_layout(
            120,
            barmode="stack",
            margin=room(t=36),
            showlegend=True,
            legend={"orientation": "h", "traceorder": "normal", "x": 0, "y": 1.02, "yanchor": "bottom"},
            uniformtext={"mode": "hide", "minsize": 11},
            xaxis={"visible": False, "fixedrange": True},
            yaxis={"visible": False, "fixedrange": True},
        ),
    )


def describe_split(training: int, validation: int, test: int) -> str:
    """The alt text.

    >>> describe_split(900, 100, 200)
    'Of 1,200 samples 900 are for training, 100 for validation and 200 for the test.'
    """
    total = training + validation + test
    return (
        f"Of {total:,} samples {training:,} are for training, {validation:,} for validation and {test:,} for the test."
    )
