"""Keras as the oracle: the same model with the same weights, asked for every layer's output."""

from __future__ import annotations

import math
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from keras import layers  # noqa: F401 - the exported code calls it by this name

from lib.concepts.forward import forward, weight_shapes
from lib.export.keras_code import layer_code


def drawn(count, *strategies):
    """So many random specs, always the same: a failure here is a failure everywhere, and tests can share them out."""
    cases = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*strategies))
    def draw(case):
        cases.append(case)

    draw()
    assert len(cases) == count
    return cases


def random_weights(model, seed=0):
    """Weights in the scale of a trained model's; variances are positive."""
    rng = np.random.default_rng(seed)
    weights = {}
    for name, shape in weight_shapes(model).items():
        values = rng.normal(size=shape) / math.sqrt(max(math.prod(shape[:-1]), 1))
        weights[name] = (np.abs(values) + 0.3 if name.endswith("variance") else values).astype(np.float32)
    return weights


def keras_twin(model, weights):
    """The model that the exported code makes, with the same weights; layers are matched by their place."""
    made = [eval(layer_code(layer, model.masks_padding)) for layer in model.layers]
    twin = keras.Sequential([keras.Input(model.input_shape), *made])
    for name, layer in zip(model.layer_names(), made, strict=True):
        layer.set_weights([values for key, values in weights.items() if key.startswith(f"{name}/")])
    return twin


def keras_outputs(twin, sample):
    """Output of each layer; masks travel with Keras' tensors."""
    values, outputs = keras.ops.convert_to_tensor(sample[None]), []
    for layer in twin.layers:
        values = layer(values, training=False) if layer.__class__.__name__ != "Embedding" else layer(values)
        outputs.append(np.asarray(values)[0])
    return outputs


def assert_equal_to_keras(model, sample):
    """Shapes, parameters and each layer's output for one sample are those of Keras."""
    weights = random_weights(model)
    twin = keras_twin(model, weights)
    ours, theirs = forward(model, weights, sample), keras_outputs(twin, sample)
    assert model.shapes() == tuple(layer.output.shape[1:] for layer in twin.layers)
    assert model.parameter_counts() == tuple(layer.count_params() for layer in twin.layers)
    # The whole model at once, too: masks take another way through Keras' graph.
    pairs = [
        *zip(model.layers, ours, theirs, strict=True),
        ("whole", ours[-1], np.asarray(twin(sample[None], training=False))[0]),
    ]
    for layer, mine, reference in pairs:
        assert mine.dtype == np.float32
        assert mine.shape == reference.shape
        scale = max(1.0, float(np.abs(reference).max()))
        np.testing.assert_allclose(mine / scale, reference / scale, rtol=0, atol=1e-5, err_msg=str(layer))


def without_seeds(config):
    """A layer's options; its name, and where its random numbers come from, are left out."""
    if not isinstance(config, dict):
        return config
    return {k: without_seeds(v) for k, v in config.items() if k not in ("seed", "name")}
