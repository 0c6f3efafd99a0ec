"""Which pixels a number of a deep layer has seen: its receptive field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib.concepts.windows import pad_widths, window_reach
from lib.specs.layers.known import AveragePooling2D, Conv2D, Layer, MaxPooling2D, ParallelConv2D, Shape


@dataclass(frozen=True, slots=True)
class Field:
    """What the cells of a layer see of the image, along one axis.

    Attributes:
        size: pixels that one cell sees.
        step: pixels from what one cell sees to what the next one sees.
        start: first pixel that the first cell sees; below 0 where padding lies in front.
    """

    size: int
    step: int
    start: int

    def pixels(self, cell: int) -> tuple[int, int]:
        """First and last pixel that a cell sees, which may lie on padding."""
        first = self.start + cell * self.step
        return first, first + self.size - 1

    def centre(self, cell: int) -> float:
        """The middle of what a cell sees, in pixels from the first one's middle."""
        return self.start + cell * self.step + (self.size - 1) / 2


def receptive_field(layers: Sequence[Layer], shapes: Sequence[Shape], axis: int = 0) -> Field:
    """What one cell sees of the image through a stack of layers.

    With each window of size k and stride s: `size += (k - 1) * step`, `start -= pad * step`, `step *= s`, in this order
    (Dumoulin, Visin 2016: A guide to convolution arithmetic; Araujo, Norris, Sim 2019, Distill).

    Args:
        layers: from the image to the layer in question.
        shapes: what goes into each of them, `(height, width, channels)`.
        axis: 0 for rows, 1 for columns.

    >>> layers = (Conv2D(), MaxPooling2D(), Conv2D(), MaxPooling2D())
    >>> field = receptive_field(layers, ((28, 28, 1), (26, 26, 32), (13, 13, 32), (11, 11, 64)))
    >>> field, field.centre(0)
    (Field(size=10, step=4, start=0), 4.5)
    """
    size, step, start = 1, 1, 0
    for layer, shape in zip(layers, shapes, strict=True):
        # Of two branches the larger window sees all that the other one sees.
        seen = max(layer.branches, key=lambda each: each.kernel_size) if isinstance(layer, ParallelConv2D) else layer
        if isinstance(seen, Conv2D):
            window, stride, padding, dilation = seen.kernel_size, seen.strides, seen.padding, seen.dilation_rate
        elif isinstance(seen, MaxPooling2D | AveragePooling2D):
            window, stride, padding, dilation = seen.pool_size, seen.strides, seen.padding, 1
        else:
            continue
        before, _ = pad_widths(shape[axis], window, stride, padding, dilation)
        size += (window_reach(window, dilation) - 1) * step
        start -= before * step
        step *= stride
    return Field(size, step, start)
