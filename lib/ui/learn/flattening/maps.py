"""From maps to a vector: real maps of the page's picture, and where each of their numbers goes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.activations import relu
from lib.concepts.convolution import conv2d
from lib.concepts.flattening import index_of
from lib.concepts.pooling import max_pool2d
from lib.figures.learn.scenes import flattening_scene
from lib.ui.kit import lessons, sums
from lib.ui.kit.explorer import explorer
from lib.ui.kit.fragment import fragment
from lib.ui.kit.question_note import ask
from lib.ui.learn import page, tasks

Values = NDArray[np.float32]

# Sobel's kernel and its turns: they find edges that grow brighter downwards, to the right, upwards, to the left.
_SOBEL = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], np.float32) / np.float32(4)
KERNELS: Values = np.stack([_SOBEL, _SOBEL.T, -_SOBEL, -_SOBEL.T], axis=-1)[:, :, None, :]
_UNITS = 10
_EXAMPLE = (3, 4)
"""Row and column of the number whose place the formula computes."""


@fragment
def maps_to_vector(image: Values) -> None:
    """Show a slider for the number of maps, the explorer, and the sums.

    Args:
        image: `(28, 28, 1)`, 0 to 1.
    """
    lessons.show("flattening.flatten")
    filters = st.slider("Filters", 1, KERNELS.shape[3], 1, key="filters", bind="query-params", width=320)
    maps = max_pool2d(relu(conv2d(image, KERNELS[..., :filters])), pool_size=2, stride=2)
    scene = flattening_scene(maps)
    place = explorer(scene, watched=tasks.waiting())
    with page.formula():
        sums.show("\n".join(_sums(maps)))
    ask("without_flatten")
    tasks.tell(apart=maps.shape[2], index=_index(place, scene.output.shape[1]))


def _index(place: Mapping[str, str], columns: int) -> int | None:
    """Which number of the vector somebody looks at, if the browser has told."""
    if not {"row", "column"} <= set(place):
        return None
    return int(place["row"]) * columns + int(place["column"])


def _sums(maps: Values) -> list[str]:
    """Length of the vector, the place of one number, and what a Dense layer after it would learn."""
    rows, columns, channels = maps.shape
    row, column = _EXAMPLE
    channel = channels - 1
    place = index_of(row, column, channel, (rows, columns, channels))
    return [
        f"length of the vector: {rows}*{columns}*{channels} = {maps.size}",
        f"row {row}, column {column}, channel {channel}: ({row}*{columns} + {column})*{channels} + {channel} = {place}",
        f"weights of {_UNITS} Dense units behind it: {maps.size}*{_UNITS} + {_UNITS} = {maps.size * _UNITS + _UNITS:,}",
    ]
