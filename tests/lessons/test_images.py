import numpy as np
import pytest
from helpers.claims import answer, experiment, passage

from lib.data.loading import load
from lib.specs.differences import difference
from lib.specs.layers.known import GaussianNoise, RandomRotation, RandomTranslation, RandomZoom
from lib.specs.recipes import RECIPES
from lib.ui.learn.images.augmentation import eight
from lib.ui.learn.images.pixels import statistics
from lib.ui.learn.images.with_and_without import DATASETS, EPOCHS, SAMPLES, with_and_without

PAGE = "images"


def standardised(value, dataset="mnist"):
    (mean,), (deviation,) = statistics(dataset)
    return (value - mean) / deviation


def test_experiment_1_a_frog_has_pixels_that_are_not_mostly_green():
    experiment(PAGE, 1, "neither black nor white", "CIFAR-10 frog", "green is *not* the largest")
    cifar = load("cifar10")
    frogs = cifar.test.x[cifar.test.y == cifar.dataset.class_names.index("frog")][:20]
    assert all((frog[..., 1] < frog.max(axis=2)).any() for frog in frogs)
    assert load("mnist").test.x[0].max() == 255


def test_experiment_2_standardising_moves_black_to_a_negative_number():
    experiment(PAGE, 2, "*0 to 255* to *÷ 255: 0 to 1*", "which number stands for black now")
    assert standardised(0) < 0 < standardised(1)


def test_experiment_3_one_of_the_variants_stands_on_its_head():
    experiment(PAGE, 3, "rotation to 180 degrees for a 6", "Press **Eight others**: which of the eight")
    six = load("mnist").test.x[np.flatnonzero(load("mnist").test.y == 6)[0]]
    # As the page has them at first; what is 0 draws, too.
    layers = (
        RandomTranslation(fill_mode="nearest"), RandomRotation(factor=0.5, fill_mode="nearest"),
        RandomZoom(fill_mode="nearest"), GaussianNoise(stddev=0),
    )  # fmt: skip

    def on_its_head(variant):
        turned, upright = (np.corrcoef(variant.ravel(), other.ravel())[0, 1] for other in (six[::-1, ::-1], six))
        return turned > upright + 0.1

    for seed in range(3):
        made = eight(six, layers, seed)
        assert len(made) == 8
        assert any(map(on_its_head, made))


def test_the_questions_about_augmentation_are_those_that_the_lesson_tells_of():
    passage("images.augmentation_helps", "moved by up to 10% and turned by up to 18°", "Simple CNN")
    assert set(DATASETS) == {"mnist", "fashion_mnist"}
    for dataset in DATASETS:
        plain, varied = with_and_without(dataset)
        assert (plain.data.dataset, plain.samples(), plain.training.epochs) == (dataset, SAMPLES, EPOCHS)
        assert varied.mismatch == ""
        assert [name for name, *_ in difference(plain, varied)] == ["layers"]
        moved, turned = varied.model.layers[:2]
        assert varied.model.layers[2:] == plain.model.layers == RECIPES["simple_cnn"].run.model.layers
        assert (moved.height_factor, moved.width_factor, 360 * turned.factor) == (0.1, 0.1, 18)


def test_answer_1_only_a_pixel_of_mean_brightness_becomes_0():
    answer(PAGE, 1, "0, as before", "only a pixel of exactly mean brightness becomes 0")
    assert standardised(statistics("mnist")[0][0]) == 0


def test_answer_2_black_becomes_minus_0_42():
    answer(PAGE, 2, "about -0.42", "(0 - 0.13) / 0.31 = -0.42", "Most pixels of a digit are black", right=True)
    mean, deviation = (values[0] for values in statistics("mnist"))
    assert (round(mean, 2), round(deviation, 2)) == (0.13, 0.31)
    assert standardised(0) == pytest.approx(-0.42, abs=0.005)
    assert (load("mnist").train.x == 0).mean() > 0.75


def test_answer_3_black_lies_less_than_half_a_deviation_below_the_mean():
    answer(PAGE, 3, "about -1", "less than half a deviation")
    assert standardised(0) > -0.5


def test_answer_4_the_scale_is_that_of_the_training_part():
    answer(PAGE, 4, "It depends on the picture", "come from the whole training part")
    assert statistics("mnist")[0][0] == pytest.approx(load("mnist").train.x.mean() / 255, abs=1e-6)


def test_flipping_is_warned_of_where_it_makes_wrong_labels():
    passage("images.split_use", "the slider divides the training images alone")
    passage("images.averages", "{train} training images become ten")
    assert {len(load(name).dataset.class_names) for name in ("mnist", "fashion_mnist", "cifar10")} == {10}
