import numpy as np
import pytest
from helpers.keras_twins import random_weights

from lib.concepts.contribution import contribution, maps_before_last
from lib.concepts.forward import forward
from lib.specs.layers.known import Conv2D, Dense, Dropout, Flatten, GlobalAveragePooling2D, MaxPooling2D
from lib.specs.model import ModelSpec

ENDS = {
    "flatten": (Flatten(), Dropout(), Dense(units=5, activation="linear")),
    "means": (GlobalAveragePooling2D(), Dense(units=5, activation="linear")),
    "no bias": (Dropout(), Flatten(), Dense(units=5, activation="linear", use_bias=False)),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("start", [(), (Conv2D(filters=3), MaxPooling2D(), Conv2D(filters=4, activation="tanh"))])
def test_the_sum_of_all_places_is_the_logit_less_the_bias(start, end):
    model = ModelSpec((12, 10, 2), (*start, *ENDS[end]))
    weights = random_weights(model)
    image = np.random.default_rng(3).random(model.input_shape, dtype=np.float32)
    outputs = forward(model, weights, image)
    first = maps_before_last(model)
    assert first == len(start)
    maps = (image, *outputs)[first]
    name = model.layer_names()[-1]
    bias = weights.get(f"{name}/bias", np.zeros(5))
    for unit in range(5):
        found = contribution(model, weights, maps, unit)
        assert found.places.shape == maps.shape[:2]
        assert found.sum == pytest.approx(float(outputs[-1][unit] - bias[unit]), abs=1e-4)
        assert found.score == pytest.approx(float(outputs[-1][unit]), abs=1e-4)
    difference = contribution(model, weights, maps, 4, minus=1)
    assert difference.score == pytest.approx(float(outputs[-1][4] - outputs[-1][1]), abs=1e-4)


@pytest.mark.parametrize(
    "layers",
    [
        (Flatten(), Dense(units=8), Dense(units=5)),
        (Conv2D(), Dense(units=5)),
        (Conv2D(), Flatten()),
        (Flatten(), Dropout(), Flatten(), Dense(units=5)),
    ],
)
def test_where_maps_do_not_go_straight_into_the_last_dense_there_is_no_exact_map(layers):
    model = ModelSpec((8, 8, 1), layers)
    assert maps_before_last(model) is None
    with pytest.raises(ValueError, match="go straight"):
        contribution(model, {}, np.zeros((8, 8, 1), np.float32), 0)
