"""Signed maps of what speaks for an answer and what against it, beside the image that they are about."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.receptive import Field
from lib.figures.base.colours import DIVERGING
from lib.figures.base.images import to_data_url

SIDE = 224
"""Pixels of the image's longer side on the screen."""


@dataclass(frozen=True, slots=True, eq=False)
class WhyMap:
    """One map.

    Attributes:
        title: which network it is about.
        places: `(rows, columns)`; above 0 speaks for the answer, below 0 against it.
        total: what all places come to, in words.
    """

    title: str
    places: NDArray[np.float32]
    total: str


def why_data(image: NDArray[np.uint8], maps: Sequence[WhyMap], fields: tuple[Field, Field]) -> dict[str, Any]:
    """What the component is fed: plain JSON.

    Args:
        image: uint8 `(height, width, 1 or 3)`.
        maps: of one shape. Each has colours of its own: between networks sizes mean little.
        fields: what a cell of the maps sees of the image, down and across.
    """
    height, width = image.shape[:2]
    return {
        "image": to_data_url(image, max(1, SIDE // max(height, width))),
        "size": [height, width],
        "maps": [
            {"title": one.title, "total": one.total, "shape": list(one.places.shape), "data": _packed(one.places)}
            for one in maps
        ],
        "said": "; ".join(map(describe_why, maps)),
        "fields": [[field.start, field.step, field.size] for field in fields],
        "diverging": [colour for _, colour in DIVERGING],
    }


def _packed(places: NDArray[np.float32]) -> str:
    return base64.b64encode(np.ascontiguousarray(places, dtype="<f4").tobytes()).decode()


def describe_why(one: WhyMap) -> str:
    """A map in words: where most speaks for the answer, and where most against it.

    >>> describe_why(WhyMap("after epoch 2", np.array([[1, -3], [0, 2]], np.float32), "sum 0"))
    'after epoch 2: 2 x 2 places, most for it at row 1, column 1 (2), most against it at row 0, column 1 (-3)'
    """
    rows, columns = one.places.shape
    (top, left), (low, right) = (
        np.unravel_index(int(place), (rows, columns)) for place in (one.places.argmax(), one.places.argmin())
    )
    return (
        f"{one.title}: {rows} x {columns} places, most for it at row {top}, column {left} ({one.places.max():.3g}),"
        f" most against it at row {low}, column {right} ({one.places.min():.3g})"
    )
