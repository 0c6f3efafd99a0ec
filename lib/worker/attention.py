"""Positions and transformer blocks, written with Keras' own layers: a downloaded model needs no class of LayerLab's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import layers as keras_layers

from lib.specs.layers.attention import PARTS
from lib.specs.layers.known import Layer, TransformerBlock

Make = Callable[[Layer, str], keras.Layer]
"""Makes a Keras layer for a part of a listed layer, with the end of its name."""


def places(values: Any, real: Any) -> Any:
    """The place of each word in its sentence, from 0. See `lib.concepts.attention.places`.

    Args:
        values: `(samples, steps, features)`.
        real: `(samples, steps)`, False for padding; None where no step is.

    Returns:
        `(samples, steps)`, whole numbers.
    """
    if real is None:
        return keras.ops.cumsum(keras.ops.ones_like(values[:, :, 0], dtype="int32"), axis=1) - 1
    return keras.ops.maximum(keras.ops.cumsum(keras.ops.cast(real, "int32"), axis=1) - 1, 0)


def transformer_block(
    layer: TransformerBlock,
    name: str,
    values: Any,
    real: Any,
    make: Make,
    first: Callable[[], keras.initializers.Initializer],
) -> Any:
    """Send values through a block.

    Args:
        layer: which one.
        name: of the listed layer.
        values: `(samples, steps, features)`.
        real: `(samples, steps)`, False for padding; None where no step is.
        make: see `Make`; layers must be made in the order in which the exported code makes them.
        first: what draws the first weights of the next kernel.

    Returns:
        The same shape.
    """
    parts = layer.parts(values.shape[-1])
    attention, drop, normalize, inner, outer, drop_again, normalize_again = PARTS
    seen = _attention(make(parts[attention], attention), values, real, first)
    seen = make(parts[drop], drop)(seen)
    values = keras_layers.Add(name=f"{name}_attention_sum")([values, seen])
    values = make(parts[normalize], normalize)(values)
    weighed = make(parts[inner], inner)(values)
    weighed = make(parts[outer], outer)(weighed)
    weighed = make(parts[drop_again], drop_again)(weighed)
    values = keras_layers.Add(name=f"{name}_outer_sum")([values, weighed])
    return make(parts[normalize_again], normalize_again)(values)


def _attention(layer: keras.Layer, values: Any, real: Any, first: Callable[[], keras.initializers.Initializer]) -> Any:
    """Call the layer, and give its projections first weights of their own, in the order in which Keras builds them.

    Keras copies the layer's initializer for each of them. One with a seed would make them all alike. It counts inputs
    and outputs of the projection, whatever axes they have, as those of a plain matrix.
    """
    seen = layer(values, values, attention_mask=None if real is None else real[:, None, :])
    features = values.shape[-1]
    for dense in (layer.query_dense, layer.key_dense, layer.value_dense, layer.output_dense):
        kernel, inner = dense.kernel, layer.num_heads * layer.key_dim
        matrix = (inner, features) if dense is layer.output_dense else (features, inner)
        kernel.assign(keras.ops.reshape(first()(matrix, kernel.dtype), kernel.shape))
    return seen
