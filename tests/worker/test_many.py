"""What a network makes of many samples, against our own forward pass, sample by sample."""

import numpy as np
import pytest
from helpers.keras_twins import random_weights

from lib.arrays import pack
from lib.concepts.forward import forward
from lib.concepts.metrics import confusion_matrix
from lib.concepts.pca import Components
from lib.concepts.strongest import COUNT, Strongest
from lib.data.loading import load
from lib.figures.inside.filters import patch, seen_by
from lib.specs.codec import from_query, to_dict
from lib.specs.model import INPUT
from lib.worker import many, tasks
from lib.worker.build import build_model
from lib.worker.weights import get_weights

RUN = from_query(
    {
        "dataset": "mnist", "samples": "500", "validation_split": "0.2",
        "layers": "Conv2D(filters=3,padding=same);MaxPooling2D;Conv2D(filters=4,kernel_size=5,strides=2);Flatten"
        ";Dense(units=10,activation=softmax)",
    }
)  # fmt: skip
SPAN = (20, 80)


@pytest.fixture(scope="module")
def network():
    """A network with random weights; its second filter of the deeper layer is dead."""
    weights = random_weights(RUN.model, seed=4)
    weights["conv2d/bias"][:] = weights["conv2d_1/bias"][:] = 1  # no other one is dead by chance
    weights["conv2d_1/bias"][1] = -100
    return many.Network(RUN, weights), weights


def passed(network, numbers):
    """All layers' outputs for each of some test images."""
    made, weights = network
    return [forward(RUN.model, weights, made.data.scaling.apply(made.data.test.x[number])) for number in numbers]


def test_the_patches_are_those_that_a_search_through_every_place_finds(network, monkeypatch):
    monkeypatch.setattr(many, "BATCH", 25)
    found = Strongest(**many.strongest(network[0], "conv2d_1", SPAN))
    outputs = np.stack([each[2] for each in passed(network, range(*SPAN))])
    assert found.values.shape == (4, COUNT)
    images, seen = load("mnist").test.x, seen_by(RUN.model, "conv2d_1")
    for filter_ in (0, 2, 3):
        best = outputs[..., filter_].reshape(len(outputs), -1)
        order = np.argsort(-best.max(axis=1), kind="stable")[:COUNT]
        np.testing.assert_allclose(found.values[filter_], best.max(axis=1)[order], rtol=1e-5)
        np.testing.assert_array_equal(found.numbers[filter_], order + SPAN[0])
        np.testing.assert_array_equal(found.places[filter_], best[order].argmax(axis=1))
        # What lies outside of the patch does not matter to its value: the image without it gives the same.
        number, place = int(found.numbers[filter_, 0]), int(found.places[filter_, 0])
        row, column = divmod(place, seen.columns)
        (top, bottom), (left, right) = seen.down.pixels(row), seen.across.pixels(column)
        alone, here = np.zeros((28, 28, 1), np.uint8), np.s_[max(top, 0) : bottom + 1, max(left, 0) : right + 1]
        alone[here] = images[number][here]
        value = forward(RUN.model, network[1], network[0].data.scaling.apply(alone))[2][row, column, filter_]
        assert value == pytest.approx(found.values[filter_, 0], rel=1e-5)
        cut = patch(images[number], seen, place)
        assert cut.shape == (seen.down.size, seen.across.size, 4)
        np.testing.assert_array_equal(cut[cut[..., 3] == 255][:, 0], images[number][here].ravel())


def test_the_filter_with_a_bias_of_minus_100_is_dead_and_no_other_is(network):
    layers = ["conv2d", "conv2d_1", "dense"]
    pieces = [many.ranges(network[0], layers, span) for span in ((0, 60), (60, 500))]
    low, high = (
        {name: pick.reduce([piece[name][place] for piece in pieces]) for name in layers}
        for place, pick in enumerate((np.minimum, np.maximum))
    )
    assert {name: np.flatnonzero(low[name] == high[name]).tolist() for name in layers} == {
        "conv2d": [], "conv2d_1": [1], "dense": [],
    }  # fmt: skip
    assert len(network[0].data.validation) == 100
    part = network[0].data.validation
    seen = [forward(RUN.model, network[1], network[0].data.scaling.apply(image))[2] for image in part.x]
    np.testing.assert_allclose(high["conv2d_1"], np.max(seen, axis=(0, 1, 2)), rtol=1e-5)


def test_the_confusion_matrix_counts_what_the_forward_pass_says(network):
    said = [int(each[-1].argmax()) for each in passed(network, range(*SPAN))]
    expected = confusion_matrix(network[0].data.test.y[slice(*SPAN)], said, 10)
    np.testing.assert_array_equal(many.confusion(network[0], SPAN), expected)


def test_what_is_said_of_the_validation_part_is_what_the_forward_pass_says(network):
    made, weights = network
    seen = [forward(RUN.model, weights, made.data.scaling.apply(image))[-1] for image in made.data.validation.x[20:80]]
    np.testing.assert_allclose(many.held_back(made, SPAN), seen, atol=1e-5)


@pytest.mark.parametrize("layer", [INPUT, "max_pooling2d", "dense"])
def test_places_are_projections_of_the_layers_outputs_also_with_another_epochs_axes(network, layer):
    made, _ = network
    numbers = np.arange(0, 120, 2)
    found = many.places(made, layer, numbers)
    index = {"max_pooling2d": 1, "dense": 4}
    outputs = [
        made.data.scaling.apply(made.data.test.x[number]) if layer == INPUT else each[index[layer]]
        for number, each in zip(numbers, passed(network, numbers), strict=True)
    ]
    rows = np.stack(outputs).reshape(len(numbers), -1)
    axes = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[2][:2]
    np.testing.assert_allclose(np.abs(found["places"]), np.abs((rows - rows.mean(axis=0)) @ axes.T), atol=2e-3)
    np.testing.assert_allclose(found["answers"], [each[-1] for each in passed(network, numbers)], atol=1e-5)
    again = many.places(made, layer, numbers, found["mean"] + 1, found["axes"][::-1])
    known = Components(found["mean"] + 1, found["axes"][::-1], np.zeros(2, np.float32))
    np.testing.assert_allclose(again["places"], known.places(rows), atol=2e-3)


def test_without_weights_the_network_is_the_one_that_the_run_began_with():
    first = pack(get_weights(build_model(RUN.model, RUN.training.seed)))
    asked = [
        tasks.about_many("confusion", to_dict(RUN), packed, {"span": (0, 300)}) for packed in (None, first)
    ]  # fmt: skip
    np.testing.assert_array_equal(*asked)
    assert asked[0].sum() == 300


BINARY = {
    "dataset": "movies", "vocabulary": "500", "length": "20", "loss": "binary_crossentropy", "samples": "500",
    "layers": "Embedding(input_dim=500,output_dim=4,mask_zero=true);LSTM(units=3,bidirectional=true)"
    ";Dense(units=1,activation=sigmoid)",
}  # fmt: skip


def test_one_unit_for_two_classes_and_sentences_with_padding():
    run = from_query(BINARY)
    weights = random_weights(run.model)
    made = many.Network(run, weights)
    found = many.places(made, "bidirectional", np.arange(30))
    expected = [forward(run.model, weights, row)[-1][0] for row in made.data.test.x[:30].astype(np.float32)]
    np.testing.assert_allclose(found["answers"], np.stack([1 - np.array(expected), expected], axis=1), atol=1e-5)
    assert many.confusion(made, (0, 30)).sum() == 30
