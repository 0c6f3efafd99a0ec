"""Home's moving picture gets the network as it was trained, and a place for each of its maps."""

import base64
import json
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from lib.concepts.forward import weight_shapes
from lib.data.fitted.home_network import MODEL, home_network
from lib.figures.hero_scene import hero_scene
from lib.specs.fields import SpecError
from lib.specs.layers.known import Conv2D, MaxPooling2D
from lib.specs.model import ModelSpec
from lib.ui.app import hero

NAMES = tuple("0123456789")


def unpacked(packed):
    return np.frombuffer(base64.b64decode(packed["data"]), "<f4").reshape(packed["shape"])


def test_the_browser_gets_the_weights_and_the_digits_as_they_are():
    network, scene = home_network(), hero_scene(home_network(), MODEL, NAMES)
    assert json.loads(json.dumps(scene)) == scene
    assert [layer["name"] for layer in scene["layers"]] == [
        "conv2d", "max_pooling2d", "conv2d_1", "max_pooling2d_1", "flatten", "dense",
    ]  # fmt: skip
    words = [(layer, word) for layer in scene["layers"] for word in ("kernel", "bias") if word in layer]
    sent = {f"{layer['name']}/{word}": unpacked(layer[word]) for layer, word in words}
    assert sent.keys() == network.weights.keys()
    assert all(np.array_equal(sent[name], network.weights[name]) for name in sent)
    digits = np.frombuffer(base64.b64decode(scene["digits"]), np.uint8).reshape(-1, *scene["size"])
    assert np.array_equal(digits, network.digits)
    assert scene["labels"][0] == "8"
    assert sorted(scene["labels"]) == list(NAMES)


def test_every_map_and_answer_stands_on_the_picture_and_none_on_another():
    places = hero_scene(home_network(), MODEL, NAMES)["places"]
    assert [len(boxes) for boxes in places["maps"]] == [6, 6, 12, 12]
    boxes = np.array([places["image"], *chain(*places["maps"]), *places["answers"]])
    left, top, right, bottom = boxes[:, 0], boxes[:, 1], boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    assert boxes.min() > 0
    assert max(right.max(), bottom.max()) < 100
    apart = (
        (left[:, None] >= right) | (left >= right[:, None]) | (top[:, None] >= bottom) | (top >= bottom[:, None])
    )  # fmt: skip
    assert (apart | np.eye(len(boxes), dtype=bool)).all()


@pytest.mark.parametrize(
    ("place", "layer"),
    [(0, Conv2D(filters=6, padding="same")), (0, Conv2D(filters=6, activation="tanh")), (1, MaxPooling2D(strides=1))],
)
def test_a_layer_that_the_browser_does_not_know_is_refused(place, layer):
    layers = list(MODEL.layers)
    layers[place] = layer
    model = ModelSpec(MODEL.input_shape, tuple(layers))
    shapes = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(model).items()}
    with pytest.raises(SpecError, match=r"cannot compute"):
        hero_scene(replace(home_network(), weights=shapes), model, NAMES)


def test_the_still_picture_and_what_the_browser_gets_weigh_less_than_the_picture_of_before():
    assert hero.PICTURE.stat().st_size < 150_000
    assert len(json.dumps(hero._scene())) < 50_000
