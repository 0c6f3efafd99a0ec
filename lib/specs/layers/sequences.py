"""Layers for sequences of (steps, features), and the one that makes them from token ids.

Going through a sequence in both directions is an option of the recurrent layers, not a layer around a layer: a spec
stays one flat list of layers with plain options, in JSON, in the address and on the page. Keras' own Bidirectional
(merge_mode 'concat') is what gets built and exported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from lib.specs.fields import Choice, Number, SpecError, Switch, check_fields, ruled
from lib.specs.layers.base import (
    ACTIVATIONS,
    Layer,
    Parameters,
    Shape,
    check_dilation,
    check_window,
    window_positions,
    window_sum,
)


def _need_sequence(layer: Layer, shape: Shape) -> None:
    if len(shape) == 3:
        raise SpecError(
            f"{layer.kind} needs a sequence of (steps, features), but gets maps of {shape}: use a layer for images,"
            " such as Conv2D"
        )
    if len(shape) != 2:
        raise SpecError(
            f"{layer.kind} needs a sequence of (steps, features), but gets the vector {shape}: begin with an Embedding"
            " if these are token ids, or switch on return_sequences in the recurrent layer before it"
        )


def _check_window(layer: Layer, shape: Shape, window: int, padding: str, dilation_rate: int = 1) -> None:
    _need_sequence(layer, shape)
    check_window(layer.kind, shape[:1], "steps", window, padding, dilation_rate)


@dataclass(frozen=True, slots=True)
class Embedding(Layer):
    """A table with one learned row for each token id."""

    summary: ClassVar[str] = "looks up a learned vector for each token"
    only_first: ClassVar[bool] = True
    input_dim: int = ruled(10_000, Number(1, 20_000))
    output_dim: int = ruled(32, Number(1, 512))
    mask_zero: bool = ruled(False, Switch())

    def output_shape(self, shape: Shape) -> Shape:
        """`(steps, output_dim)`."""
        if len(shape) != 1:
            raise SpecError(f"Embedding needs a row of token ids, (length,), but gets {shape}")
        return (*shape, self.output_dim)

    def shape_sum(self, shape: Shape) -> str:
        """One row of the table a token."""
        return f"a row of {self.output_dim} numbers for each of {shape[0]} tokens"

    def parameters(self, shape: Shape) -> Parameters:
        """`input_dim * output_dim`."""
        total = self.input_dim * self.output_dim
        return Parameters(total, 0, f"{self.input_dim}*{self.output_dim} = {total:,}")

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """The table."""
        return {"embeddings": (self.input_dim, self.output_dim)}


@dataclass(frozen=True, slots=True)
class Recurrent(Layer):
    """A cell that goes through the sequence step by step and carries its state along.

    Attributes:
        gates: sums a unit makes in each step: the candidate and the gates.
        biases: biases a sum has; Keras' GRU (`reset_after=True`) has one for the input and one for the state.
    """

    gates: ClassVar[int] = 1
    biases: ClassVar[int] = 1
    units: int = ruled(32, Number(1, 512))
    return_sequences: bool = ruled(False, Switch())
    bidirectional: bool = ruled(False, Switch())

    @property
    def keras_kinds(self) -> tuple[str, ...]:
        """The cell's layer, and Bidirectional around it where both directions are asked for."""
        return (self.kind, "Bidirectional") if self.bidirectional else (self.kind,)

    def output_shape(self, shape: Shape) -> Shape:
        """`(units,)`, or `(steps, units)` with `return_sequences`; twice the units in both directions."""
        _need_sequence(self, shape)
        width = self.units * (1 + self.bidirectional)
        return (shape[0], width) if self.return_sequences else (width,)

    def shape_sum(self, shape: Shape) -> str:
        """Which states come out, and how wide they are."""
        states = f"a state for each of {shape[0]} steps" if self.return_sequences else "the last state"
        width = f"2*{self.units} = {2 * self.units}" if self.bidirectional else f"{self.units}"
        return f"{states}: {width}"

    def parameters(self, shape: Shape) -> Parameters:
        """`gates * ((inputs + units) * units + biases * units)`, twice in both directions."""
        inputs, units = shape[-1], self.units
        one = f"({inputs} + {units})*{units} + {f'{self.biases}*' if self.biases > 1 else ''}{units}"
        times = [n for n in (1 + self.bidirectional, self.gates) if n > 1]
        total = math.prod(times) * ((inputs + units) * units + self.biases * units)
        text = "*".join([*map(str, times), f"({one})"]) if times else one
        return Parameters(total, 0, f"{text} = {total:,}")

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Weights of the input, of the state, and biases; in both directions the forward ones come first."""
        columns = self.gates * self.units
        one: dict[str, Shape] = {
            "kernel": (shape[-1], columns),
            "recurrent_kernel": (self.units, columns),
            "bias": (columns,) if self.biases == 1 else (self.biases, columns),
        }
        if not self.bidirectional:
            return one
        return {f"{way}_{name}": size for way in ("forward", "backward") for name, size in one.items()}

    def multiply_adds(self, shape: Shape) -> int:
        """One product a weight of both kernels, in each step."""
        return shape[0] * (1 + self.bidirectional) * self.gates * (shape[-1] + self.units) * self.units


@dataclass(frozen=True, slots=True)
class LSTM(Recurrent):
    """Long short-term memory (Hochreiter, Schmidhuber 1997): three gates guard a cell."""

    summary: ClassVar[str] = "reads step by step, with gates around its memory"
    gates: ClassVar[int] = 4


@dataclass(frozen=True, slots=True)
class GRU(Recurrent):
    """Gated recurrent unit (Cho et al. 2014) in Keras' `reset_after` form: two gates, no cell."""

    summary: ClassVar[str] = "reads step by step, with two gates"
    gates: ClassVar[int] = 3
    biases: ClassVar[int] = 2


@dataclass(frozen=True, slots=True)
class SimpleRNN(Recurrent):
    """The plain recurrent cell (Elman 1990): the new state is one bent sum of input and old state."""

    summary: ClassVar[str] = "reads step by step, without gates"


@dataclass(frozen=True, slots=True)
class Conv1D(Layer):
    """Slides `filters` kernels along the steps; each gives one feature."""

    summary: ClassVar[str] = "finds short patterns wherever they are"
    filters: int = ruled(32, Number(1, 512))
    kernel_size: int = ruled(3, Number(1, 11))
    strides: int = ruled(1, Number(1, 4))
    padding: str = ruled("valid", Choice(("valid", "same", "causal")))
    dilation_rate: int = ruled(1, Number(1, 16))
    activation: str = ruled("relu", Choice(ACTIVATIONS))
    use_bias: bool = ruled(True, Switch())

    def __post_init__(self) -> None:
        check_fields(self)
        check_dilation(self.kind, self.strides, self.dilation_rate)

    @property
    def _window(self) -> tuple[int, int, str, int]:
        """Window, strides, padding and dilation; 'causal' pads as much as 'same', but all of it in front."""
        padding = "same" if self.padding == "causal" else self.padding
        return self.kernel_size, self.strides, padding, self.dilation_rate

    def output_shape(self, shape: Shape) -> Shape:
        """`(steps, filters)`; see `window_positions`."""
        _check_window(self, shape, self.kernel_size, self.padding, self.dilation_rate)
        return (window_positions(shape[0], *self._window), self.filters)

    def shape_sum(self, shape: Shape) -> str:
        """The window formula."""
        return window_sum(shape[0], *self._window)

    def parameters(self, shape: Shape) -> Parameters:
        """`kernel_size * features * filters`, and one bias a filter."""
        total = self.kernel_size * shape[-1] * self.filters + self.filters * self.use_bias
        bias = f" + {self.filters}" if self.use_bias else ""
        return Parameters(total, 0, f"{self.kernel_size}*{shape[-1]}*{self.filters}{bias} = {total:,}")

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """One kernel for each filter, and one bias a filter."""
        kernel: dict[str, Shape] = {"kernel": (self.kernel_size, shape[-1], self.filters)}
        return kernel | ({"bias": (self.filters,)} if self.use_bias else {})

    def multiply_adds(self, shape: Shape) -> int:
        """A window's products for each output number."""
        return math.prod(self.output_shape(shape)) * self.kernel_size * shape[-1]


@dataclass(frozen=True, slots=True)
class MaxPooling1D(Layer):
    """Keeps the largest value of each window of steps."""

    summary: ClassVar[str] = "keeps the strongest answer of each few steps"
    pool_size: int = ruled(2, Number(1, 8))
    strides: int = ruled(2, Number(1, 8))
    padding: str = ruled("valid", Choice(("valid", "same")))

    def output_shape(self, shape: Shape) -> Shape:
        """`(steps, features)`; see `window_positions`."""
        _check_window(self, shape, self.pool_size, self.padding)
        return (window_positions(shape[0], self.pool_size, self.strides, self.padding), shape[1])

    def shape_sum(self, shape: Shape) -> str:
        """The window formula."""
        return window_sum(shape[0], self.pool_size, self.strides, self.padding)

    def multiply_adds(self, shape: Shape) -> int:
        """A look at each value of a window for each output number."""
        return math.prod(self.output_shape(shape)) * self.pool_size


@dataclass(frozen=True, slots=True)
class _GlobalPooling1D(Layer):
    def output_shape(self, shape: Shape) -> Shape:
        """`(features,)`."""
        _need_sequence(self, shape)
        return (shape[1],)

    def shape_sum(self, shape: Shape) -> str:
        """One value a feature."""
        return f"one number a feature = {shape[-1]}"

    def multiply_adds(self, shape: Shape) -> int:
        """Each value is looked at once."""
        return math.prod(shape)


@dataclass(frozen=True, slots=True)
class GlobalAveragePooling1D(_GlobalPooling1D):
    """One number a feature: its mean over the steps, without the masked ones."""

    summary: ClassVar[str] = "turns each feature into its mean over the steps"


@dataclass(frozen=True, slots=True)
class GlobalMaxPooling1D(_GlobalPooling1D):
    """One number a feature: its largest value over all steps, masked or not, as Keras does."""

    summary: ClassVar[str] = "keeps each feature's strongest step"
