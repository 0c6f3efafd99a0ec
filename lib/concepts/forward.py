"""A whole model, layer by layer, for one sample: what the trained network really computes, in numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lib.concepts.activations import ACTIVATION_FUNCTIONS
from lib.concepts.attention import add_positions, block
from lib.concepts.convolution import conv2d
from lib.concepts.convolution1d import conv1d
from lib.concepts.dense import dense
from lib.concepts.embedding import embed, real_steps
from lib.concepts.flattening import flatten
from lib.concepts.normalization import batch_normalization, layer_normalization
from lib.concepts.pooling import average_pool2d, global_average_pool2d, max_pool2d
from lib.concepts.pooling1d import global_average_pool1d, global_max_pool1d, max_pool1d
from lib.concepts.recurrent import (
    GruSteps,
    LstmSteps,
    SimpleRnnSteps,
    both_directions,
    gru_steps,
    lstm_steps,
    simple_rnn_steps,
)
from lib.specs.layers.attention import TABLE
from lib.specs.layers.branches import WAYS
from lib.specs.layers.known import (
    AveragePooling2D,
    BatchNormalization,
    Conv1D,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    Layer,
    LayerNormalization,
    MaxPooling1D,
    MaxPooling2D,
    ParallelConv2D,
    PositionEmbedding,
    Recurrent,
    Shape,
    TransformerBlock,
)
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]

CELLS: dict[str, Callable[..., SimpleRnnSteps | GruSteps | LstmSteps]] = {
    "LSTM": lstm_steps,
    "GRU": gru_steps,
    "SimpleRNN": simple_rnn_steps,
}


def forward(model: ModelSpec, weights: Mapping[str, Values], sample: NDArray[np.generic]) -> list[Values]:
    """Send one sample through a model and keep what every layer makes of it.

    Args:
        model: a stack that works.
        weights: arrays by name, such as "conv2d/kernel" (see `weight_shapes`).
        sample: the model's input shape: an image or a row of numbers scaled as in training, or a row of token ids.

    Returns:
        The output of each layer in order, float32; the last is the model's answer.

    Raises:
        SpecError: the stack breaks.
        ValueError: the sample has another shape, a weight is missing or has another shape, or a token id has no vector;
            the text names it.

    >>> model = ModelSpec((2,), (Dense(units=1, activation="linear"),))
    >>> weights = {"dense/kernel": np.array([[2], [3]], np.float32), "dense/bias": np.array([1], np.float32)}
    >>> forward(model, weights, np.array([10, 100], np.float32))
    [array([321.], dtype=float32)]
    """
    arrays = own_weights(model, weights)
    values, mask = np.asarray(sample, np.float32), None
    if values.shape != model.input_shape:
        raise ValueError(f"the model takes {model.input_shape}, but the sample is {values.shape}")
    outputs = []
    for layer, own in zip(model.layers, arrays, strict=True):
        inputs, values = values, apply_layer(layer, own, values, mask)
        mask = mask_after(layer, inputs, mask)
        outputs.append(values)
    return outputs


def apply_layer(layer: Layer, weights: Mapping[str, Values], values: Values, mask: Mask | None = None) -> Values:
    """What one layer makes of its input, once it is trained.

    Args:
        layer: which layer, with its options.
        weights: its own arrays, named as in `Layer.weight_shapes`.
        values: its input, without the samples axis.
        mask: `(steps,)`, False for the steps of a sequence that are padding; see `mask_after`.

    Returns:
        Its output, float32.
    """
    match layer:
        case Conv2D() | Conv1D():
            convolve = conv2d if isinstance(layer, Conv2D) else conv1d
            sums = convolve(values, weights["kernel"], layer.strides, layer.padding, layer.dilation_rate)
            return ACTIVATION_FUNCTIONS[layer.activation](sums + weights["bias"] if layer.use_bias else sums)
        case ParallelConv2D():
            branches = zip(WAYS, layer.branches, strict=True)
            maps = [apply_layer(branch, _of_way(way, weights), values) for way, branch in branches]
            return np.concatenate(maps, axis=-1)
        case Dense():
            sums = dense(values, weights["kernel"])
            return ACTIVATION_FUNCTIONS[layer.activation](sums + weights["bias"] if layer.use_bias else sums)
        case MaxPooling2D():
            return max_pool2d(values, layer.pool_size, layer.strides, layer.padding)
        case AveragePooling2D():
            return average_pool2d(values, layer.pool_size, layer.strides, layer.padding)
        case GlobalAveragePooling2D():
            return global_average_pool2d(values)
        case Embedding():
            return embed(values, weights["embeddings"])
        case PositionEmbedding():
            return add_positions(values, weights[f"{TABLE}_embeddings"], mask)
        case TransformerBlock():
            return block(values, weights, mask).output
        case Recurrent():
            return recurrent(layer, weights, values, mask)
        case MaxPooling1D():
            return max_pool1d(values, layer.pool_size, layer.strides, layer.padding)
        case GlobalAveragePooling1D():
            return global_average_pool1d(values, mask)
        case GlobalMaxPooling1D():
            return global_max_pool1d(values)
        case BatchNormalization():
            return batch_normalization(values, **weights, epsilon=layer.epsilon)
        case LayerNormalization():
            return layer_normalization(values, **weights, epsilon=layer.epsilon)
        case Flatten():
            return flatten(values)
        case _ if layer.only_training:
            return values
    raise NotImplementedError(f"{layer.kind} has no numpy form yet")


def recurrent(layer: Recurrent, weights: Mapping[str, Values], sequence: Values, mask: Mask | None = None) -> Values:
    """What a recurrent layer gives out: its last state or all of them, of one direction or both.

    Args:
        layer: LSTM, GRU or SimpleRNN with its options.
        weights: its own arrays, named as in `Layer.weight_shapes`.
        sequence: `(steps, features)`.
        mask: `(steps,)`, False for padding.

    Returns:
        The layer's output shape, float32.
    """
    go_through = CELLS[layer.kind]
    if not layer.bidirectional:
        states = go_through(sequence, **weights, mask=mask).hidden
        return states if layer.return_sequences else states[-1]
    ahead, back = (_of_way(way, weights) for way in ("forward", "backward"))
    forward_states = go_through(sequence, **ahead, mask=mask).hidden
    backward_states = go_through(sequence[::-1], **back, mask=None if mask is None else mask[::-1]).hidden
    return both_directions(forward_states, backward_states, layer.return_sequences, mask)


def _of_way(way: str, weights: Mapping[str, Values]) -> dict[str, Values]:
    """Weights of one branch or direction, named as in a layer of its own."""
    return {word.removeprefix(f"{way}_"): array for word, array in weights.items() if word.startswith(f"{way}_")}


def mask_after(layer: Layer, values: Values, mask: Mask | None) -> Mask | None:
    """Which steps are padding for the layers behind this one; Keras' rules.

    Args:
        layer: which layer, with its options.
        values: its input.
        mask: of its input, False for padding; None where there is no mask.

    Returns:
        The mask of its output. An Embedding with `mask_zero` makes it; recurrent layers that give out all states,
        Dense, Dropout, normalisation and attention hand it on; convolution, pooling and Flatten lose it.
    """
    if isinstance(layer, Embedding):
        return real_steps(values) if layer.mask_zero else None
    if isinstance(layer, Recurrent):
        return mask if layer.return_sequences else None
    return mask if layer.passes_mask else None


def mask_before(model: ModelSpec, passed: Sequence[Values], place: int) -> Mask | None:
    """Which steps are padding for one layer of a model.

    Args:
        model: a stack that works.
        passed: what goes into each layer, as `forward` sends it.
        place: the layer's, from 0.

    Returns:
        `(steps,)`, False for padding; None where the layer knows of none.
    """
    mask = None
    for layer, values in zip(model.layers[:place], passed, strict=False):
        mask = mask_after(layer, values, mask)
    return mask


def weight_shapes(model: ModelSpec) -> dict[str, Shape]:
    """Name and shape of every array that the model learns or remembers.

    Raises:
        SpecError: the stack breaks.

    >>> weight_shapes(ModelSpec((28, 28, 1), (Conv2D(filters=32), Flatten())))
    {'conv2d/kernel': (3, 3, 1, 32), 'conv2d/bias': (32,)}
    """
    return {
        f"{name}/{word}": shape
        for name, own in zip(model.layer_names(), model.own_shapes, strict=True)
        for word, shape in own.items()
    }


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


def own_weights(model: ModelSpec, weights: Mapping[str, Values]) -> list[dict[str, Values]]:
    """Of each layer its own weights by their words, such as "kernel".

    Raises:
        SpecError: the stack breaks.
        ValueError: the weights belong to another model, as `check_weights` says.
    """
    check_weights(model, weights)
    return [
        {word: np.asarray(weights[f"{name}/{word}"], np.float32) for word in own}
        for name, own in zip(model.layer_names(), model.own_shapes, strict=True)
    ]
