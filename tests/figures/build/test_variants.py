import numpy as np

from lib.data.scaling import Scaling
from lib.figures.build.variants import describe_variants, in_front, variants
from lib.specs.layers.known import Dense, Flatten, GaussianNoise, RandomContrast, RandomFlip

IMAGE = np.random.default_rng(0).integers(0, 256, (8, 6, 3), np.uint8)
UNIT = Scaling((1 / 255,) * 3, (0.0,) * 3)
RAW = Scaling((1.0,) * 3, (0.0,) * 3)


def test_without_change_the_very_pixels_come_back():
    for scaling in (UNIT, RAW, Scaling((0.02, 0.015, 0.03), (-1.9, -1.5, -2.0))):
        made = variants(IMAGE, (GaussianNoise(stddev=0.0),), scaling, (0, 1), 3, seed=1)
        np.testing.assert_array_equal(made, np.stack([IMAGE] * 3))


def test_the_same_seed_gives_the_same_variants_and_another_one_others():
    layers = (RandomFlip(), GaussianNoise(stddev=0.1))
    first, again, others = (variants(IMAGE, layers, UNIT, (0, 1), 4, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != others).any()
    assert len({made.tobytes() for made in first}) == 4


def test_noise_is_in_units_of_scaled_pixels_as_in_training():
    grey = np.full((40, 40, 1), 128, np.uint8)
    noise = (GaussianNoise(stddev=0.1),)
    spread = [variants(grey, noise, Scaling((scale,), (0.0,)), (0, 1), 4, 0).std() for scale in (1 / 255, 1 / 51, 1.0)]
    np.testing.assert_allclose(spread[:2], [25.5, 5.1], rtol=0.05)
    assert spread[2] < 0.5  # a tenth of one of 255 steps


def test_contrast_is_cut_off_where_scaled_pixels_end():
    half = np.zeros((4, 4, 1), np.uint8)
    half[:2] = 255
    grey = Scaling((1.0,), (0.0,))
    made = variants(half, (RandomContrast(factor=1.0),), grey, (0, 255), 20, 0)
    assert {made.min(), made.max()} == {0, 255}
    assert made[:, 0, 0, 0].std() > 10


def test_only_layers_before_all_others_count():
    noise = GaussianNoise()
    assert in_front((RandomFlip(), noise, Flatten(), noise, Dense())) == (RandomFlip(), noise)
    assert in_front((Flatten(), noise)) == ()


def test_the_words_for_those_who_do_not_see_it_name_each_layer_with_its_strength():
    text = describe_variants("training image 3, cat", (RandomFlip(mode="vertical"), GaussianNoise()), 8)
    assert text == "8 random variants of training image 3, cat, made by RandomFlip vertical, then GaussianNoise ±0.1"
