import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest

from lib.concepts.activations import ACTIVATION_FUNCTIONS
from lib.specs.layers import ACTIVATIONS


def test_every_activation_of_the_specs_has_a_function():
    assert tuple(ACTIVATION_FUNCTIONS) == ACTIVATIONS


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_gives_what_keras_gives_from_tiny_to_huge(name):
    x = np.concatenate([np.linspace(-12, 12, 201), [-500, -100, -1e-6, 0, 1e-6, 100, 500]]).astype(np.float32)
    with np.errstate(all="raise", under="ignore"):
        ours = ACTIVATION_FUNCTIONS[name](x[None])
    theirs = np.asarray(keras.activations.get(name)(keras.ops.convert_to_tensor(x[None])))
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


def test_softmax_adds_up_to_one_over_the_last_axis():
    scores = np.random.default_rng(0).normal(size=(3, 4, 5)).astype(np.float32)
    np.testing.assert_allclose(ACTIVATION_FUNCTIONS["softmax"](scores).sum(axis=-1), 1, rtol=1e-6)
