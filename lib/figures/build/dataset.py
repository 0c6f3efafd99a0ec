"""How many samples of each class a dataset has."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from lib.figures.base.colours import FAINT, FITTING, ORANGE, TRAINING, plain_layout, room
from lib.figures.base.names import literals


def class_balance(train_counts: Sequence[int], test_counts: Sequence[int], class_names: Sequence[str]) -> go.Figure:
    """Two bars a class: samples to train on, and samples to test on.

    Args:
        train_counts, test_counts: samples of each class, `(classes,)`.
        class_names: one a class.

    Raises:
        ValueError: the lengths differ.
    """
    bars, shown = [], literals(class_names)
    for name, counts, colour in (("training", train_counts, TRAINING), ("test", test_counts, ORANGE)):
        if len(counts) != len(class_names):
            raise ValueError(f"{name} counts must be one a class, {len(class_names)} in all, not {len(counts)}")
        bars.append(
            go.Bar(
                x=list(range(len(class_names))),
                y=[int(count) for count in counts],
                name=name,
                marker_color=colour,
                customdata=shown,
                hovertemplate=f"%{{customdata}}: %{{y:,}} {name} samples<extra></extra>",
            )
        )
    return go.Figure(
        bars,
        plain_layout(
            260,
            margin=room(t=36),
            barmode="group",
            bargap=0.25,
            bargroupgap=0.05,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
            xaxis={
                "tickmode": "array",
                "tickvals": list(range(len(class_names))),
                "ticktext": shown,
                "fixedrange": True,
                **FITTING,
            },
            yaxis={"gridcolor": FAINT, "fixedrange": True, **FITTING, "tickformat": ",", "nticks": 5},
        ),
    )


def describe_class_balance(train_counts: Sequence[int], test_counts: Sequence[int], class_names: Sequence[str]) -> str:
    """The alt text: totals, and the smallest and largest class.

    >>> describe_class_balance([5, 9], [1, 2], ["cat", "dog"])
    'Samples of each class: 14 to train on, from 5 (cat) to 9 (dog); 3 to test on.'
    """
    if not len(class_names):
        return "No classes."
    low = min(range(len(class_names)), key=lambda i: train_counts[i])
    high = max(range(len(class_names)), key=lambda i: train_counts[i])
    return (
        f"Samples of each class: {sum(train_counts):,} to train on, from {train_counts[low]:,} ({class_names[low]})"
        f" to {train_counts[high]:,} ({class_names[high]}); {sum(test_counts):,} to test on."
    )
