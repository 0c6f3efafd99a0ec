import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest

from lib.concepts.flattening import flatten, index_of, place_of

SHAPES = [(13, 13, 1), (13, 13, 4), (1, 5, 3), (4, 2, 1)]


@pytest.mark.parametrize("shape", SHAPES)
def test_flatten_takes_the_order_that_keras_takes(shape):
    maps = np.random.default_rng(0).random(shape, dtype=np.float32)
    assert np.array_equal(flatten(maps), np.asarray(keras.layers.Flatten()(maps[None]))[0])


@pytest.mark.parametrize("shape", SHAPES)
def test_there_and_back_is_where_one_was(shape):
    assert [index_of(*place_of(index, shape), shape) for index in range(np.prod(shape))] == list(range(np.prod(shape)))


def test_the_place_in_the_row_holds_the_number_of_the_maps():
    maps = np.random.default_rng(1).random((3, 4, 5), dtype=np.float32)
    assert all(flatten(maps)[index_of(*place, maps.shape)] == value for place, value in np.ndenumerate(maps))


@pytest.mark.parametrize("place", [(13, 0, 0), (0, -1, 0), (0, 0, 2)])
def test_a_place_outside_the_maps_is_refused(place):
    with pytest.raises(ValueError, match="maps of 13x13x2 have no place"):
        index_of(*place, (13, 13, 2))
