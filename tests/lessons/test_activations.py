import numpy as np
import pytest
from helpers.claims import answer, experiment, passage

from lib.concepts.activations import SLOPES, chain, softmax_slopes
from lib.concepts.losses import binary_crossentropy_slope, squared_error_slope, steps_to_even

PAGE = "activations"


def product(name, weight, x=1.0, depth=10):
    return float(chain(name, x, depth, weight).products[-1])


def slope(name, x):
    return float(SLOPES[name](np.array([x], np.float32))[0])


def test_experiment_1_a_larger_weight_shrinks_sigmoids_product_and_makes_that_of_relu_large():
    experiment(PAGE, 1, "x = 1, 10 layers, weight 1", "Raise the weight to 4", "`relu` with weight 2")
    assert product("sigmoid", 4) < product("sigmoid", 1) < 1e-6
    assert product("relu", 2) == 2**10


def test_experiment_2_relu_learns_nothing_from_a_negative_input_and_leaky_relu_does():
    experiment(PAGE, 2, "Set x to -2")
    assert slope("relu", -2) == 0
    assert slope("leaky_relu", -2) > 0


def test_experiment_3_squared_error_hardly_pulls_where_crossentropy_pulls_hard():
    experiment(PAGE, 3, "truth to 1", "logit down to -8")
    z = np.array([-8], np.float32)
    steep, flat = float(binary_crossentropy_slope(1, z)[0]), float(squared_error_slope(1, z)[0])
    assert abs(steep) > 0.99
    assert abs(flat) < 0.001
    assert steps_to_even(squared_error_slope, 1, -8.0) > 100 * steps_to_even(binary_crossentropy_slope, 1, -8.0)


def test_answer_1_a_quarter_is_what_one_layer_lets_through():
    answer(PAGE, 1, "about a quarter", "One layer lets at most a quarter through")
    assert slope("sigmoid", 0) == max(slope("sigmoid", x) for x in np.linspace(-6, 6, 121)) == 0.25


def test_answer_2_ten_layers_let_a_millionth_through_at_best():
    answer(PAGE, 2, "about one in a million", "0.25 to the power of 10 is 0.00000095", right=True)
    assert round(0.25**10, 8) == 0.00000095


def test_answer_3_no_scaling_of_the_inputs_helps():
    answer(PAGE, 3, "all of it", "the slope is only 0.25")
    assert max(product("sigmoid", 1, x) for x in np.linspace(-6, 6, 121)) < 0.25**9


def test_squared_error_carries_sigmoids_own_slope_and_crossentropy_does_not():
    passage("activations.losses", "multiplies that force by sigmoid's own slope")
    z = np.linspace(-6, 6, 25).astype(np.float32)
    p = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(binary_crossentropy_slope(1, z), p - 1, atol=1e-6)
    np.testing.assert_allclose(squared_error_slope(1, z), 2 * (p - 1) * p * (1 - p), atol=1e-6)


def test_what_one_class_gains_the_others_lose():
    passage("activations.softmax", "each row of slopes on the right adds up to 0")
    slopes = softmax_slopes(np.array([1, 0, -1], np.float32))
    assert slopes.sum(axis=1) == pytest.approx([0, 0, 0], abs=1e-7)
