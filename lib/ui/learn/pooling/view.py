"""The Pooling page's controls, the explorer beside them, and the sums with their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.pooling import PoolType, pool2d
from lib.concepts.windows import windows_of
from lib.export.keras_code import layer_code
from lib.figures.learn.scenes import pooling_scene
from lib.specs.layers.known import AveragePooling2D, MaxPooling2D
from lib.ui.kit import lessons, sums
from lib.ui.kit.choice import Choice
from lib.ui.kit.explorer import explorer
from lib.ui.kit.key import Key
from lib.ui.learn import page
from lib.ui.session.state import STRIDE

Values = NDArray[np.float32]

Ends = Literal["valid", "same"]
_TYPES: dict[PoolType, str] = {
    "max": "max",
    "average": "average",
    "min": "min",
    "global_max": "global max",
    "global_average": "global average",
}
_GLOBAL_CODE = {"global_max": "layers.GlobalMaxPooling2D()", "global_average": "layers.GlobalAveragePooling2D()"}
_MOST_WRITTEN = 9
"""Values of a window that are all written out."""


@dataclass(frozen=True, slots=True)
class Pooling:
    """What the controls say.

    Attributes:
        pool_type: which number stands for a window.
        pool_size: side of the window, in pixels.
        stride: pixels from one window to the next.
        padding: 'valid' or 'same'.
    """

    pool_type: PoolType = "max"
    pool_size: int = 2
    stride: int = 2
    padding: Ends = "valid"

    @property
    def whole(self) -> bool:
        """Whether its window is the whole map."""
        return self.pool_type in _GLOBAL_CODE

    def of(self, image: Values) -> Values:
        """The image pooled; see `pool2d`."""
        return pool2d(image, self.pool_type, self.pool_size, self.stride, self.padding)

    def keras(self) -> str:
        """The layer as Keras writes it."""
        if self.whole:
            return _GLOBAL_CODE[self.pool_type]
        layer = AveragePooling2D if self.pool_type == "average" else MaxPooling2D
        code = layer_code(layer(self.pool_size, self.stride, self.padding))
        return f"-{code}(-x)" if self.pool_type == "min" else code


_TYPE: Choice[PoolType] = Choice("pool_type", _TYPES, "max")
# It has a key of its own, because the Convolution page has more kinds of padding. In the address both are `padding`.
_PADDING: Choice[Ends] = Choice("pool_padding", {"valid": "valid", "same": "same"}, "valid", parameter="padding")
_LAST: Key[tuple[Values, Pooling] | None] = Key("pooling_last", None)
"""The picture and the pooling that were shown last."""


def controls() -> Pooling:
    """Let a person choose how to pool; the address holds it."""
    pool_type = _TYPE.segments("Pooling")
    whole = pool_type in _GLOBAL_CODE
    size, step = st.columns(2)
    pool_size = size.slider("Pool size", 1, 7, 2, key="pool_size", bind="query-params", disabled=whole)
    stride = step.slider("Stride", 1, 4, 2, key=STRIDE.name, bind="query-params", disabled=whole)
    padding = _PADDING.segments("Padding", disabled=whole)
    return Pooling(pool_type, pool_size, stride, padding)


def fitting(image: Values, pooling: Pooling) -> tuple[Values, Pooling]:
    """The picture and the pooling. Where the window does not fit, the page says so, and the last ones that did stay."""
    try:
        pooling.of(image)
    except ValueError as error:
        st.warning(f"{str(error).capitalize()}.", icon=":material/grid_off:")
        image, pooling = _LAST.get() or (image, Pooling(pooling.pool_type, padding="same"))
    _LAST.set((image, pooling))
    return image, pooling


def show(image: Values, pooling: Pooling) -> None:
    """Show the explorer."""
    explorer(
        pooling_scene(
            image,
            pool_size=pooling.pool_size,
            stride=pooling.stride,
            padding=pooling.padding,
            pool_type=pooling.pool_type,
        )
    )


def formula(image: Values, pooling: Pooling) -> None:
    """Show the formula with its numbers."""
    with page.formula():
        sums.show("\n".join(_sums(image, pooling)))
        if pooling.pool_type == "min":
            lessons.show("pooling.trick")
            sums.show(trick(image, pooling))
        sums.show(pooling.keras())


def _sums(image: Values, pooling: Pooling) -> list[str]:
    """The size of the output, how many numbers are left, and how many weights there are to learn."""
    height, width, channels = image.shape
    result = pooling.of(image)
    if pooling.whole:
        size = f"one window of {height}x{width}: 1 number a channel"
    else:
        size = MaxPooling2D(pooling.pool_size, pooling.stride, pooling.padding).shape_sum(image.shape)
    rows, columns, _ = result.shape
    return [
        f"output size: {size}",
        f"numbers: {height}*{width}*{channels} = {image.size:,} -> {rows}*{columns}*{channels} = "
        f"{result.size:,} ({result.size / image.size:.1%} are left)",
        "weights to learn: 0",
    ]


def trick(image: Values, pooling: Pooling) -> str:
    """How a maximum finds the smallest number of a window; the window is the one whose values differ most."""
    size = min(pooling.pool_size, *image.shape[:2])
    windows = windows_of(image, size, pooling.stride, "valid")
    spread = windows.max(axis=(3, 4)) - windows.min(axis=(3, 4))
    values = windows[np.unravel_index(spread.argmax(), spread.shape)].ravel()
    return f"min({_listed(values)}) = -max({_listed(-values)}) = {values.min():.3g}"


def _listed(values: Values) -> str:
    """All values, or the first and the last few of many."""
    words = [f"{value + 0:.3g}" for value in values]
    if len(words) > _MOST_WRITTEN:
        words = [*words[:4], "...", *words[-2:]]
    return ", ".join(words)
