import functools

import numpy as np
import pytest
from helpers.keras_twins import assert_equal_to_keras, drawn, random_weights
from helpers.strategies import SEQUENCE_KINDS, working_sequence_models
from hypothesis import strategies as st

from lib.concepts.forward import forward, weight_shapes
from lib.specs.layers.known import (
    GRU,
    LSTM,
    BatchNormalization,
    Conv1D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MaxPooling1D,
    SimpleRNN,
)
from lib.specs.model import ModelSpec

# Keras warns wherever a mask ends; these tests compare where that is.
pytestmark = pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask:UserWarning")
PARTS = 10
PADDED = np.array(
    [
        [3, 1, 4, 1, 5, 9],  # nowhere
        [0, 0, 0, 1, 5, 9],  # in front
        [3, 1, 4, 0, 0, 0],  # behind
        [3, 0, 4, 0, 0, 9],  # in between
        [0, 0, 0, 0, 0, 0],  # all of it
    ]
)


@functools.cache
def random_models():
    """Models, each with the seed of its sentence."""
    return drawn(260, working_sequence_models(), st.integers(0, 1000))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_shapes_parameters_and_outputs_of_random_sequence_models_equal_keras(part):
    for model, seed in random_models()[part::PARTS]:
        rng = np.random.default_rng(seed)
        ids = rng.integers(model.layers[0].input_dim, size=model.input_shape)
        assert_equal_to_keras(model, ids * (rng.random(model.input_shape) < 0.7))


def test_the_random_models_differ_have_every_kind_of_layer_and_mask_often():
    models = [model for model, _ in random_models()]
    assert len(set(models)) >= 200
    assert {layer.kind for model in models for layer in model.layers} == {"Embedding", *SEQUENCE_KINDS}
    assert sum(model.masks_padding for model in models) > 50


@pytest.mark.slow
@pytest.mark.parametrize("return_sequences", [False, True])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("kind", [LSTM, GRU, SimpleRNN])
def test_masked_steps_are_skipped_as_keras_skips_them(kind, bidirectional, return_sequences):
    recurrent = kind(units=5, bidirectional=bidirectional, return_sequences=return_sequences)
    model = ModelSpec((6,), (Embedding(input_dim=10, output_dim=4, mask_zero=True), recurrent))
    assert_equal_to_keras(model, *PADDED)


@pytest.mark.slow
@pytest.mark.parametrize(
    "between",
    [
        (),
        (Dense(units=3),),
        (Dropout(), BatchNormalization()),
        (LSTM(units=3, return_sequences=True),),
        (Conv1D(filters=3, padding="causal"),),
        (MaxPooling1D(),),
    ],
    ids=lambda layers: "-".join(layer.kind for layer in layers) or "nothing",
)
@pytest.mark.parametrize("last", [GlobalAveragePooling1D(), GlobalMaxPooling1D(), GRU(units=3), Flatten()], ids=str)
def test_a_mask_travels_as_far_as_in_keras(between, last):
    embedding = Embedding(input_dim=10, output_dim=4, mask_zero=True)
    assert_equal_to_keras(ModelSpec((6,), (embedding, *between, last)), *PADDED)


@pytest.mark.slow
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
def test_every_window_along_a_sequence_gives_what_keras_gives(stride, padding):
    ids = np.random.default_rng(0).integers(10, size=13)
    for window in (1, 2, 3, 5):
        windowed = [
            Conv1D(filters=3, kernel_size=window, strides=stride, padding=padding),
            Conv1D(filters=3, kernel_size=window, dilation_rate=stride, padding=padding, use_bias=False),
        ]
        if padding != "causal":
            windowed.append(MaxPooling1D(pool_size=window, strides=stride, padding=padding))
        for layer in windowed:
            assert_equal_to_keras(ModelSpec((13,), (Embedding(input_dim=10, output_dim=4), layer)), ids)


def test_the_published_text_network_gives_what_keras_gives():
    layers = (Embedding(input_dim=10_000, output_dim=128), LSTM(units=128), Dense(units=1, activation="sigmoid"))
    ids = np.random.default_rng(0).integers(10_000, size=100)
    assert_equal_to_keras(ModelSpec((100,), layers), ids)


def test_weights_of_both_directions_have_names_of_their_own():
    model = ModelSpec((6,), (Embedding(input_dim=10, output_dim=4), GRU(units=2, bidirectional=True)))
    assert weight_shapes(model) == {
        "embedding/embeddings": (10, 4),
        "bidirectional/forward_kernel": (4, 6),
        "bidirectional/forward_recurrent_kernel": (2, 6),
        "bidirectional/forward_bias": (2, 6),
        "bidirectional/backward_kernel": (4, 6),
        "bidirectional/backward_recurrent_kernel": (2, 6),
        "bidirectional/backward_bias": (2, 6),
    }


@pytest.mark.parametrize(("bad", "told"), [(10, "10"), (-1, "-1"), (2.5, "2.5")])
def test_a_token_id_without_a_vector_is_named(bad, told):
    model = ModelSpec((3,), (Embedding(input_dim=10, output_dim=4),))
    with pytest.raises(ValueError, match=f"token id {told} has no row in the table: its ids go from 0 to 9"):
        forward(model, random_weights(model), np.array([1, bad, 2]))
