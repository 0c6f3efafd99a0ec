"""A layer's learned kernels as pictures, and the parts of images that a filter answers to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.receptive import Field, receptive_field
from lib.figures.base.images import as_rgb, enlarged, to_data_url
from lib.figures.base.signed import signed_picture
from lib.specs.layers.branches import WAYS
from lib.specs.layers.known import Conv1D, Conv2D, Dense, Flatten, ParallelConv2D, Recurrent
from lib.specs.model import ModelSpec

MOST_SHOWN = 64
"""Pictures of a gallery."""
SIDE = 56
"""About how many pixels a picture of a gallery is wide."""
_TALLEST = 4
"""Times as high as it is wide, or the other way round, a picture may be."""

Values = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a gallery, with what stands below it.

    Attributes:
        image: uint8 `(height, width, 1, 3 or 4)`.
        name: the first line.
        note: the second line, or "".
        dead: whether it stands for a unit that always gives the same.
        said: the picture in words.
    """

    image: Pixels
    name: str
    note: str
    dead: bool
    said: str


def layers_with_units(model: ModelSpec) -> tuple[str, ...]:
    """Names of the layers whose units have learned weights of their own."""
    kinds = Conv2D | ParallelConv2D | Conv1D | Dense | Recurrent
    return tuple(
        name for name, layer in zip(model.layer_names(), model.layers, strict=True) if isinstance(layer, kinds)
    )


def kernels_of(model: ModelSpec, name: str, weights: Mapping[str, NDArray[Any]]) -> list[Values] | None:
    """The weights of each unit of a layer, laid out as what they are multiplied with.

    Args:
        model: a stack that works.
        name: of a layer.
        weights: by name.

    Returns:
        `(rows, columns, channels)` for each filter; a Dense layer that sees nothing but an image's pixels has such
        ones, too. None where the weights lie in no such order.

    >>> model = ModelSpec((4, 4, 1), (Flatten(), Dense(units=3)))
    >>> [kernel.shape for kernel in kernels_of(model, "dense", {"dense/kernel": np.zeros((16, 3))})]
    [(4, 4, 1), (4, 4, 1), (4, 4, 1)]
    """
    place = model.layer_names().index(name)
    layer = model.layers[place]
    match layer:
        case Conv2D():
            kernels = [weights[f"{name}/kernel"]]
        case ParallelConv2D():
            kernels = [weights[f"{name}/{way}_kernel"] for way in WAYS]
        case Conv1D():
            kernels = [weights[f"{name}/kernel"][:, :, None]]
        case Dense() if len(model.input_shape) == 3 and all(isinstance(each, Flatten) for each in model.layers[:place]):
            kernels = [weights[f"{name}/kernel"].reshape(*model.input_shape, layer.units)]
        case _:
            return None
    return [np.asarray(each, np.float32) for kernel in kernels for each in np.moveaxis(kernel, -1, 0)]


def sees_pixels(model: ModelSpec, name: str) -> bool:
    """Whether a layer's channels are an image's own: before it are Flatten and training-only layers alone."""
    before = model.layers[: model.layer_names().index(name)]
    return len(model.input_shape) == 3 and all(isinstance(each, Flatten) or each.only_training for each in before)


def kernel_picture(kernel: Values, limit: float) -> Pixels:
    """A kernel with one pixel a weight.

    Args:
        kernel: `(rows, columns)`, blue below 0 and red above; or `(rows, columns, 3)` for red, green and blue, grey
            where the weight is 0.
        limit: the weight of the strongest colour.
    """
    if kernel.ndim == 2:
        return signed_picture(kernel, limit or 1.0)
    levels = np.clip(kernel / (limit or 1.0), -1, 1)
    coloured: Pixels = np.rint(127.5 + 127.5 * levels).astype(np.uint8)
    return coloured


def limit_of(kernels: Sequence[Values]) -> float:
    """The largest weight without its sign: all kernels of a layer share one range of colours."""
    return max(float(np.abs(kernel).max()) for kernel in kernels)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the cells of a layer see of an image: along its rows, and along its columns.

    Attributes:
        down, across: of a cell; None where every unit sees the whole image.
        columns: cells in a row of the map.
    """

    down: Field | None
    across: Field | None
    columns: int


def seen_by(model: ModelSpec, name: str) -> Seen:
    """What the cells of a layer of a network for images see."""
    place = model.layer_names().index(name)
    shapes = (model.input_shape, *model.shapes())
    layers, before = model.layers[: place + 1], shapes[: place + 1]
    if len(shapes[place + 1]) != 3:
        return Seen(None, None, 1)
    down, across = (receptive_field(layers, before, axis) for axis in (0, 1))
    return Seen(down, across, shapes[place + 1][1])


def patch(image: Pixels, seen: Seen, place: int) -> Pixels:
    """What a cell sees of an image.

    Args:
        image: `(height, width, 1 or 3)`, 0 to 255.
        seen: by the cells of a layer.
        place: of the cell, counted row by row.

    Returns:
        Red, green, blue and opacity, `(rows, columns, 4)`; padding beyond the image is see-through.
    """
    if seen.down is None or seen.across is None:
        (top, bottom), (left, right) = (0, image.shape[0] - 1), (0, image.shape[1] - 1)
    else:
        row, column = divmod(place, seen.columns)
        (top, bottom), (left, right) = seen.down.pixels(row), seen.across.pixels(column)
    whole = np.zeros((bottom - top + 1, right - left + 1, 4), np.uint8)
    inside = np.s_[max(top, 0) : min(bottom + 1, image.shape[0]), max(left, 0) : min(right + 1, image.shape[1])]
    rows, columns = (
        slice(part.start - first, part.stop - first) for part, first in zip(inside, (top, left), strict=True)
    )
    whole[rows, columns, :3] = as_rgb(image)[inside]
    whole[rows, columns, 3] = 255
    return whole


def gallery(
    pictures: Sequence[Picture], label: str, *, chosen: int | None = None, still: bool = False, side: int = SIDE
) -> dict[str, Any]:
    """What the component is fed: plain JSON.

    Args:
        pictures: in their order.
        label: what they are, for those who cannot see them.
        chosen: the one that is chosen; None where none of them stays chosen.
        still: whether there is nothing to choose.
        side: pixels of a picture's longer side, about.
    """
    return {
        "still": still,
        "label": label,
        "chosen": chosen,
        "pictures": [
            {
                "picture": to_data_url(_sized(each.image, side)), "name": each.name, "note": each.note,
                "dead": each.dead, "said": each.said,
            }
            for each in pictures
        ],
    }  # fmt: skip


def _sized(image: Pixels, side: int) -> Pixels:
    """Each pixel as a square; a very long picture is cut to what can be seen of it beside the others."""
    height, width = image.shape[:2]
    cut = image[: _TALLEST * width, : _TALLEST * height]
    return enlarged(cut, max(1, round(side / max(cut.shape[:2]))))
