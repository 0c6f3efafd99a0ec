"""A unit of a Dense layer: the picture, its weights, their products, and the weights of all units as images."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lib.figures.base.colours import INK, ORANGE, plain_layout
from lib.figures.base.names import literal
from lib.figures.base.value_map import HIDDEN_AXIS, PLACE, heatmap, value_map

Values = NDArray[np.float32]
Factor = Literal["image", "weights", "products"]

_HOVER = PLACE + "<br>%{customdata[0]:.2f} × %{customdata[1]:.3f} = %{customdata[2]:.3f}<extra></extra>"
_COLUMNS = 5
_GUTTER = 3  # cells between two units
_HEAD = 10  # cells above a unit, for its name


def product_map(image: Values, weights: Values, factor: Factor) -> go.Figure:
    """The image, a unit's weights, or their products; each cell tells its whole multiplication.

    Args:
        image: `(height, width)`, 0 to 1.
        weights: of one unit, the same shape.
        factor: which of the three.
    """
    products = image * weights
    shown = {"image": image, "weights": weights, "products": products}[factor]
    # One scale for weights and products: a bright pixel keeps its weight's colour, a dark one fades it.
    limit = 1.0 if factor == "image" else float(np.abs(weights).max(initial=0)) or 1.0
    details = np.stack([image, weights, products], axis=-1)
    return value_map(shown, limit, factor != "image", customdata=details, hovertemplate=_HOVER)


def weight_images(kernel: Values, shape: tuple[int, int], names: tuple[str, ...], chosen: int) -> go.Figure:
    """The weights of every unit as an image, five in a row, all on one scale.

    Args:
        kernel: `(height * width, units)`.
        shape: height and width of the images that the layer sees.
        names: one a unit.
        chosen: the unit to frame.
    """
    height, width = shape
    units = kernel.shape[1]
    rows = -(-units // _COLUMNS)
    sheet = np.full((rows * (height + _HEAD), _COLUMNS * (width + _GUTTER) - _GUTTER), np.nan, np.float32)
    corners = [(unit // _COLUMNS * (height + _HEAD) + _HEAD, unit % _COLUMNS * (width + _GUTTER))
               for unit in range(units)]  # fmt: skip
    for unit, (top, left) in enumerate(corners):
        sheet[top : top + height, left : left + width] = kernel[:, unit].reshape(shape)
    top, left = corners[chosen]
    frame = {"type": "rect", "x0": left - 1, "x1": left + width, "y0": top - 1, "y1": top + height,
             "line": {"color": ORANGE, "width": 3}}  # fmt: skip
    return go.Figure(
        heatmap(sheet, float(np.abs(kernel).max()), signed=True, hovertemplate="weight %{z:.3f}<extra></extra>"),
        plain_layout(
            250,
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            xaxis=HIDDEN_AXIS,
            yaxis={**HIDDEN_AXIS, "autorange": "reversed", "scaleanchor": "x"},
            shapes=[frame],
            annotations=[_name(text, corner, width) for text, corner in zip(names, corners, strict=True)],
        ),
    )


def _name(text: str, corner: tuple[int, int], width: int) -> dict[str, Any]:
    top, left = corner
    return {"text": literal(text), "x": left + width / 2 - 0.5, "y": top - 1, "yanchor": "bottom", "showarrow": False,
            "font": {"size": 13, "color": INK}}  # fmt: skip


def describe_products(factor: Factor, unit: str, total: float) -> str:
    """The alt text of `product_map`.

    Args:
        factor: which of the three.
        unit: the unit's name.
        total: sum of the products.

    >>> describe_products("products", "3", 4.0512)
    'Pixel times weight of unit 3, for every pixel; all together 4.051.'
    """
    if factor == "products":
        return f"Pixel times weight of unit {unit}, for every pixel; all together {total:.4g}."
    return "The image that the layer sees." if factor == "image" else f"The weights of unit {unit} as an image."


def describe_weights(names: tuple[str, ...], chosen: int) -> str:
    """The alt text of `weight_images`.

    >>> describe_weights(("0", "1"), 1)
    'The weights of 2 units, each as an image; unit 1 is framed.'
    """
    return f"The weights of {len(names)} units, each as an image; unit {names[chosen]} is framed."
