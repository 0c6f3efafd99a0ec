"""Layers that make variants stand in front of a stack for images; nothing else of the stack changes with them."""

import pytest

from lib.specs.adapting import carried
from lib.specs.codec import from_query, to_query
from lib.specs.data import DataSpec
from lib.specs.fields import SpecError
from lib.specs.layers.known import (
    LAYERS,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    GaussianNoise,
    RandomContrast,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
)
from lib.specs.model import ModelSpec
from lib.specs.one_change import applied, changes
from lib.specs.places import kinds_for, new_layer
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

KINDS = (RandomFlip, RandomTranslation, RandomRotation, RandomZoom, RandomContrast, GaussianNoise)
OF_IMAGES = KINDS[:5]
MAPS = (28, 20, 3)


def test_these_are_all_that_make_variants():
    assert tuple(kind for kind in LAYERS.values() if kind.makes_variants) == KINDS
    assert tuple(kind for kind in LAYERS.values() if kind.only_in_front) == OF_IMAGES


@pytest.mark.parametrize("kind", KINDS)
def test_they_have_no_weights_change_no_shape_and_cost_the_answer_nothing(kind):
    row = ModelSpec(MAPS, (kind(),)).trace[0]
    assert (row.output_shape, row.parameters.total, row.layer.multiply_adds(MAPS)) == (MAPS, 0, 0)
    assert (row.shape_sum, row.parameters.sum) == ("shape unchanged", "no weights")
    assert row.layer.brief


@pytest.mark.parametrize("kind", OF_IMAGES)
@pytest.mark.parametrize(
    ("shape", "before", "reason"),
    [
        (MAPS, (Flatten(),), "makes variants of the image itself: move it above layer 1, flatten"),
        (MAPS, (RandomFlip(), GaussianNoise(), Conv2D(), Conv2D()), "move it above layer 3, conv2d"),
        ((4,), (), "makes variants of images, and these samples are none: remove it"),
        ((4,), (Dense(),), "these samples are none: remove it"),
        ((9,), (Embedding(),), "these samples are none: remove it"),
    ],
)
def test_a_place_where_no_image_comes_in_is_refused_with_what_to_do(kind, shape, before, reason):
    model = ModelSpec(shape, (*before, kind()))
    assert model.problem.startswith(f"Layer {len(before) + 1}, ")
    assert reason in model.problem
    with pytest.raises(SpecError, match="needs maps of"):
        kind().output_shape((4,))


def test_noise_stands_wherever_there_are_numbers():
    for shape, before in ((MAPS, (Conv2D(), Flatten())), ((4,), ()), ((9,), (Embedding(), Dense()))):
        assert ModelSpec(shape, (*before, GaussianNoise())).problem == ""


def test_a_new_one_comes_behind_those_that_are_there_and_nothing_gets_in_front_of_them():
    run = RECIPES["simple_cnn"].run
    assert new_layer(run, "RandomFlip").place == 0
    varied = from_query({"layers": "RandomFlip;RandomZoom;Flatten;Dense(units=10,activation=softmax)"})
    assert new_layer(varied, "RandomRotation").place == 2
    assert new_layer(varied, "Conv2D").place == 2
    wine = RECIPES["wine_dense"].run
    assert {kind.__name__ for kind in KINDS} & set(kinds_for(wine)) == {"GaussianNoise"}


def test_an_experiment_can_add_one_and_change_its_options():
    run = RECIPES["simple_cnn"].run
    added = applied(run, "add.RandomRotation")
    assert added.model.layers == (RandomRotation(), *run.model.layers)
    stronger = applied(added, "random_rotation.factor", 0.2)
    assert stronger.model.layers[0] == RandomRotation(factor=0.2)
    assert "random_rotation.fill_mode" in changes(added)
    assert from_query(to_query(stronger)) == stronger


def test_for_sentences_they_are_left_out_with_what_leads_in():
    layers = (RandomFlip(), RandomContrast(), Flatten(), Dense(units=16), Dense(units=10, activation="softmax"))
    run = RunSpec(DataSpec(), ModelSpec((28, 28, 1), layers), TrainSpec())
    there = carried(run, DataSpec("movies"))
    assert there.left_out == layers[:3]
    assert [layer.kind for layer in there.run.model.layers][-2:] == ["Dense", "Dense"]
    assert carried(run, DataSpec("cifar10")).run.model.layers[:2] == layers[:2]


def test_pixels_lie_in_the_range_that_their_scaling_gives():
    assert DataSpec().value_range == (0, 1)
    assert DataSpec(scaling="raw").value_range == (0, 255)
    low, high = DataSpec(scaling="standard").value_range
    assert (low, high) == (-255, 255)
