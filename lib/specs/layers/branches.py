"""The one layer with branches: two convolutions side by side, their maps put together.

A model stays one flat list of layers; this entry of the list stands for three Keras layers, as a recurrent layer in
both directions stands for a Bidirectional around another. It is what Keras' functional API is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lib.specs.fields import Choice, Number, ruled
from lib.specs.layers.base import ACTIVATIONS, Family, Layer, Parameters, Shape
from lib.specs.layers.maps import Conv2D
from lib.specs.layers.sliding import need_axes

WAYS = ("first", "second")
"""The branches, by the names of their weights: `first_kernel`, `second_bias`, ..."""


@dataclass(frozen=True, slots=True)
class ParallelConv2D(Layer):
    """Two Conv2D with windows of different size see the same maps; the second one's maps follow the first one's."""

    family: ClassVar[Family] = Family.CONVOLUTION
    functional: ClassVar[bool] = True
    icon: ClassVar[str] = "call_split"
    summary: ClassVar[str] = "looks for small and larger patterns at once"
    filters: int = ruled(16, Number(1, 256))
    kernel_size: int = ruled(3, Number(1, 11))
    other_kernel_size: int = ruled(5, Number(1, 11))
    activation: str = ruled("relu", Choice(ACTIVATIONS))

    @property
    def brief(self) -> str:
        """Both windows and the activation."""
        sizes = (self.kernel_size, self.other_kernel_size)
        return " | ".join(f"{size}×{size}" for size in sizes) + f" {self.activation}"

    @property
    def branches(self) -> tuple[Conv2D, Conv2D]:
        """The two convolutions; padding 'same', or their maps would not fit together."""
        first, second = (
            Conv2D(filters=self.filters, kernel_size=size, padding="same", activation=self.activation)
            for size in (self.kernel_size, self.other_kernel_size)
        )
        return first, second

    @property
    def keras_kinds(self) -> tuple[str, ...]:
        """Two convolutions and what joins them."""
        return ("Conv2D", "Conv2D", "Concatenate")

    def output_shape(self, shape: Shape) -> Shape:
        """`(height, width, 2 * filters)`."""
        need_axes(self, 2, shape)
        *sides, channels = self.branches[0].output_shape(shape)
        return (*sides, 2 * channels)

    def shape_sum(self, shape: Shape) -> str:
        """The sides of one branch, the maps of both."""
        return f"{self.branches[0].shape_sum(shape)}; maps {self.filters} + {self.filters} = {2 * self.filters}"

    def parameters(self, shape: Shape) -> Parameters:
        """Those of both branches."""
        first, second = (branch.parameters(shape) for branch in self.branches)
        words = " + ".join(f"({each.sum.partition(' = ')[0]})" for each in (first, second))
        total = first.total + second.total
        return Parameters(total, 0, f"{words} = {total:,}")

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Kernel and bias of each branch."""
        return {
            f"{way}_{word}": axes
            for way, branch in zip(WAYS, self.branches, strict=True)
            for word, axes in branch.weight_shapes(shape).items()
        }

    def multiply_adds(self, shape: Shape) -> int:
        """Those of both branches."""
        return sum(branch.multiply_adds(shape) for branch in self.branches)
