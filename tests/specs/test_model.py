import pytest

from lib.specs.fields import SpecError
from lib.specs.layers.known import Conv2D, Dense, Dropout, Flatten, GlobalAveragePooling2D, MaxPooling2D
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
    assert "needs maps" in ModelSpec((28, 28, 1), (Flatten(), Conv2D())).problem


def test_a_model_without_layers_is_a_problem():
    assert ModelSpec((4,), ()).problem == "The model has no layers: add one"


@pytest.mark.parametrize("shape", [(), (2, 2), (0, 28, 1), (28.0, 28, 1), (10**9,)])
def test_an_absurd_input_shape_is_refused_with_its_value(shape):
    with pytest.raises(SpecError, match="input_shape must be"):
        ModelSpec(shape, ())


def test_more_than_forty_layers_are_refused():
    with pytest.raises(SpecError, match="at most 40 layers, not 41"):
        ModelSpec((4,), (Dropout(),) * 41)


def test_the_widest_layer_decides_about_memory():
    narrow = ModelSpec((28, 28, 1), (Conv2D(filters=8), GlobalAveragePooling2D()))
    wide = ModelSpec((28, 28, 1), (Conv2D(filters=512), GlobalAveragePooling2D()))
    assert wide.memory_mb(128) > 20 * narrow.memory_mb(128)
