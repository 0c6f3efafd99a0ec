"""The worker's models are those of the exported code: same layers, same names, same first weights."""

import functools
import random

import keras
import numpy as np
import pytest
from helpers.keras_twins import drawn, without_seeds
from helpers.strategies import working_models, working_sequence_models
from hypothesis import strategies as st
from keras import layers  # noqa: F401 - the exported code calls it by this name

from lib.concepts.forward import forward, weight_shapes
from lib.data.scaling import Scaling
from lib.export.craft_code import kernel_words
from lib.export.keras_code import layer_code
from lib.specs.layers.known import (
    GRU,
    LSTM,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    MaxPooling2D,
    ParallelConv2D,
    SimpleRNN,
)
from lib.specs.model import ModelSpec
from lib.specs.training import INITIALIZERS, TrainSpec
from lib.worker.build import build_model, with_scaling
from lib.worker.weights import get_weights, set_weights

# Keras warns wherever a mask ends.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask:UserWarning"),
]
PARTS = 8
BOTH_WAYS = ModelSpec(
    (7,),
    (
        Embedding(input_dim=20, output_dim=4, mask_zero=True),
        LSTM(units=3, bidirectional=True, return_sequences=True),
        GRU(units=3, bidirectional=True, return_sequences=True),
        SimpleRNN(units=3, bidirectional=True),
        Dense(units=1, activation="sigmoid"),
    ),
)


def exported_model(spec, seed, kernels=()):
    """What the exported code builds in a session of its own."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    made = [eval(layer_code(layer, spec.masks_padding, kernels=kernels)) for layer in spec.layers]
    return keras.Sequential([keras.Input(spec.input_shape), *made])


@functools.cache
def random_models():
    """Models of both families, each with a seed."""
    return drawn(40, st.one_of(working_sequence_models(), working_models()), st.integers(0, 2**31))


@pytest.mark.parametrize("part", range(PARTS))
def test_random_models_are_those_of_the_exported_code(part):
    for spec, seed in random_models()[part::PARTS]:
        exported, ours = exported_model(spec, seed), build_model(spec, seed)
        assert [layer.name for layer in exported.layers] == [layer.name for layer in ours.layers]
        for twin, layer in zip(exported.layers, ours.layers, strict=True):
            assert without_seeds(twin.get_config()) == without_seeds(layer.get_config())
            assert getattr(twin, "use_cudnn", None) == getattr(layer, "use_cudnn", None)
        for theirs, built in zip(exported.get_weights(), ours.get_weights(), strict=True):
            assert np.array_equal(theirs, built)
        assert {name: array.shape for name, array in get_weights(ours).items()} == weight_shapes(spec)


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_kernels_begin_and_pay_as_in_the_exported_code(initializer):
    training = TrainSpec(kernel_initializer=initializer, l2=0.01)
    maps = ModelSpec((9, 9, 1), (Conv2D(filters=2), Dropout(), Flatten(), Dense(units=4), Dense(units=2)))
    for spec in (BOTH_WAYS, maps):
        exported = exported_model(spec, 5, kernel_words(training))
        ours = build_model(spec, 5, training=training)
        for twin, layer in zip(exported.layers, ours.layers, strict=True):
            assert without_seeds(twin.get_config()) == without_seeds(layer.get_config())
        for theirs, built in zip(exported.get_weights(), ours.get_weights(), strict=True):
            assert np.array_equal(theirs, built)
        plain = build_model(spec, 5).get_weights()
        same = all(np.array_equal(*pair) for pair in zip(plain, ours.get_weights(), strict=True))
        assert same == (initializer == "glorot_uniform")


@pytest.mark.parametrize("kind", [LSTM, GRU, SimpleRNN])
def test_a_layer_behind_a_bidirectional_one_starts_as_in_the_exported_code(kind):
    spec = ModelSpec(
        (7,),
        (
            Embedding(input_dim=20, output_dim=4),
            kind(units=3, bidirectional=True, return_sequences=True),
            kind(units=2),
            Dropout(rate=0),
            Dense(units=2),
        ),
    )
    exported, ours = exported_model(spec, 5), build_model(spec, 5)
    assert [layer.name for layer in exported.layers] == [layer.name for layer in ours.layers]
    for theirs, built in zip(exported.get_weights(), ours.get_weights(), strict=True):
        assert np.array_equal(theirs, built)


def test_first_weights_do_not_depend_on_what_else_draws_random_numbers():
    random.seed(1)
    first = build_model(BOTH_WAYS, 3).get_weights()
    random.seed(2)
    for left, right in zip(first, build_model(BOTH_WAYS, 3).get_weights(), strict=True):
        assert np.array_equal(left, right)


def test_weights_of_both_directions_go_out_and_in_by_name():
    source, target = build_model(BOTH_WAYS, 1), build_model(BOTH_WAYS, 2)
    weights = get_weights(source)
    assert not np.array_equal(weights["bidirectional/forward_kernel"], weights["bidirectional/backward_kernel"])
    set_weights(target, weights)
    ids = np.array([0, 0, 3, 5, 0, 19, 1])
    assert np.array_equal(target(ids[None]), source(ids[None]))
    np.testing.assert_allclose(forward(BOTH_WAYS, weights, ids)[-1], np.asarray(source(ids[None]))[0], atol=1e-6)


def test_masked_sentences_padded_in_front_never_go_to_cudnn():
    masked = build_model(BOTH_WAYS).layers[1].forward_layer
    unmasked = build_model(ModelSpec((7,), (Embedding(), LSTM(), Flatten()))).layers[1]
    assert (masked.use_cudnn, unmasked.use_cudnn) == (False, "auto")


def test_a_network_with_masks_in_both_directions_trains():
    recurrent = (Embedding(input_dim=20, output_dim=4, mask_zero=True), LSTM(units=3, bidirectional=True))
    model = build_model(ModelSpec((7,), (*recurrent, Dense(units=1, activation="sigmoid"))), 0)
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
    rng = np.random.default_rng(0)
    ids = rng.integers(1, 20, (64, 7)) * (np.arange(7) >= rng.integers(0, 6, (64, 1)))
    labels = (ids == 7).any(axis=1)
    losses = model.fit(ids, labels, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < losses[0] / 2


@pytest.fixture(scope="module")
def branched():
    shape = (9, 8, 2)
    stack = (ParallelConv2D(filters=3, kernel_size=2, other_kernel_size=5), MaxPooling2D(), ParallelConv2D(filters=2))
    return ModelSpec(shape, (*stack, Flatten(), Dense(units=3, activation="softmax")))


def test_a_model_with_branches_has_the_shapes_and_parameters_of_the_arithmetic(branched):
    model = build_model(branched, 1)
    assert model.count_params() == branched.parameters
    assert model.get_layer("concatenate").output.shape[1:] == branched.shapes()[0]
    assert model.get_layer("concatenate_1").output.shape[1:] == branched.shapes()[2]
    assert model.output_shape[1:] == branched.shapes()[-1]


def test_a_model_with_branches_gives_in_numpy_what_keras_gives(branched):
    model = build_model(branched, 1)
    weights = {name: values + 0.1 for name, values in get_weights(model).items()}
    set_weights(model, weights)
    sample = np.random.default_rng(0).random(branched.input_shape, np.float32)
    answer = model.predict(sample[None], verbose=0)[0]
    np.testing.assert_allclose(forward(branched, weights, sample)[-1], answer, atol=1e-5)


def test_a_model_with_branches_trains_on_and_is_exported_with_raw_pixels(branched, tmp_path):
    model = build_model(branched, 1)
    whole = with_scaling(model, Scaling((1 / 255,) * 2, (0.0,) * 2), TrainSpec())
    whole.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    raw = np.random.default_rng(0).integers(0, 256, (4, *branched.input_shape)).astype(np.float32)
    np.testing.assert_allclose(loaded.predict(raw, verbose=0), model.predict(raw / 255, verbose=0), atol=1e-5)
