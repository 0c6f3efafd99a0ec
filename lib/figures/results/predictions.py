"""What a model says of one sample: a probability for each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.figures.base.colours import FITTING, GREY, RIGHT, WRONG, plain_layout, with_alpha
from lib.figures.base.names import literals


def probabilities(values: ArrayLike, class_names: Sequence[str], true_label: int | None = None) -> dict[str, Any]:
    """Horizontal bars, first class on top; the true class blue, a wrong first choice vermillion.

    Args:
        values: one probability a class, 0 to 1, `(classes,)`.
        class_names: one a class.
        true_label: index of the true class; None when unknown.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly: many are drawn at once, so it is a plain dict.

    Raises:
        ValueError: there are more or fewer values than names.
    """
    shares, shown = _checked(values, class_names), literals(class_names)
    chosen = int(shares.argmax())
    colours = [_colour(i, chosen, true_label) for i in range(len(shares))]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": shares.tolist(),
        "y": list(range(len(shares))),
        "marker": {"color": colours},
        "text": [percent(share) for share in shares],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": shown,
        "hovertemplate": "%{customdata}: %{x:.4%}<extra></extra>",
    }
    layout = plain_layout(
        24 * len(shares) + 16,
        bargap=0.3,
        xaxis={"range": [0, 1.18], "visible": False, "fixedrange": True},
        yaxis={
            "tickmode": "array",
            "tickvals": list(range(len(shares))),
            "ticktext": shown,
            "range": [len(shares) - 0.5, -0.5],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            **FITTING,
            "ticks": "",
        },
    )
    return {"data": [bars], "layout": layout}


def _colour(place: int, chosen: int, true_label: int | None) -> str:
    if place == true_label or (true_label is None and place == chosen):
        return RIGHT
    return WRONG if place == chosen else with_alpha(GREY, 0.55)


def percent(share: float) -> str:
    """A probability as a person writes it.

    >>> percent(0.9731), percent(0.00004), percent(0.0)
    ('97.3%', '<0.1%', '0%')
    """
    if 0 < share < 0.001:
        return "<0.1%"
    return f"{share:.1%}" if share else "0%"


def describe_probabilities(values: ArrayLike, class_names: Sequence[str], true_label: int | None = None) -> str:
    """The alt text: first and second choice, and whether the first is right.

    >>> describe_probabilities([0.1, 0.7, 0.2], ["cat", "dog", "owl"], true_label=1)
    'Probabilities: dog 70.0%, owl 20.0%. True class dog: right.'
    """
    shares = _checked(values, class_names)
    best = np.argsort(-shares, kind="stable")[:2]
    text = "Probabilities: " + ", ".join(f"{class_names[i]} {percent(shares[i])}" for i in best) + "."
    if true_label is None:
        return text
    return f"{text} True class {class_names[true_label]}: {'right' if best[0] == true_label else 'wrong'}."


def _checked(values: ArrayLike, class_names: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    shares = np.asarray(values, np.float64)
    if shares.shape != (len(class_names),):
        raise ValueError(f"values must be one a class, {len(class_names)} in all, not {shares.shape}")
    return shares
