"""A network that reads points in the plane: what each of its units answers at every place, and how good it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.forward import apply_layer, own_weights
from lib.concepts.losses import TINY, binary_crossentropy, squared_error
from lib.specs.layers.known import Dense, Family, Layer
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec

Values = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]
Place = tuple[str, tuple[int, ...]]
Changes = Mapping[Place, float]
"""New values by array and place in it: `("dense/kernel", (input, unit))` or `("dense/bias", (unit,))`."""
Samples = tuple[Values, NDArray[Any]]
"""What the network reads of each point, `(samples, features)`, and its class or target, `(samples,)`."""

LOW, HIGH = -6.0, 6.0
"""Ends of both axes."""
SIDE = 48
"""Cells of the plane along one axis."""
LARGEST = np.float32(1e15)
"""Outputs are cut off here, so that their squares can still be added."""
COMPUTING = (Family.CORE, Family.NORMALIZATION)
"""Layers that compute something of a flat row; the others hand it on as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerOutputs:
    """What one layer makes of many samples.

    Attributes:
        name: Keras' name of the layer, such as `dense_1`.
        layer: its options.
        outputs: of each unit for each sample, `(samples, units)`.
    """

    name: str
    layer: Layer
    outputs: Values


@dataclass(frozen=True, slots=True)
class Scores:
    """How good the weights are at this moment, on all training and on all test points.

    The losses are those of the training. Accuracies go from 0 to 1; they are None where a number is predicted.
    """

    train_loss: float
    test_loss: float
    train_accuracy: float | None
    test_accuracy: float | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the units of a Dense layer take in.

    Attributes:
        inputs: names of the features, or of the units before.
        units: how many the layer has.
        use_bias: whether each has a bias.
    """

    inputs: tuple[str, ...]
    units: int
    use_bias: bool


@lru_cache(maxsize=1)
def places() -> Values:
    """Centres of the plane's cells row by row from the top left, `(SIDE * SIDE, 2)` of x and y.

    >>> places()[0].tolist(), places()[-1].tolist()
    ([-5.875, 5.875], [5.875, -5.875])
    """
    centres = LOW + (np.arange(SIDE, dtype=np.float32) + 0.5) * (HIGH - LOW) / SIDE
    x, y = np.meshgrid(centres, centres[::-1])
    return np.stack([x.ravel(), y.ravel()], axis=1)


def outputs_of_layers(model: ModelSpec, weights: Weights, samples: Values) -> list[LayerOutputs]:
    """Send many samples through a network for points at once, and note what each unit makes of each sample.

    Dropout does nothing outside training, and Flatten does nothing to a row that is flat: both are left out.

    Args:
        model: a stack that works on `(features,)`.
        weights: arrays by name, see `lib.concepts.forward.weight_shapes`.
        samples: `(samples, features)`.

    Raises:
        ValueError: the weights belong to another model.

    >>> model = ModelSpec((2,), (Dense(units=1, activation="linear"),))
    >>> weights = {"dense/kernel": np.array([[2], [3]], np.float32), "dense/bias": np.array([1], np.float32)}
    >>> outputs_of_layers(model, weights, np.array([[10, 100], [0, 0]], np.float32))[0].outputs
    array([[321.],
           [  1.]], dtype=float32)
    """
    arrays = own_weights(model, weights)
    made, values = [], samples
    # A training that runs away reaches numbers beyond float32: they count as very large.
    with np.errstate(over="ignore", invalid="ignore"):
        for name, layer, own in zip(model.layer_names(), model.layers, arrays, strict=True):
            if layer.family not in COMPUTING:
                continue
            values = np.clip(np.nan_to_num(apply_layer(layer, own, values)), -LARGEST, LARGEST)
            made.append(LayerOutputs(name, layer, values))
    return made


def scores(run: RunSpec, weights: Weights, train: Samples, test: Samples) -> Scores:
    """Loss and accuracy of weights on training and test points.

    Args:
        run: says what is predicted, and with which loss.
        weights: arrays by name.
        train, test: features and labels of the points.

    Raises:
        ValueError: the weights belong to another model.
    """
    (train_loss, train_accuracy), (test_loss, test_accuracy) = (
        loss_and_accuracy(run, outputs_of_layers(run.model, weights, x)[-1].outputs, y) for x, y in (train, test)
    )
    added = penalty(run, weights)
    return Scores(train_loss + added, test_loss + added, train_accuracy, test_accuracy)


def penalty(run: RunSpec, weights: Weights) -> float:
    """What large weights add to the loss: `l1 * sum(|w|) + l2 * sum(w**2)` over the weights of all kernels.

    Those of frozen layers, which cannot be made smaller, add nothing, as in Keras.
    """
    l1, l2 = run.training.l1, run.training.l2
    dense = [name for name, layer in zip(run.model.layer_names(), run.model.layers, strict=True) if layer.has_kernel]
    kernels = [weights[f"{name}/kernel"] for name in dense if name not in run.frozen]
    return sum(float(l1 * np.abs(kernel).sum() + l2 * np.square(kernel).sum()) for kernel in kernels)


def loss_and_accuracy(run: RunSpec, outputs: Values, y: NDArray[Any]) -> tuple[float, float | None]:
    """Mean loss as Keras computes it, and the share of right answers.

    Args:
        run: says what is predicted, and with which loss.
        outputs: the network's answers, `(samples, units)`.
        y: class or target of each sample, `(samples,)`.

    Returns:
        Loss and accuracy; None for the accuracy where a number is predicted.
    """
    if run.regression or run.binary:
        loss = squared_error if run.training.loss == "mean_squared_error" else binary_crossentropy
        smoothed = run.training.label_smoothing if run.training.smooths else 0.0
        labels = y.astype(np.float32) * (1 - smoothed) + smoothed / 2
        mean_loss = float(np.mean(loss(labels, outputs[:, 0])))
        return mean_loss, None if run.regression else float(np.mean((outputs[:, 0] > 0.5) == y))
    accuracy = float(np.mean(outputs.argmax(axis=1) == y))
    if run.training.loss == "mean_squared_error":
        wanted = np.eye(outputs.shape[1], dtype=np.float32)[y]
        return float(np.mean(squared_error(wanted, outputs))), accuracy
    # Keras lets the answers add up to 1, and keeps them away from 0 and 1.
    shares = outputs / np.maximum(outputs.sum(axis=1, keepdims=True), TINY)
    if run.training.smooths:
        even = run.training.label_smoothing / outputs.shape[1]
        wanted = np.eye(outputs.shape[1], dtype=np.float32)[y] * (1 - run.training.label_smoothing) + even
        return float(np.mean(-(wanted * np.log(np.clip(shares, TINY, 1 - TINY))).sum(axis=1))), accuracy
    of_true_class = np.clip(shares[np.arange(len(y)), y], TINY, 1 - TINY)
    return float(np.mean(-np.log(of_true_class))), accuracy


@lru_cache(maxsize=32)
def incoming(run: RunSpec) -> dict[str, Incoming]:
    """Every Dense layer of a network for points by name, with what goes into it."""
    before, rows = run.data.number_names, {}
    for name, layer, shape in zip(run.model.layer_names(), run.model.layers, run.model.shapes(), strict=True):
        if isinstance(layer, Dense):
            rows[name] = Incoming(before, layer.units, layer.use_bias)
        if layer.family in COMPUTING:
            before = tuple(f"{name}[{unit}]" for unit in range(shape[0]))
    return rows


def with_changes(weights: Weights, changes: Changes) -> dict[str, NDArray[Any]]:
    """A copy of weights with some values replaced.

    >>> with_changes({"dense/bias": np.zeros(2)}, {("dense/bias", (1,)): 3.0})["dense/bias"].tolist()
    [0.0, 3.0]
    """
    made = {name: array.copy() for name, array in weights.items()}
    for (name, place), value in changes.items():
        made[name][place] = value
    return made
