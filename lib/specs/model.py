"""A stack of layers, read from the input to the output."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lib.specs.fields import SpecError
from lib.specs.layers.base import AxesError
from lib.specs.layers.known import Embedding, Layer, Parameters, Recurrent, Shape

MAX_LAYERS = 40
MAX_SIDE = 512
INPUT = "input"
"""The name of what goes into the first layer, where names of layers stand."""


@dataclass(frozen=True, slots=True)
class LayerTrace:
    """One layer inside its stack.

    Attributes:
        name: Keras' own default name, such as `conv2d_1`.
        input_shape, output_shape: without the samples axis; None where the stack is broken before or here.
        shape_sum: how the output shape comes about.
        parameters: its weights, with the sum.
        error: why the stack breaks at this layer, or "".
    """

    name: str
    layer: Layer
    input_shape: Shape | None
    output_shape: Shape | None
    shape_sum: str = ""
    parameters: Parameters = Parameters()  # noqa: RUF009 - frozen
    error: str = ""


@dataclass(frozen=True)
class ModelSpec:
    """Input shape and layers. It may be a stack that cannot work: `problem` says where and why.

    Args:
        input_shape: `(height, width, channels)`, or `(features,)`, or `(length,)` of token ids before an Embedding.
        layers: from input to output.

    Raises:
        SpecError: no or absurd axes, or more than 40 layers.
    """

    input_shape: Shape
    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        shape = tuple(self.input_shape)
        if len(shape) not in (1, 3) or not all(isinstance(n, int) and 1 <= n <= MAX_SIDE**2 for n in shape):
            raise SpecError(
                f"a model's input_shape must be (height, width, channels) or (features,), not {shape!r:.60}"
            )
        if len(self.layers) > MAX_LAYERS:
            raise SpecError(f"a model may have at most {MAX_LAYERS} layers, not {len(self.layers)}")
        object.__setattr__(self, "input_shape", shape)
        object.__setattr__(self, "layers", tuple(self.layers))

    @cached_property
    def trace(self) -> tuple[LayerTrace, ...]:
        """Every layer with its shapes, parameters and, where the stack breaks, the reason."""
        rows: list[LayerTrace] = []
        shape: Shape | None = self.input_shape
        for name, layer in zip(layer_names(self.layers), self.layers, strict=True):
            row = _trace_one(name, layer, shape, rows)
            rows.append(row)
            shape = row.output_shape
        return tuple(rows)

    @property
    def problem(self) -> str:
        """What is wrong with the stack, naming the layer by its place, or ""."""
        if not self.layers:
            return "The model has no layers: add one"
        for place, row in enumerate(self.trace, start=1):
            if row.error:
                return f"Layer {place}, {row.name}: {row.error}"
        return ""

    def shapes(self) -> tuple[Shape, ...]:
        """Output shape of each layer.

        Raises:
            SpecError: the stack breaks; the text is `problem`.
        """
        if self.problem:
            raise SpecError(self.problem)
        return tuple(row.output_shape for row in self.trace if row.output_shape is not None)

    def parameter_counts(self) -> tuple[int, ...]:
        """All weights of each layer, trainable or not."""
        self.shapes()
        return tuple(row.parameters.total for row in self.trace)

    @property
    def parameters(self) -> int:
        """All weights of the model (of the layers before the break, if it breaks)."""
        return sum(row.parameters.total for row in self.trace)

    def multiply_adds(self) -> int:
        """Multiplications with an addition for one sample, forward."""
        self.shapes()
        return sum(row.layer.multiply_adds(row.input_shape) for row in self.trace if row.input_shape is not None)

    @property
    def learners(self) -> tuple[str, ...]:
        """Names of the layers with weights that training changes, in order."""
        return tuple(row.name for row in self.trace if row.parameters.trainable)

    @property
    def masks_padding(self) -> bool:
        """Whether layers that know masks skip padded tokens."""
        return any(getattr(layer, "mask_zero", False) for layer in self.layers)

    @property
    def tells_masks(self) -> bool:
        """Whether layers must be told the mask, because it does not reach them by itself.

        Keras' MultiHeadAttention (3.15) takes the mask off what it is given, so that the sum behind it has none.
        """
        return self.branched and self.masks_padding

    @property
    def masked(self) -> tuple[bool, ...]:
        """Of each layer, whether it is told which steps are padding: Keras' rules, see `mask_after` of the concepts."""
        found, now = [], False
        for layer in self.layers:
            found.append(now)
            if isinstance(layer, Embedding):
                now = layer.mask_zero
            elif isinstance(layer, Recurrent):
                now = now and layer.return_sequences
            else:
                now = now and layer.passes_mask
        return tuple(found)

    def memory_mb(self, batch_size: int) -> float:
        """Rough memory in MB of one training step, without the data.

        Float32 activations of a batch are kept for the backward pass and their gradients beside them; a convolution
        may also lay out its windows (im2col). Weights come four times: value, gradient and Adam's two moments.
        """
        self.shapes()
        made = [row.layer.values(row.input_shape) for row in self.trace if row.input_shape is not None]
        values = math.prod(self.input_shape) + sum(made)
        return 4 * (3 * values * batch_size + 4 * self.parameters) / 1e6

    @property
    def branched(self) -> bool:
        """Whether it is no plain stack, so that only the functional API can write it."""
        return any(layer.functional for layer in self.layers)

    def layer_names(self) -> tuple[str, ...]:
        """Keras' default names, in order."""
        return tuple(row.name for row in self.trace)

    @cached_property
    def own_shapes(self) -> tuple[dict[str, Shape], ...]:
        """Of each layer, word and shape of every array that it learns or remembers, such as `kernel`.

        Raises:
            SpecError: the stack breaks.
        """
        inputs = (self.input_shape, *self.shapes()[:-1])
        return tuple(layer.weight_shapes(before) for layer, before in zip(self.layers, inputs, strict=True))


def _trace_one(name: str, layer: Layer, shape: Shape | None, before: list[LayerTrace]) -> LayerTrace:
    if shape is None:
        return LayerTrace(name, layer, None, None)
    first = shape if not before else before[0].input_shape
    out_of_place = misplaced(layer, first or (), [row.layer for row in before])
    if out_of_place:
        return LayerTrace(name, layer, shape, None, error=out_of_place)
    try:
        output = layer.output_shape(shape)
    except AxesError as error:
        return LayerTrace(name, layer, shape, None, error=f"{error}: {_way_out(error.rank, shape, before)}")
    except SpecError as error:
        return LayerTrace(name, layer, shape, None, error=str(error))
    return LayerTrace(name, layer, shape, output, layer.shape_sum(shape), layer.parameters(shape))


def misplaced(layer: Layer, first: Shape, before: Sequence[Layer]) -> str:
    """Why a layer cannot stand behind others, whatever shape comes out of them, or "".

    Args:
        layer: the one in question.
        first: shape of the model's input.
        before: all layers above it, none of which breaks the stack.
    """
    if layer.only_first and before:
        return f"{layer.kind} must be the first layer: only the input has token ids"
    if not layer.only_in_front:
        return ""
    if len(first) != 3:
        return f"{layer.kind} makes variants of images, and these samples are none: remove it"
    other = next((place for place, each in enumerate(before) if not each.makes_variants), None)
    if other is None:
        return ""
    name = layer_names(tuple(before))[other]
    return f"{layer.kind} makes variants of the image itself: move it above layer {other + 1}, {name}"


def _way_out(rank: int, shape: Shape, before: list[LayerTrace]) -> str:
    """What to do where a layer gets other axes than it slides along: it names the layer that took them away.

    Args:
        rank: of the axes that the layer needs.
        shape: what it gets.
        before: the layers above it.
    """
    if len(shape) > 1:
        return "use a layer for images, such as Conv2D" if rank == 1 else "use a layer for sequences, such as Conv1D"
    for place, row in enumerate(before, start=1):
        if row.output_shape is not None and len(row.output_shape) == 1 < len(row.input_shape or ()):
            if isinstance(row.layer, Recurrent):
                return f"switch on return_sequences in layer {place}, {row.name}, which keeps only its last state"
            return f"move it above layer {place}, {row.name}, which makes a vector"
    return "begin with an Embedding if these are token ids" if rank == 1 else "these samples are no maps, so remove it"


def layer_names(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """The names that Keras gives by default to the layers of a fresh session.

    >>> from lib.specs.layers.known import Conv2D, Flatten
    >>> layer_names((Conv2D(), Conv2D(), Flatten()))
    ('conv2d', 'conv2d_1', 'flatten')

    The layer inside a Bidirectional counts too:

    >>> from lib.specs.layers.known import LSTM
    >>> layer_names((LSTM(bidirectional=True), LSTM()))
    ('bidirectional', 'lstm_1')
    """
    seen: Counter[str] = Counter()
    names = []
    for layer in layers:
        stems = [snake_case(kind) for kind in layer.keras_kinds]
        names.append(f"{stems[-1]}_{seen[stems[-1]]}" if seen[stems[-1]] else stems[-1])
        seen.update(stems)
    return tuple(names)


def snake_case(name: str) -> str:
    """`MaxPooling2D` -> `max_pooling2d`, as Keras' `to_snake_case`."""
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
