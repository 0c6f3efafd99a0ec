"""Colours of every picture, and the layout they share.

Lines and classes: Okabe and Ito's palette for all kinds of colour vision (https://jfly.uni-koeln.de/color/). The colour
of text is left to the page, so that a picture suits its light and its dark theme.
"""

from __future__ import annotations

from typing import Any

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
ORANGE = "#E69F00"
PINK = "#CC79A7"
SKY = "#56B4E9"
PURPLE = "#6A51A3"
GREY = "#8A939B"
RED = "#E5484D"

CLASSES = (BLUE, VERMILLION, GREEN, ORANGE, PINK, SKY, "#8C6D31", PURPLE, "#C7B42C", GREY)
IN_THE_PLANE = (BLUE, ORANGE, GREEN)
"""Classes of points, some of which bear these colours' names."""

TRAINING, BY_BATCH, VALIDATION, PREVIOUS = BLUE, SKY, VERMILLION, GREY
AGAIN = GREEN
"""Training samples that were looked at again after an epoch."""
RIGHT, WRONG = BLUE, VERMILLION
ARM_A, ARM_B = BLUE, "#C47F00"
"""The two sides of an experiment. They differ in lightness, too, and stand out from the light page and the dark one."""

# Signed values, with 0 in the middle (ColorBrewer's RdBu, turned round: negative blue, positive red).
DIVERGING: list[tuple[float, str]] = [
    (0.0, "#2166AC"),
    (0.25, "#92C5DE"),
    (0.5, "#F7F7F7"),
    (0.75, "#F4A582"),
    (1.0, "#B2182B"),
]
# Intensities from 0: evenly rising lightness, readable in grey too (the stops of matplotlib's "magma").
SEQUENTIAL: list[tuple[float, str]] = [
    (0.0, "#000004"), (0.125, "#1D1147"), (0.25, "#51127C"), (0.375, "#832681"), (0.5, "#B73779"),
    (0.625, "#E75263"), (0.75, "#FC8961"), (0.875, "#FEC488"), (1.0, "#FCFDBF"),
]  # fmt: skip

# The same for plotly: Streamlit draws its own colours in place of those from #000001 to #000040.
IN_CHARTS = [(0.0, "#000000"), *SEQUENTIAL[1:]]

INK = "#23303A"
"""What `lib/ui/app/style.css` draws in the page's own text colour, whatever the theme is and becomes. Where a picture
says nothing, Streamlit makes its text grey, which is too weak for numbers."""
CLEAR = "rgba(0,0,0,0)"
FAINT = "rgba(128,138,148,0.28)"

FITTING: dict[str, Any] = {"automargin": True, "ticklabeloverflow": "allow"}
"""An axis that takes the room of its labels. None of them lies outside then, so plotly need not look for such: it
measured each label again for that, nine of ten measurements on a page with six charts."""
BELOW = 63
"""Pixels that the numbers of an axis and its title take below a picture, at the usual size of text."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255.

    >>> rgb("#0072B2")
    (0, 114, 178)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def with_alpha(colour: str, alpha: float) -> str:
    """A see-through colour, as CSS writes it.

    >>> with_alpha("#0072B2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    red, green, blue = rgb(colour)
    return f"rgba({red},{green},{blue},{alpha:g})"


def mixed(colour: str, other: str, share: float) -> str:
    """`share` of the other colour mixed in.

    >>> mixed("#000000", "#FFFFFF", 0.5)
    '#808080'
    """
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def room(**sides: int) -> dict[str, int]:
    """Margins of a picture in pixels: 8, and what its labels take on some sides (`l`, `r`, `t`, `b`) at the usual size
    of text. With less plotly draws the picture twice, to make room; with larger text it still does.

    >>> room(b=63)
    {'l': 8, 'r': 8, 't': 8, 'b': 63}
    """
    return {"l": 8, "r": 8, "t": 8, "b": 8, **sides}


def plain_layout(height: int, **more: Any) -> dict[str, Any]:
    """A transparent layout without menus and with small margins, `height` in pixels; `more` overrides."""
    return {
        "height": height,
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "margin": room(),
        "dragmode": False,
        "showlegend": False,
        **more,
    }
