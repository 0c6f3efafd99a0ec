import base64
import json

import numpy as np
import pytest

from lib.concepts.convolution import conv2d
from lib.figures.learn.scenes import VECTOR_COLUMNS, convolution_scene, flattening_scene, pooling_scene


def unpacked(packed):
    return np.frombuffer(base64.b64decode(packed["data"]), "<f4").reshape(packed["shape"])


@pytest.fixture
def image():
    return np.random.default_rng(0).random((9, 11, 3), dtype=np.float32)


def convolved(image, **options):
    kernel = np.random.default_rng(1).normal(size=(3, 3, image.shape[2], 2)).astype(np.float32)
    bias = np.array([0.5, -1], np.float32)
    options = {"stride": 1, "padding": "valid", "dilation_rate": 1, **options}
    return kernel, bias, convolution_scene(image, kernel, bias, **options)


def test_all_that_the_component_is_fed_is_plain_json(image):
    maps = np.ones((4, 4, 2), np.float32)
    pooled = pooling_scene(image, pool_size=2, stride=2, padding="same", pool_type="max")
    for scene in (convolved(image, activation="relu")[2], pooled, flattening_scene(maps)):
        assert json.loads(json.dumps(scene.data())) == scene.data()


def test_arrays_arrive_as_they_were(image):
    kernel, bias, scene = convolved(image)
    data = scene.data()
    assert np.array_equal(unpacked(data["input"]), image)
    assert np.array_equal(unpacked(data["kernel"]), kernel)
    assert np.array_equal(unpacked(data["output"]), conv2d(image, kernel) + bias)


def test_sums_before_the_activation_are_sent_only_where_they_differ(image):
    _, _, linear = convolved(image)
    kernel, bias, bent = convolved(image, activation="relu")
    assert linear.data()["sums"] is None
    sums = unpacked(bent.data()["sums"])
    assert np.array_equal(sums, conv2d(image, kernel) + bias)
    assert np.array_equal(unpacked(bent.data()["output"]), np.maximum(sums, 0))


@pytest.mark.parametrize(
    ("padding", "pads"), [("valid", [[0, 0], [0, 0]]), (2, [[2, 2], [2, 2]]), ("same", [[1, 2], [2, 2]])]
)
def test_padding_is_told_for_each_side(padding, pads):
    scene = convolved(np.ones((10, 11, 1), np.float32), padding=padding, stride=2, dilation_rate=2)[2]
    assert scene.data()["pads"] == pads


def test_a_convolution_is_coloured_around_0_for_each_filter(image):
    scene = convolved(image)[2]
    for place, (low, high) in enumerate(scene.data()["outputRanges"]):
        assert high == pytest.approx(np.abs(scene.output[:, :, place]).max())
        assert low == -high


def test_a_pooled_value_keeps_the_colour_it_had(image):
    data = pooling_scene(image, pool_size=2, stride=2, padding="valid", pool_type="average").data()
    assert data["outputRanges"] == [data["inputRange"]] * 3
    assert data["inputRange"] == [0, 1]


def test_an_empty_map_still_has_a_range():
    scene = convolved(np.zeros((5, 5, 1), np.float32))[2]
    assert all(high > 0 for _, high in scene.data()["outputRanges"])


@pytest.mark.parametrize(
    ("pool_type", "operation", "expected"),
    [("max", "max", 5), ("average", "average", 2.5), ("min", "min", 0), ("global_max", "max", 15),
     ("global_average", "average", 7.5)],
)  # fmt: skip
def test_each_pooling_keeps_its_number(pool_type, operation, expected):
    numbered = np.arange(16, dtype=np.float32).reshape(4, 4, 1)
    scene = pooling_scene(numbered, pool_size=2, stride=2, padding="valid", pool_type=pool_type)
    assert scene.operation == operation
    assert scene.output[0, 0, 0] == expected
    assert scene.window == ((4, 4) if pool_type.startswith("global") else (2, 2))


def test_a_vector_is_drawn_in_lines_and_ends_where_it_ends():
    maps = np.arange(13 * 13, dtype=np.float32).reshape(13, 13, 1)
    lines = flattening_scene(maps).output[:, :, 0]
    assert lines.shape == (6, VECTOR_COLUMNS)
    assert np.array_equal(lines.ravel()[:169], maps.ravel())
    assert np.isnan(lines.ravel()[169:]).all()


def test_three_channels_are_called_by_their_colours(image):
    assert convolved(image)[2].channel_names == ("red", "green", "blue")


def test_a_kernel_larger_than_the_image_is_refused():
    with pytest.raises(ValueError, match="a window of 5 pixels does not fit into 4x4"):
        convolved(np.zeros((4, 4, 1), np.float32), dilation_rate=2)
