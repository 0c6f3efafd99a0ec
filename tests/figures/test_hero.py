import numpy as np
import pytest
from PIL import Image
from streamlit.elements.lib.image_utils import MAXIMUM_CONTENT_WIDTH

from lib.concepts.forward import forward, weight_shapes
from lib.figures.hero import HEIGHT, WIDTH, coloured, describe_hero, distinct_channels, hero
from lib.specs.recipes import RECIPES
from lib.ui.app.hero import PICTURE

NAMES = tuple("0123456789")


def passed_through(recipe):
    model = RECIPES[recipe].run.model
    rng = np.random.default_rng(0)
    weights = {name: rng.normal(0, 0.1, shape).astype(np.float32) for name, shape in weight_shapes(model).items()}
    image = rng.integers(0, 256, model.input_shape, dtype=np.uint8)
    return image, forward(model, weights, image / np.float32(255)), model


@pytest.mark.parametrize("recipe", ["simple_cnn", "deeper_cnn", "cifar10_cnn", "mlp"])
def test_the_picture_can_be_drawn_for_any_recipe(recipe):
    picture = hero(*passed_through(recipe), NAMES)
    assert picture.shape == (HEIGHT, WIDTH, 4)
    assert picture.dtype == np.uint8
    assert picture[0, 0, 3] == 0  # round corners
    assert picture[HEIGHT // 2, WIDTH // 2, 3] == 255


def test_it_shows_the_image_itself():
    image, outputs, model = passed_through("cifar10_cnn")
    first, other = (hero(shown, outputs, model, NAMES) for shown in (image, 255 - image))
    assert not np.array_equal(first, other)


def test_the_likeliest_class_has_the_longest_bar():
    image, outputs, model = passed_through("simple_cnn")
    sure = [*outputs[:-1], np.eye(10, dtype=np.float32)[3]]
    unsure = [*outputs[:-1], np.eye(10, dtype=np.float32)[3] * 0.5 + 0.05]
    orange = [
        ((hero(image, shown, model, NAMES)[..., :3] == (230, 159, 0)).all(axis=-1)).any(axis=0).sum()
        for shown in (sure, unsure)
    ]
    assert orange[0] > 1.5 * orange[1] > 0


def test_the_chosen_maps_are_lively_and_differ():
    rng = np.random.default_rng(0)
    one, two = rng.random((6, 6)), rng.random((6, 6))
    maps = np.stack([one, np.zeros((6, 6)), one * 0.9, two * 0.5], axis=-1).astype(np.float32)
    assert distinct_channels(maps, 2) == [0, 3]  # not the copy, though it varies more, nor the constant one
    assert distinct_channels(maps, 9) == [0, 1, 2, 3]


def test_brighter_values_have_lighter_colours():
    lightness = coloured(np.linspace(0, 1, 33, dtype=np.float32)[None]).astype(int) @ [299, 587, 114]
    assert (np.diff(lightness[0]) > 0).all()


def test_outputs_of_another_model_are_refused():
    image, outputs, model = passed_through("simple_cnn")
    with pytest.raises(ValueError, match="every layer"):
        hero(image, outputs[:-1], model, NAMES)


def test_the_alt_text_gives_the_answer_and_its_probability():
    _, outputs, model = passed_through("simple_cnn")
    outputs[-1] = np.array([0.01] * 9 + [0.91], np.float32)
    assert describe_hero(outputs, model, NAMES, "nine") == (
        "A real nine on its way through conv2d, max_pooling2d, conv2d_1, max_pooling2d_1 to the answer 9: 91.0%."
    )


def test_the_bundled_picture_is_no_wider_than_it_is_shown():
    # Streamlit decodes and shrinks wider ones at every visit of Home: 131 ms and 25 MB each time.
    with Image.open(PICTURE) as picture:
        assert picture.width <= MAXIMUM_CONTENT_WIDTH
