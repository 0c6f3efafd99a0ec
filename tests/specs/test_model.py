import re

import pytest

from lib.specs.fields import SpecError
from lib.specs.layers.known import (
    LSTM,
    Conv1D,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    MaxPooling2D,
    ParallelConv2D,
)
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_has_the_published_number_of_parameters(name):
    assert RECIPES[name].run.model.parameters == RECIPES[name].parameters


def test_sums_are_written_out_with_the_numbers_filled_in():
    rows = ModelSpec((28, 28, 1), (Conv2D(), MaxPooling2D(), Flatten(), Dense(units=10))).trace
    assert rows[0].shape_sum == "floor((28 + 2*0 - 3)/1) + 1 = 26"
    assert rows[0].parameters.sum == "3*3*1*32 + 32 = 320"
    assert rows[2].shape_sum == "13*13*32 = 5,408"
    assert rows[3].parameters.sum == "5408*10 + 10 = 54,090"


def test_an_impossible_stack_is_explained_at_the_layer_that_breaks_it():
    model = ModelSpec((28, 28, 1), (Conv2D(), *[MaxPooling2D() for _ in range(5)], Flatten()))
    assert model.problem.startswith("Layer 6, max_pooling2d_4: MaxPooling2D would shrink 1x1 below 1")
    assert "padding 'same'" in model.problem
    assert [bool(row.error) for row in model.trace] == [False] * 5 + [True, False]
    with pytest.raises(SpecError, match="max_pooling2d_4"):
        model.shapes()


def test_a_convolution_after_flatten_is_explained():
    problem = ModelSpec((28, 28, 1), (Flatten(), Conv2D())).problem
    assert problem.startswith("Layer 2, conv2d: Conv2D needs maps of (height, width, channels), but gets")


@pytest.mark.parametrize(
    ("shape", "layers", "reason"),
    [
        ((28, 28, 1), (Flatten(), Conv2D()), "the vector (784,): move it above layer 1, flatten, which makes a vector"),
        ((28, 28, 1), (GlobalAveragePooling2D(), ParallelConv2D()), "ParallelConv2D needs maps of (height, width"),
        ((28, 28, 1), (GlobalAveragePooling2D(), MaxPooling2D()), "above layer 1, global_average_pooling2d"),
        ((4,), (Dense(), Conv2D()), "the vector (128,): these samples are no maps, so remove it"),
        ((9,), (Conv1D(),), "the vector (9,): begin with an Embedding if these are token ids"),
        (
            (9,),
            (Embedding(), LSTM(), Conv1D()),
            "switch on return_sequences in layer 2, lstm, which keeps only its last",
        ),
        ((9,), (Embedding(), GlobalMaxPooling1D(), Conv1D()), "move it above layer 2, global_max_pooling1d"),
        ((9,), (Embedding(), Conv2D()), "a sequence of (9, 32): use a layer for sequences, such as Conv1D"),
        ((28, 28, 1), (Conv1D(),), "maps of (28, 28, 1): use a layer for images, such as Conv2D"),
    ],
)
def test_a_layer_that_gets_other_axes_names_the_layer_that_took_them_away(shape, layers, reason):
    assert reason in ModelSpec(shape, layers).problem


def test_a_model_without_layers_is_a_problem():
    assert ModelSpec((4,), ()).problem == "The model has no layers: add one"


@pytest.mark.parametrize("shape", [(), (2, 2), (0, 28, 1), (28.0, 28, 1), (10**9,)])
def test_an_absurd_input_shape_is_refused_with_its_value(shape):
    with pytest.raises(SpecError, match=rf"input_shape must be .*, not {re.escape(repr(shape))}"):
        ModelSpec(shape, ())


def test_more_than_forty_layers_are_refused():
    with pytest.raises(SpecError, match="at most 40 layers, not 41"):
        ModelSpec((4,), (Dropout(),) * 41)


def test_memory_is_three_times_all_activations_of_a_batch_and_four_times_the_weights():
    model = ModelSpec((28, 28, 1), (Conv2D(filters=8), GlobalAveragePooling2D(), Dense(units=10)))
    activations = 28 * 28 * 1 + 26 * 26 * 8 + 8 + 10
    weights = (3 * 3 * 1 * 8 + 8) + (8 * 10 + 10)
    for batch_size in (1, 128):
        assert model.memory_mb(batch_size) == pytest.approx(4 * (3 * batch_size * activations + 4 * weights) / 1e6)


def test_a_wide_convolution_needs_memory_for_its_maps_though_it_has_few_weights():
    maps = ModelSpec((28, 28, 1), (Conv2D(filters=512), Flatten()))
    weights = ModelSpec((28, 28, 1), (Flatten(), Dense()))
    assert maps.parameters < weights.parameters
    assert maps.memory_mb(128) > 20 * weights.memory_mb(128)
