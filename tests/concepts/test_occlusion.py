import numpy as np
import pytest
from helpers.keras_twins import random_weights

from lib.arrays import pack
from lib.concepts.forward import forward
from lib.concepts.occlusion import cover_of, occlusion, starts
from lib.specs.codec import model_to_dict
from lib.specs.layers.known import Conv2D, Dense, Flatten
from lib.specs.model import ModelSpec
from lib.worker import tasks

MODEL = ModelSpec((9, 8, 2), (Conv2D(filters=3), Flatten(), Dense(units=4, activation="softmax")))


@pytest.mark.parametrize(("patch", "step"), [(3, 2), (1, 1), (8, 4), (20, 2)])
def test_each_answer_is_the_models_own_for_the_picture_with_that_place_covered(patch, step):
    weights, random = random_weights(MODEL), np.random.default_rng(0)
    sample, cover = random.random((2, 9, 8, 2), dtype=np.float32)
    answers = occlusion(MODEL, weights, sample, cover, patch, step)
    assert answers.shape == (len(starts(9, patch, step)), len(starts(8, patch, step)), 4)
    row, column = answers.shape[0] - 1, answers.shape[1] // 2
    covered = sample.copy()
    for y in range(row * step, min(row * step + patch, 9)):
        for x in range(column * step, min(column * step + patch, 8)):
            covered[y, x] = cover[y, x]
    assert np.array_equal(answers[row, column], forward(MODEL, weights, covered)[-1])
    asked = (model_to_dict(MODEL), pack(weights), sample, cover, patch, step)
    assert np.array_equal(tasks.occlusion(*asked), answers)


def test_a_patch_that_shows_the_picture_itself_changes_nothing():
    weights, sample = random_weights(MODEL), np.random.default_rng(0).random((9, 8, 2), dtype=np.float32)
    answers = occlusion(MODEL, weights, sample, sample, 3, 1)
    assert np.array_equal(answers, np.broadcast_to(forward(MODEL, weights, sample)[-1], answers.shape))


@pytest.mark.parametrize("fill", ["black", "mean", "blur"])
def test_a_cover_is_a_picture_of_the_same_kind(fill):
    image = np.random.default_rng(0).integers(0, 256, (12, 10, 3)).astype(np.uint8)
    cover = cover_of(image, fill)
    assert (cover.shape, cover.dtype) == (image.shape, np.uint8)
    assert cover.std() < image.std()
    plain = np.full((12, 10, 3), 77, np.uint8)
    assert np.array_equal(cover_of(plain, fill), plain if fill != "black" else np.zeros_like(plain))


def test_a_fill_of_another_name_is_refused():
    with pytest.raises(ValueError, match="black, mean or blur"):
        cover_of(np.zeros((2, 2, 1), np.uint8), "grey")
