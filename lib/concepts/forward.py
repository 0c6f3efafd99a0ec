"""A whole model, layer by layer, for one image: what the trained network really computes, in numpy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lib.concepts.activations import ACTIVATION_FUNCTIONS
from lib.concepts.convolution import conv2d
from lib.concepts.dense import dense
from lib.concepts.flattening import flatten
from lib.concepts.normalization import batch_normalization
from lib.concepts.pooling import average_pool2d, global_average_pool2d, max_pool2d
from lib.specs.layers import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
    Shape,
)
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]


def forward(model: ModelSpec, weights: Mapping[str, NDArray[np.float32]], image: NDArray[np.float32]) -> list[Values]:
    """Send one image through a model and keep what every layer makes of it.

    Args:
        model: a stack that works.
        weights: arrays by name, such as "conv2d/kernel" (see `weight_shapes`).
        image: the model's input shape, already scaled as in training.

    Returns:
        The output of each layer in order, float32; the last is the model's answer.

    Raises:
        SpecError: the stack breaks.
        ValueError: the image has another shape, or a weight is missing or has another shape; the text names it.

    >>> model = ModelSpec((2,), (Dense(units=1, activation="linear"),))
    >>> weights = {"dense/kernel": np.array([[2], [3]], np.float32), "dense/bias": np.array([1], np.float32)}
    >>> forward(model, weights, np.array([10, 100], np.float32))
    [array([321.], dtype=float32)]
    """
    check_weights(model, weights)
    values = np.asarray(image, np.float32)
    if values.shape != model.input_shape:
        raise ValueError(f"the model takes {model.input_shape}, but the image is {values.shape}")
    outputs = []
    for name, layer in zip(model.layer_names(), model.layers, strict=True):
        own = {key.split("/")[1]: np.asarray(weights[key], np.float32) for key in _keys(name, layer)}
        values = apply_layer(layer, own, values)
        outputs.append(values)
    return outputs


def apply_layer(layer: Layer, weights: Mapping[str, Values], values: Values) -> Values:
    """What one layer makes of its input, once it is trained.

    Args:
        layer: which layer, with its options.
        weights: its own arrays: kernel and bias, or gamma, beta, moving_mean and moving_variance.
        values: its input, without the samples axis.

    Returns:
        Its output, float32.
    """
    match layer:
        case Conv2D():
            sums = conv2d(values, weights["kernel"], layer.strides, layer.padding, layer.dilation_rate)
            return ACTIVATION_FUNCTIONS[layer.activation](sums + weights["bias"] if layer.use_bias else sums)
        case Dense():
            sums = dense(values, weights["kernel"])
            return ACTIVATION_FUNCTIONS[layer.activation](sums + weights["bias"] if layer.use_bias else sums)
        case MaxPooling2D():
            return max_pool2d(values, layer.pool_size, layer.strides, layer.padding)
        case AveragePooling2D():
            return average_pool2d(values, layer.pool_size, layer.strides, layer.padding)
        case GlobalAveragePooling2D():
            return global_average_pool2d(values)
        case BatchNormalization():
            return batch_normalization(values, **weights, epsilon=layer.epsilon)
        case Flatten():
            return flatten(values)
        case Dropout():
            return values  # it drops only while training
    raise NotImplementedError(f"{layer.kind} has no numpy form yet")


def weight_shapes(model: ModelSpec) -> dict[str, Shape]:
    """Name and shape of every array that the model learns or remembers.

    Raises:
        SpecError: the stack breaks.

    >>> weight_shapes(ModelSpec((28, 28, 1), (Conv2D(filters=32), Flatten())))
    {'conv2d/kernel': (3, 3, 1, 32), 'conv2d/bias': (32,)}
    """
    outputs = model.shapes()
    inputs = (model.input_shape, *outputs[:-1])
    shapes: dict[str, Shape] = {}
    for name, layer, before, after in zip(model.layer_names(), model.layers, inputs, outputs, strict=True):
        for key in _keys(name, layer):
            shapes[key] = (after[-1],)
            if key.endswith("/kernel"):
                window = (layer.kernel_size,) * 2 if isinstance(layer, Conv2D) else ()
                shapes[key] = (*window, before[-1], after[-1])
    return shapes


def check_weights(model: ModelSpec, weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Make sure that weights belong to a model.

    Raises:
        SpecError: the stack breaks.
        ValueError: a weight is missing or has another shape; the text names it. Surplus names are ignored.
    """
    for key, shape in weight_shapes(model).items():
        if key not in weights:
            raise ValueError(f"the weights lack {key!r} of shape {shape}")
        if np.shape(weights[key]) != shape:
            raise ValueError(f"the weight {key!r} must have the shape {shape}, not {np.shape(weights[key])}")


def _keys(name: str, layer: Layer) -> list[str]:
    """Names of a layer's arrays, in Keras' order."""
    if isinstance(layer, BatchNormalization):
        return [f"{name}/{word}" for word in ("gamma", "beta", "moving_mean", "moving_variance")]
    if isinstance(layer, Conv2D | Dense):
        return [f"{name}/kernel"] + [f"{name}/bias"] * layer.use_bias
    return []
