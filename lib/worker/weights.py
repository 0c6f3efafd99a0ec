"""Weights and training state of a Keras model as named arrays, and back."""

from __future__ import annotations

import keras

from lib.arrays import Arrays
from lib.specs.layers.attention import PARTS, TABLE
from lib.specs.layers.branches import WAYS

_ENDS = tuple(f"_{part}" for part in (*WAYS, *PARTS, TABLE) if part)
"""How the names of Keras layers end that are parts of a listed layer."""


def get_weights(model: keras.Model) -> Arrays:
    """All weights, named `layer/weight` such as `conv2d_1/kernel` or `bidirectional/forward_kernel`."""
    return {name: keras.ops.convert_to_numpy(weight) for name, weight in _named(model).items()}


def set_weights(model: keras.Model, weights: Arrays) -> None:
    """Write named weights into a model.

    Raises:
        ValueError: names or shapes are not those of the model.
    """
    places = _named(model)
    if set(places) != set(weights):
        raise ValueError(f"the weights {sorted(set(places) ^ set(weights))} are not on both sides")
    for name, weight in places.items():
        if tuple(weight.shape) != weights[name].shape:
            raise ValueError(f"{name} has the shape {weights[name].shape}, the model needs {tuple(weight.shape)}")
        weight.assign(weights[name])


def _named(model: keras.Model) -> dict[str, keras.Variable]:
    """Weights by name. Layers inside another one use the same names, so what each is for is put in front."""
    named: dict[str, keras.Variable] = {}
    for layer in model.layers:
        if isinstance(layer, keras.layers.Bidirectional):
            parts = {"forward_": layer.forward_layer, "backward_": layer.backward_layer}
        elif isinstance(layer, keras.layers.MultiHeadAttention):
            parts = {
                "query_": layer.query_dense, "key_": layer.key_dense, "value_": layer.value_dense,
                "output_": layer.output_dense,
            }  # fmt: skip
        else:
            parts = {"": layer}
        for way, part in parts.items():
            named |= {f"{_stem(layer.name)}{way}{weight.name}": weight for weight in part.weights}
    return named


def _stem(name: str) -> str:
    """What comes before a weight's own name: `concatenate_first` is a branch of the layer `concatenate`.

    >>> _stem("dense_1"), _stem("concatenate_second"), _stem("transformer_block_1_attention")
    ('dense_1/', 'concatenate/second_', 'transformer_block_1/attention_')
    """
    end = next((end for end in _ENDS if name.endswith(end)), "")
    return f"{name.removesuffix(end)}/{end[1:]}_" if end else f"{name}/"


def spec_name(name: str) -> str:
    """The name that a spec gives the layer which a Keras layer stands for, or is a branch of.

    >>> spec_name("dense_1"), spec_name("concatenate_second")
    ('dense_1', 'concatenate')
    """
    return _stem(name).split("/")[0]


def get_state(model: keras.Model) -> Arrays:
    """What a training needs beside the weights to go on exactly: optimizer, dropout's generators, running metrics."""
    return {name: keras.ops.convert_to_numpy(variable) for name, variable in _state(model).items()}


def set_state(model: keras.Model, state: Arrays) -> None:
    """Write `get_state` back.

    Raises:
        ValueError: the state belongs to another model or optimizer.
    """
    places = _state(model)
    if {n: tuple(v.shape) for n, v in places.items()} != {n: v.shape for n, v in state.items()}:
        raise ValueError("the saved training state belongs to another model or optimizer")
    for name, variable in places.items():
        variable.assign(state[name])


def _state(model: keras.Model) -> dict[str, keras.Variable]:
    model.optimizer.build(model.trainable_variables)
    weights = {id(weight) for weight in model.weights}
    others = [variable for variable in model.variables if id(variable) not in weights]
    return {
        **{f"optimizer/{i}": variable for i, variable in enumerate(model.optimizer.variables)},
        **{f"model/{i}": variable for i, variable in enumerate(others)},
    }
