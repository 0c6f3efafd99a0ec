"""How a network's answers fare on images that are made worse step by step: one curve for each way to do that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.corruptions import CORRUPTIONS
from lib.figures.base.colours import CLASSES, FAINT, FITTING, plain_layout, room
from lib.figures.base.images import image_grid
from lib.figures.base.names import literal

_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
_HEIGHT = 380
_PICTURE = 52
"""About how many pixels a small picture is wide."""


def robustness_curves(
    values: Mapping[str, Sequence[float]],
    amounts: Mapping[str, Sequence[float]],
    up: str,
    said: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """A share over the strength, for each corruption.

    Args:
        values: by the corruption's name, one share for each strength, the first for none.
        amounts: by the corruption's name, what each strength is in its unit.
        up: what the shares are.
        said: by the corruption's name, the class that the network says at each strength.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly.
    """
    traces = []
    for place, (kind, shares) in enumerate(values.items()):
        corruption = CORRUPTIONS[kind]
        named = [literal(name) for name in said[kind]] if said is not None else [""] * len(shares)
        hover = "<br>says %{customdata[1]}" if said is not None else ""
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": corruption.title,
                "x": list(range(len(shares))),
                "y": [round(float(share), 4) for share in shares],
                "line": {"color": CLASSES[place], "width": 2},
                "marker": {"size": 9, "symbol": _SYMBOLS[place], "color": CLASSES[place]},
                "customdata": [[f"{amount:g}", name] for amount, name in zip(amounts[kind], named, strict=True)],
                "hovertemplate": f"{corruption.title}: %{{customdata[0]}} {corruption.unit}"
                f"<br>{up} %{{y:.1%}}{hover}<extra></extra>",
                "cliponaxis": False,
            }
        )
    axis = {"gridcolor": FAINT, "zeroline": False, "fixedrange": True, **FITTING}
    layout = plain_layout(
        _HEIGHT,
        margin=room(r=12, t=12),
        showlegend=True,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "xanchor": "left"},
        hovermode="closest",
        xaxis={**axis, "dtick": 1, "range": [-0.1, 5.1], "title": {"text": "strength"}},
        yaxis={**axis, "range": [0, 1.02], "tickformat": ".0%", "nticks": 6, "title": {"text": up}},
    )
    return {"data": traces, "layout": layout}


def describe_robustness(values: Mapping[str, Sequence[float]], up: str) -> str:
    """The alt text: the share without any corruption, and at the strongest of each.

    >>> describe_robustness({"noise": [0.9, 0.5]}, "accuracy")
    'Curves of accuracy over strength. As they are 90.0%; at the strongest: Noise 50.0%.'
    """
    strongest = ", ".join(f"{CORRUPTIONS[kind].title} {shares[-1]:.1%}" for kind, shares in values.items())
    usual = next(iter(values.values()))[0]
    return f"Curves of {up} over strength. As they are {usual:.1%}; at the strongest: {strongest}."


def strip(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images side by side, each about as wide as a thumb.

    Args:
        images: `(samples, height, width, 1 or 3)`, 0 to 255.

    Returns:
        Red, green, blue and opacity, uint8 `(height, width, 4)`.
    """
    return image_grid(images, columns=len(images), scale=max(1, round(_PICTURE / images.shape[2])))
