"""A run carried over to other data: input shape, last layer and loss follow the data, the rest stays."""

from __future__ import annotations

from dataclasses import replace

from lib.specs.data import DataSpec
from lib.specs.layers.known import Dense, Embedding, Flatten, GlobalAveragePooling1D, Layer
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

# How samples of a kind are usually scaled; text and points never are.
USUAL_SCALING = {"images": "unit", "text": "unit", "points": "unit", "table": "standard"}


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
    if layers and isinstance(layers[0], Embedding):
        layers = (replace(layers[0], input_dim=data.vocabulary), *layers[1:])
    if layers and isinstance(layers[-1], Dense):
        last, loss = output_layer(data, layers[-1], training.loss)
        layers, training = (*layers[:-1], last), replace(training, loss=loss)
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


def own_start(data: DataSpec) -> RunSpec:
    """The smallest stack that can learn from data: where "your own" begins."""
    data = replace(data, scaling=USUAL_SCALING[data.kind])
    starts: dict[str, tuple[Layer, ...]] = {
        "images": (Flatten(),),
        "text": (Embedding(input_dim=data.vocabulary, output_dim=16), GlobalAveragePooling1D()),
        "points": (Dense(units=4, activation="tanh"),),
        "table": (Dense(units=8),),
    }
    first = starts[data.kind]
    last, loss = output_layer(data, Dense(units=1, activation="linear"), "categorical_crossentropy")
    return RunSpec(data, ModelSpec(data.input_shape, (*first, last)), TrainSpec(loss=loss))
