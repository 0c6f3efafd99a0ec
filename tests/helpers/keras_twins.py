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


def keras_outputs(twin, samples):
    """Output of each layer for each sample; masks travel through the model's graph, as in a training."""
    every_layer = keras.Model(twin.inputs[0], [layer.output for layer in twin.layers])
    return [np.asarray(each) for each in keras.tree.flatten(every_layer(np.stack(samples), training=False))]


def assert_equal_to_keras(model, *samples):
    """Shapes, parameters and each layer's output for each sample are those of Keras, which is asked for all at once."""
    weights = random_weights(model)
    twin = keras_twin(model, weights)
    assert model.shapes() == tuple(layer.output.shape[1:] for layer in twin.layers)
    assert model.parameter_counts() == tuple(layer.count_params() for layer in twin.layers)
    for sample, *theirs in zip(samples, *keras_outputs(twin, samples), strict=True):
        for layer, mine, reference in zip(model.layers, forward(model, weights, sample), theirs, strict=True):
            assert mine.dtype == np.float32
            assert mine.shape == reference.shape
            scale = max(1.0, float(np.abs(reference).max()))
            told = f"{layer} for {sample}"
            np.testing.assert_allclose(mine / scale, reference / scale, rtol=0, atol=1e-5, err_msg=told)


def without_seeds(config):
    """A layer's options; its name, and where its random numbers come from, are left out."""
    if not isinstance(config, dict):
        return config
    return {k: without_seeds(v) for k, v in config.items() if k not in ("seed", "name")}
