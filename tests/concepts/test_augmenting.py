"""Variants in numpy are those that Keras' layers make of the same image with the same amounts."""

import keras
import numpy as np
import pytest
from scipy.stats import ks_2samp

from lib.concepts.augmenting import contrasted, flipped, moving, turning, variant, vary, warped, zooming
from lib.specs.layers.augmenting import FILLS, FLIPS
from lib.specs.layers.known import (
    LAYERS,
    Dense,
    GaussianNoise,
    RandomContrast,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
)

COUNT, HEIGHT, WIDTH, CHANNELS = 12, 9, 14, 3
IMAGES = np.random.default_rng(0).random((COUNT, HEIGHT, WIDTH, CHANNELS), np.float32)
UNIT = (0, 1)


def keras_layer(layer, seed=3, **more):
    options = {name: layer.keras_value(name) for name in layer.__slots__}
    return getattr(keras.layers, layer.kind)(**options, seed=seed, **more)


def both(layer, amounts_to_images, **more):
    """What Keras makes of the images, and what numpy makes of them with Keras' own amounts."""
    theirs = keras_layer(layer, **more)
    drawn = theirs.get_random_transformation(IMAGES, training=True)
    made = np.asarray(theirs.transform_images(IMAGES, drawn, training=True))
    amounts = {name: np.asarray(value) for name, value in drawn.items() if np.ndim(value)}
    ours = [amounts_to_images(image, {k: v[at] for k, v in amounts.items() if len(v) == COUNT})
            for at, image in enumerate(IMAGES)]  # fmt: skip
    return made, np.stack(ours)


@pytest.mark.parametrize("mode", FLIPS)
def test_a_mirrored_image_is_keras_own(mode):
    def ours(image, amounts):
        return flipped(image, mode) if amounts["flips"].all() else image

    made, expected = both(RandomFlip(mode=mode), ours)
    assert 0 < (made != IMAGES).any(axis=(1, 2, 3)).sum() < COUNT
    np.testing.assert_array_equal(made, expected)


@pytest.mark.parametrize("fill_mode", FILLS)
def test_moved_turned_and_zoomed_images_are_keras_own(fill_mode):
    cases = {
        RandomTranslation(height_factor=0.5, width_factor=0.4, fill_mode=fill_mode): lambda amounts: moving(
            *amounts["translations"][::-1]
        ),
        RandomRotation(factor=0.5, fill_mode=fill_mode): lambda amounts: turning(amounts["angle"], HEIGHT, WIDTH),
        RandomZoom(height_factor=0.9, fill_mode=fill_mode): lambda amounts: zooming(
            amounts["height_zoom"][0], HEIGHT, WIDTH
        ),
    }
    for layer, matrix in cases.items():
        made, ours = both(layer, lambda image, amounts, matrix=matrix: warped(image, matrix(amounts), fill_mode))
        assert np.abs(made - IMAGES).max() > 0.5, layer
        np.testing.assert_allclose(ours, made, atol=1e-4, err_msg=str(layer))


def test_a_shift_beyond_the_image_fills_as_keras_does():
    for fill_mode in FILLS:
        matrix = moving(-2.3 * HEIGHT, 3.6 * WIDTH)
        full = np.append(matrix.ravel(), [0, 0]).astype(np.float32)
        theirs = keras.ops.image.affine_transform(IMAGES[0], full, fill_mode=fill_mode)
        np.testing.assert_allclose(warped(IMAGES[0], matrix, fill_mode), np.asarray(theirs), atol=1e-4)


@pytest.mark.parametrize("value_range", [(0, 1), (-255, 255)])
def test_other_contrasts_are_keras_own(value_range):
    def ours(image, amounts):
        return contrasted(image, amounts["contrast_factor"].item(), value_range)

    made, expected = both(RandomContrast(factor=1.0), ours, value_range=value_range)
    np.testing.assert_allclose(expected, made, atol=1e-6)
    assert (made.max() <= 1) == (value_range == (0, 1))


STACKS = {
    "flip": (RandomFlip(),),
    "both flips": (RandomFlip(mode="horizontal_and_vertical"),),
    "translation": (RandomTranslation(height_factor=0.1, width_factor=0.4),),
    "rotation": (RandomRotation(factor=0.2),),
    "zoom": (RandomZoom(height_factor=0.5, fill_mode="constant"),),
    "contrast": (RandomContrast(factor=0.5),),
    "noise": (GaussianNoise(stddev=0.3),),
    "one after the other": (
        RandomRotation(factor=0.2), RandomTranslation(fill_mode="constant"), RandomFlip(), RandomContrast(),
        RandomZoom(), GaussianNoise(stddev=0.05),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", STACKS)
def test_variants_are_spread_as_those_of_keras(name):
    layers, image, count = STACKS[name], IMAGES[0], 500
    random = np.random.default_rng(5)
    ours = np.stack([variant(layers, image, random, UNIT) for _ in range(count)])
    theirs = np.stack([image] * count)
    for seed, layer in enumerate(layers):  # layers of one seed would draw the same numbers
        more = {"value_range": UNIT} if isinstance(layer, RandomContrast) else {}
        theirs = keras_layer(layer, seed, **more)(theirs, training=True)
    # Each variant becomes one number, in three ways: along random directions.
    for direction in np.random.default_rng(6).normal(size=(3, image.size)):
        numbers = [made.reshape(count, -1) @ direction for made in (ours, np.asarray(theirs))]
        assert ks_2samp(*numbers).pvalue > 1e-3


def test_every_layer_that_makes_variants_makes_them_and_no_other_layer_can():
    random = np.random.default_rng(0)
    for kind in LAYERS.values():
        if kind.makes_variants:
            made = [vary(kind(), IMAGES[0], random, UNIT) for _ in range(10)]
            assert {(each.shape, each.dtype) for each in made} == {(IMAGES[0].shape, np.dtype(np.float32))}
            assert len({each.tobytes() for each in made}) > 1
    with pytest.raises(NotImplementedError, match="Dense makes no variants"):
        vary(Dense(), IMAGES[0], random, UNIT)
