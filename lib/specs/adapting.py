"""A run carried over to other data: input shape, last layer and loss follow the data, the rest stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile

from lib.specs.data import DataSpec
from lib.specs.layers.known import (
    Dense,
    Embedding,
    Family,
    Flatten,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    Layer,
)
from lib.specs.model import MAX_LAYERS, ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

# How samples of a kind are usually scaled; text and points never are.
USUAL_SCALING = {"images": "unit", "text": "unit", "points": "unit", "table": "standard"}

_KEEP_A_VECTOR = (Family.REGULARIZATION, Family.NORMALIZATION, Family.RESHAPING)
_ONLY_LEAD_IN = (Embedding, Flatten, GlobalAveragePooling1D, GlobalMaxPooling1D)
"""Layers that make of samples what the layers behind can take, and stand in front for no other reason."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A network that was carried over to data of another shape or kind.

    Attributes:
        added: layers that were put in front of it.
        left_out: layers of its front that the new data have no use for.
    """

    run: RunSpec
    added: tuple[Layer, ...] = ()
    left_out: tuple[Layer, ...] = ()


def adapted(run: RunSpec, data: DataSpec) -> RunSpec:
    """The same network and training on other data.

    Args:
        run: a run on any data.
        data: what it shall be trained on.

    Returns:
        The run with the data's input shape and vocabulary, an output layer that can answer (one unit a class; a single
        sigmoid unit for two classes; a linear unit for a number), and a loss that fits it.
    """
    layers, training = run.model.layers, run.training
    if layers and isinstance(layers[0], Embedding) and data.kind == "text":
        layers = (replace(layers[0], input_dim=data.vocabulary), *layers[1:])
    behind = list(takewhile(lambda layer: layer.family in _KEEP_A_VECTOR, reversed(layers)))
    at = len(layers) - len(behind) - 1
    answer = layers[at] if at >= 0 else None
    if isinstance(answer, Dense):
        last, loss = output_layer(data, answer, training.loss)
        layers, training = (*layers[:at], last, *layers[at + 1 :]), replace(training, loss=loss)
    return RunSpec(data, ModelSpec(data.input_shape, layers), training)


def output_layer(data: DataSpec, last: Dense, loss: str) -> tuple[Dense, str]:
    """The last layer that data need, as like the present one as can be, and its loss."""
    classes = len(data.class_names)
    if not classes:
        activation = last.activation if last.activation in ("linear", "tanh") else "linear"
        return replace(last, units=1, activation=activation), "mean_squared_error"
    if classes == 2 and (last.units != 2 or last.activation == "sigmoid"):
        kept = loss if loss == "mean_squared_error" else "binary_crossentropy"
        return replace(last, units=1, activation="sigmoid"), kept
    kept = "categorical_crossentropy" if loss == "binary_crossentropy" else loss
    return replace(last, units=classes, activation="softmax" if last.units == 1 else last.activation), kept


def carried(run: RunSpec, data: DataSpec) -> Carried | None:
    """A person's own network on other data: as it is, or with what leads from the samples to its other layers changed.

    Args:
        run: a run on any data.
        data: what it shall be trained on, of whatever kind.

    Returns:
        None where its layers cannot take the data. The training stays; only the loss follows the data.
    """
    layers, lead_in = run.model.layers, _lead_in(data)
    behind = next((at for at, layer in enumerate(layers) if not _leads_in(layer)), len(layers))
    if len(layers) - behind < 2:  # one Dense layer that answers is no network to lead in to
        behind = 0
    tries = [Carried(run)] if _begins_well(layers, data) else []
    fronts = [at for at in (behind, 0) if len(lead_in) + len(layers) - at <= MAX_LAYERS]
    tries += [Carried(_with(run, lead_in + layers[at:]), lead_in, layers[:at]) for at in fronts]
    there = (replace(each, run=adapted(each.run, data)) for each in tries)
    return next((each for each in there if not each.run.mismatch), None)


def _leads_in(layer: Layer) -> bool:
    return layer.only_in_front or isinstance(layer, _ONLY_LEAD_IN)


def _begins_well(layers: tuple[Layer, ...], data: DataSpec) -> bool:
    """Whether the layers are made for such samples: numbers of words are names, and need an Embedding."""
    return data.kind != "text" or (bool(layers) and isinstance(layers[0], Embedding))


def _with(run: RunSpec, layers: tuple[Layer, ...]) -> RunSpec:
    return replace(run, model=ModelSpec(run.model.input_shape, layers))


def _lead_in(data: DataSpec) -> tuple[Layer, ...]:
    """What makes a vector of a sample; nothing where it is one already."""
    leads: dict[str, tuple[Layer, ...]] = {
        "images": (Flatten(),),
        "text": (Embedding(input_dim=data.vocabulary, output_dim=16), GlobalAveragePooling1D()),
    }
    return leads.get(data.kind, ())


def own_start(data: DataSpec) -> RunSpec:
    """The smallest stack that can learn from data: where "your own" begins."""
    data = replace(data, scaling=USUAL_SCALING[data.kind])
    starts: dict[str, tuple[Layer, ...]] = {"points": (Dense(units=4, activation="tanh"),), "table": (Dense(units=8),)}
    first = starts.get(data.kind, _lead_in(data))
    last, loss = output_layer(data, Dense(units=1, activation="linear"), "categorical_crossentropy")
    return RunSpec(data, ModelSpec(data.input_shape, (*first, last)), TrainSpec(loss=loss))
