"""A model's answers to images that are made worse, against Keras' own on the same images."""

import numpy as np
import pytest

from lib.data.corruptions import amounts, corrupted
from lib.data.scaling import Scaling
from lib.specs.layers.known import BatchNormalization, Conv2D, Dense, Dropout, Flatten
from lib.specs.model import ModelSpec
from lib.worker import robustness
from lib.worker.build import build_model
from lib.worker.weights import get_weights

SCALING = Scaling((1 / 255,), (-0.5,))


def model_of(units, activation):
    convolution = Conv2D(filters=2, kernel_size=3, strides=3)
    layers = (convolution, BatchNormalization(), Flatten(), Dropout(), Dense(units=units, activation=activation))
    return ModelSpec((9, 9, 1), layers)


@pytest.mark.slow
@pytest.mark.parametrize(("units", "activation"), [(4, "softmax"), (1, "sigmoid")])
def test_each_strength_gets_the_answer_that_keras_gives_to_the_image_at_that_strength(units, activation, monkeypatch):
    monkeypatch.setattr(robustness, "BATCH", 4)
    images = np.random.default_rng(0).integers(0, 256, (10, 9, 9, 1), np.uint8)
    spec, numbers = model_of(units, activation), np.arange(10) + 3
    keras_model = build_model(spec, seed=5)
    found = robustness.robustness(spec, get_weights(keras_model), SCALING, images, numbers, ["noise", "shift"])
    assert found.shape == (2, 6, 10, max(units, 2))
    assert found.dtype == np.float32
    for kind, answers in zip(("noise", "shift"), found, strict=True):
        for amount, at_strength in zip(amounts(kind, 9, 9), answers, strict=True):
            worse = corrupted(images, kind, amount, numbers)
            expected = keras_model.predict(worse.astype(np.float32) / 255 - 0.5, verbose=0)
            shown = at_strength if units > 1 else at_strength[:, 1:]
            np.testing.assert_allclose(shown, expected, atol=1e-5)
            np.testing.assert_allclose(at_strength.sum(axis=1), 1, atol=1e-5)
