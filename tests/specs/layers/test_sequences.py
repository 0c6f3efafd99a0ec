import pytest

from lib.specs.fields import SpecError
from lib.specs.layers.known import (
    GRU,
    LSTM,
    Conv1D,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    MaxPooling1D,
    SimpleRNN,
)
from lib.specs.model import ModelSpec

PUBLISHED = ModelSpec(
    (100,), (Embedding(input_dim=10_000, output_dim=128), LSTM(units=128), Dense(units=1, activation="sigmoid"))
)


def test_the_published_text_network_has_1_411_713_parameters():
    assert PUBLISHED.parameter_counts() == (1_280_000, 131_584, 129)
    assert PUBLISHED.parameters == 1_411_713


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (LSTM(units=128), "4*((128 + 128)*128 + 128) = 131,584"),
        (LSTM(units=64, bidirectional=True), "2*4*((128 + 64)*64 + 64) = 98,816"),
        (GRU(units=64), "3*((128 + 64)*64 + 2*64) = 37,248"),
        (SimpleRNN(units=64), "(128 + 64)*64 + 64 = 12,352"),
        (Conv1D(filters=32, kernel_size=5), "5*128*32 + 32 = 20,512"),
        (Conv1D(filters=32, use_bias=False), "3*128*32 = 12,288"),
    ],
)
def test_parameters_are_written_out_with_the_numbers_filled_in(layer, text):
    assert layer.parameters((100, 128)).sum == text


@pytest.mark.parametrize(
    ("layer", "text", "shape"),
    [
        (LSTM(units=8), "the last state: 8", (8,)),
        (LSTM(units=8, bidirectional=True), "the last state: 2*8 = 16", (16,)),
        (GRU(units=8, return_sequences=True), "a state for each of 100 steps: 8", (100, 8)),
        (Conv1D(filters=8, strides=2), "floor((100 + 2*0 - 3)/2) + 1 = 49", (49, 8)),
        (Conv1D(filters=8, strides=3, padding="causal"), "ceil(100/3) = 34", (34, 8)),
        (MaxPooling1D(), "floor((100 + 2*0 - 2)/2) + 1 = 50", (50, 16)),
        (GlobalAveragePooling1D(), "one number a feature = 16", (16,)),
        (Dense(units=3), "one number a unit = 3", (100, 3)),
        (Flatten(), "100*16 = 1,600", (1600,)),
    ],
)
def test_shapes_along_a_sequence_are_written_out(layer, text, shape):
    assert layer.shape_sum((100, 16)) == text
    assert layer.output_shape((100, 16)) == shape


@pytest.mark.parametrize(
    ("shape", "layers", "problem"),
    [
        ((100,), (LSTM(),), "Layer 1, lstm: LSTM needs a sequence of (steps, features), but gets the vector (100,)"),
        ((100,), (Embedding(), GRU(), GRU()), "Layer 3, gru_1: GRU needs a sequence"),
        ((100,), (Dense(), Embedding()), "Layer 2, embedding: Embedding must be the first layer"),
        ((100,), (Embedding(), Embedding()), "Layer 2, embedding_1: Embedding must be the first layer"),
        ((28, 28, 1), (Embedding(),), "Embedding needs a row of token ids, (length,), but gets (28, 28, 1)"),
        ((28, 28, 1), (Conv1D(),), "but gets maps of (28, 28, 1): use a layer for images"),
        ((100,), (Embedding(), Conv2D()), "but gets a sequence of (100, 32): use a layer for sequences"),
        ((4,), (Embedding(), Conv1D(kernel_size=5)), "Conv1D would shrink 4 steps below 1: its window reaches over 5"),
    ],
)
def test_a_stack_that_breaks_is_explained_where_it_breaks(shape, layers, problem):
    model = ModelSpec(shape, layers)
    assert problem in model.problem
    with pytest.raises(SpecError):
        model.shapes()


def test_a_recurrent_layer_that_gets_a_vector_says_the_way_out():
    assert "switch on return_sequences in layer 2, gru" in ModelSpec((9,), (Embedding(), GRU(), GRU())).problem
    assert "begin with an Embedding" in ModelSpec((9,), (GRU(),)).problem


def test_multiplications_of_a_recurrent_layer_count_every_step_and_direction():
    one = LSTM(units=16).multiply_adds((10, 8))
    assert one == 10 * 4 * (8 + 16) * 16
    assert LSTM(units=16, bidirectional=True).multiply_adds((10, 8)) == 2 * one
    assert LSTM(units=16).multiply_adds((20, 8)) == 2 * one


@pytest.mark.parametrize(("mask_zero", "masks"), [(True, True), (False, False)])
def test_a_model_knows_whether_padding_is_masked(mask_zero, masks):
    assert ModelSpec((9,), (Embedding(mask_zero=mask_zero), LSTM())).masks_padding is masks
