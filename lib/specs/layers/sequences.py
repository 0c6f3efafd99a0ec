"""Layers for sequences of (steps, features), and the one that makes them from token ids.

Going through a sequence in both directions is an option of the recurrent layers, not a layer around a layer: a spec
stays one flat list of layers with plain options, in JSON, in the address and on the page. Keras' own Bidirectional
(merge_mode 'concat') is what gets built and exported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from lib.specs.fields import Choice, Number, SpecError, Switch, ruled
from lib.specs.layers.base import Family, Layer, Parameters, Shape
from lib.specs.layers.sliding import Conv, GlobalPooling, Pooling, need_axes


@dataclass(frozen=True, slots=True)
class Embedding(Layer):
    """A table with one learned row for each token id."""

    family: ClassVar[Family] = Family.EMBEDDING
    icon: ClassVar[str] = "dictionary"
    summary: ClassVar[str] = "looks up a learned vector for each token"
    by_position: ClassVar[tuple[str, ...]] = ("input_dim", "output_dim")
    only_first: ClassVar[bool] = True
    input_dim: int = ruled(10_000, Number(1, 20_000))
    output_dim: int = ruled(32, Number(1, 512))
    mask_zero: bool = ruled(False, Switch())

    @property
    def unmasked(self) -> Embedding:
        """The same one where the mask is told to each layer, see `ModelSpec.tells_masks`."""
        return replace(self, mask_zero=False)

    def draws(self) -> dict[str, str]:
        """The table."""
        return {"embeddings_initializer": "RandomUniform"}

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

    family: ClassVar[Family] = Family.RECURRENT
    icon: ClassVar[str] = "cycle"
    uses_mask: ClassVar[bool] = True
    has_kernel: ClassVar[bool] = True
    by_position: ClassVar[tuple[str, ...]] = ("units",)
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
        need_axes(self, 1, shape)
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
class Conv1D(Conv):
    """Slides `filters` kernels along the steps; each gives one feature."""

    rank: ClassVar[int] = 1
    summary: ClassVar[str] = "finds short patterns wherever they are"
    padding: str = ruled("valid", Choice(("valid", "same", "causal")))
    dilation_rate: int = ruled(1, Number(1, 16))


@dataclass(frozen=True, slots=True)
class MaxPooling1D(Pooling):
    """Keeps the largest value of each window of steps."""

    rank: ClassVar[int] = 1
    summary: ClassVar[str] = "keeps the strongest answer of each few steps"


@dataclass(frozen=True, slots=True)
class GlobalAveragePooling1D(GlobalPooling):
    """One number a feature: its mean over the steps, without the masked ones."""

    rank: ClassVar[int] = 1
    uses_mask: ClassVar[bool] = True
    summary: ClassVar[str] = "turns each feature into its mean over the steps"


@dataclass(frozen=True, slots=True)
class GlobalMaxPooling1D(GlobalPooling):
    """One number a feature: its largest value over all steps, masked or not, as Keras does."""

    rank: ClassVar[int] = 1
    summary: ClassVar[str] = "keeps each feature's strongest step"
