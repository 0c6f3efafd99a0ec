"""Pruning, rounding and switching off, against numbers worked out by hand or with plain numpy."""

import numpy as np
import pytest

from lib.concepts.by_hand import changed, kernels, problem, pruned, rounded, strongest, switched_off, units_of
from lib.concepts.forward import forward, weight_shapes
from lib.specs.changes import Changes, from_text
from lib.specs.layers.known import (
    LSTM,
    BatchNormalization,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    MaxPooling2D,
    ParallelConv2D,
)
from lib.specs.model import ModelSpec

MODEL = ModelSpec(
    (8, 8, 1),
    (
        Conv2D(filters=3),
        ParallelConv2D(filters=2, kernel_size=1, other_kernel_size=3),
        BatchNormalization(),
        MaxPooling2D(),
        Flatten(),
        Dense(units=5, activation="sigmoid"),
        Dense(units=2, activation="softmax"),
    ),
)
RANDOM = np.random.default_rng(7)
WEIGHTS = {name: RANDOM.normal(size=shape).astype(np.float32) for name, shape in weight_shapes(MODEL).items()}
WEIGHTS["batch_normalization/moving_variance"] = np.abs(WEIGHTS["batch_normalization/moving_variance"]) + 1
IMAGE = RANDOM.random((8, 8, 1), np.float32)


def test_kernels_are_what_inputs_are_multiplied_with_of_every_kind():
    assert kernels(MODEL) == (
        "conv2d/kernel", "concatenate/first_kernel", "concatenate/second_kernel", "dense/kernel", "dense_1/kernel",
    )  # fmt: skip
    words = ModelSpec((4,), (Embedding(input_dim=100), LSTM(units=2, bidirectional=True), Dense(units=1)))
    assert [name.split("/")[1] for name in kernels(words)] == [
        "forward_kernel", "forward_recurrent_kernel", "backward_kernel", "backward_recurrent_kernel", "kernel",
    ]  # fmt: skip
    assert units_of(words) == {"dense": 1}


@pytest.mark.parametrize("percent", [0, 1, 37, 50, 100])
def test_the_smallest_weights_of_all_kernels_together_are_pruned_and_nothing_else(percent):
    names = kernels(MODEL)
    before = np.concatenate([WEIGHTS[name].ravel() for name in names])
    found = pruned(WEIGHTS, names, percent)
    after = np.concatenate([found[name].ravel() for name in names])
    count = int(len(before) * percent / 100)
    expected = before.copy()
    expected[np.argsort(np.abs(before), kind="stable")[:count]] = 0
    assert np.array_equal(after, expected)
    assert all(np.array_equal(found[name], WEIGHTS[name]) for name in WEIGHTS if name not in names)


def test_equal_weights_are_pruned_as_many_as_asked_for():
    found = pruned({"a": np.ones((2, 5), np.float32)}, ("a",), 30)["a"]
    assert np.count_nonzero(found == 0) == 3


@pytest.mark.parametrize("bits", [2, 3, 4, 8, 16])
def test_rounded_weights_lie_on_the_levels_at_most_half_a_step_away(bits):
    kernel = WEIGHTS["conv2d/kernel"]
    found = rounded(WEIGHTS, ("conv2d/kernel",), bits)["conv2d/kernel"]
    step = np.abs(kernel).max() / (2 ** (bits - 1) - 1)
    levels = found / step
    assert np.allclose(levels, np.rint(levels), atol=1e-2)
    assert np.abs(np.rint(levels)).max() == 2 ** (bits - 1) - 1
    assert np.abs(found - kernel).max() <= step / 2 * 1.001
    assert len(np.unique(found)) <= 2**bits - 1


def test_each_kernel_has_a_step_of_its_own_and_one_of_zeros_stays():
    weights = {"a": np.array([4, 1.9, -2.1], np.float32), "b": np.array([0.4, 0.1], np.float32), "c": np.zeros(2)}
    found = rounded(weights, ("a", "b", "c"), 2)
    assert found["a"].tolist() == [4, 0, -4]
    assert found["b"].tolist() == pytest.approx([0.4, 0])
    assert found["c"].tolist() == [0, 0]


def test_a_filter_that_is_off_gives_activation_0_whatever_goes_in_and_the_others_do_not_change():
    usual = forward(MODEL, WEIGHTS, IMAGE)
    for layer, unit, rest in (("conv2d", 1, 0.0), ("concatenate", 0, 0.0), ("concatenate", 3, 0.0), ("dense", 4, 0.5)):
        place = MODEL.layer_names().index(layer)
        found = forward(MODEL, switched_off(MODEL, WEIGHTS, layer, unit), IMAGE)
        assert np.all(found[place][..., unit] == rest)
        others = [each for each in range(found[place].shape[-1]) if each != unit]
        assert np.array_equal(found[place][..., others], usual[place][..., others])


def test_a_copy_is_changed_and_what_was_learned_stays():
    before = {name: values.copy() for name, values in WEIGHTS.items()}
    changes = from_text("prune:40;bits:3;set:dense/bias:2:7.5;set:conv2d/kernel:0-1-0-2:-1;off:conv2d:0;off:dense:1")
    assert problem(MODEL, changes) == ""
    found = changed(MODEL, WEIGHTS, changes)
    assert found["dense/bias"][2] == 7.5
    assert found["conv2d/kernel"][0, 1, 0, 2] == -1
    assert not found["conv2d/kernel"][..., 0].any()
    assert found["dense/bias"][1] == 0
    step_by_step = rounded(pruned(WEIGHTS, kernels(MODEL), 40), kernels(MODEL), 3)
    assert np.array_equal(found["dense_1/kernel"], step_by_step["dense_1/kernel"])
    assert all(np.array_equal(WEIGHTS[name], before[name]) for name in before)
    assert changed(MODEL, WEIGHTS, Changes())["conv2d/kernel"] is WEIGHTS["conv2d/kernel"]


@pytest.mark.parametrize(
    "text",
    [
        "off:conv2d:3", "off:flatten:0", "off:max_pooling2d:0", "off:lambda:0", "set:dense/bias:5:1",
        "set:dense/kernel:1:1", "set:dense/gamma:0:1", "set:conv2d/kernel:0-0-1-0:1",
    ],
)  # fmt: skip
def test_changes_of_what_a_network_does_not_have_are_a_sentence(text):
    assert problem(MODEL, from_text(text)).startswith("there is no ")


def test_the_strongest_filter_is_the_one_with_the_largest_mean_and_none_where_all_are_off():
    maps = np.zeros((2, 2, 3), np.float32)
    maps[..., 2], maps[0, 0, 1] = -1, 3
    assert strongest(maps) == 2
    assert strongest(maps, (2,)) == 1
    assert strongest(maps, (0, 1, 2)) is None
