import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest

from lib.concepts.convolution import conv2d, terms_at
from lib.concepts.kernels import KERNELS, kernel_named, resized
from lib.concepts.windows import output_size_sum, pad_widths

CASES = 260


def random_case(seed):
    """A kernel, stride, padding, dilation, and an image into which they fit."""
    rng = np.random.default_rng(seed)
    size, stride, dilation = int(rng.integers(1, 8)), int(rng.integers(1, 5)), int(rng.integers(1, 4))
    padding = ["valid", "same", 0, 1, 2, 3][rng.integers(6)]
    reach = dilation * (size - 1) + 1
    height, width = (int(side) for side in rng.integers(reach, reach + 12, 2))
    channels, filters = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    image = rng.normal(size=(height, width, channels)).astype(np.float32)
    kernel = rng.normal(size=(size, size, channels, filters)).astype(np.float32)
    return image, kernel, stride, padding, dilation


def keras_conv(image, kernel, stride, padding, dilation):
    """The same by Keras. It refuses a stride together with a dilation: then every stride-th place of stride 1."""
    if isinstance(padding, str) and 1 in (stride, dilation):
        return np.asarray(keras.ops.conv(image[None], kernel, stride, padding, dilation_rate=dilation))[0]
    around = [pad_widths(side, len(kernel), stride, padding, dilation) for side in image.shape[:2]]
    padded = np.pad(image, [*around, (0, 0)])
    if 1 in (stride, dilation):
        return np.asarray(keras.ops.conv(padded[None], kernel, stride, "valid", dilation_rate=dilation))[0]
    everywhere = np.asarray(keras.ops.conv(padded[None], kernel, 1, "valid", dilation_rate=dilation))[0]
    return everywhere[::stride, ::stride]


def test_a_convolution_gives_what_keras_gives_over_random_cases():
    seen = set()
    for seed in range(CASES):
        image, kernel, stride, padding, dilation = random_case(seed)
        ours, theirs = conv2d(image, kernel, stride, padding, dilation), keras_conv(*random_case(seed))
        assert ours.dtype == np.float32
        assert ours.shape == theirs.shape, (seed, ours.shape, theirs.shape)
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4, err_msg=f"case {seed}")
        seen.add((padding, stride > 1, dilation > 1))
    assert len(seen) == 6 * 2 * 2


def test_the_products_of_each_place_add_up_to_the_output():
    for seed in range(60):
        image, kernel, stride, padding, dilation = random_case(seed)
        output = conv2d(image, kernel, stride, padding, dilation)
        rng = np.random.default_rng(seed)
        row, column, place = (int(rng.integers(axis)) for axis in output.shape)
        terms = terms_at(image, kernel, row, column, place, stride, padding, dilation)
        assert terms.total == pytest.approx(output[row, column, place], rel=1e-4, abs=1e-4)
        assert np.array_equal(terms.products, terms.values * kernel[..., place])
        np.testing.assert_allclose(terms.channel_sums.sum(), terms.total, rtol=1e-5, atol=1e-5)


def test_a_tap_on_padding_sees_0():
    image = np.ones((4, 4, 2), np.float32)
    terms = terms_at(image, np.ones((3, 3, 2, 1), np.float32), row=0, column=0, padding="same")
    assert terms.values[:, :, 0].tolist() == [[0, 0, 0], [0, 1, 1], [0, 1, 1]]
    assert terms.total == 8


@pytest.mark.parametrize("padding", ["valid", "same", 0, 2])
def test_the_written_size_is_the_real_size(padding):
    image = np.zeros((23, 23, 1), np.float32)
    for size, stride, dilation in [(1, 1, 1), (3, 2, 1), (5, 3, 2), (7, 4, 3)]:
        rows = conv2d(image, np.zeros((size, size, 1, 1), np.float32), stride, padding, dilation).shape[0]
        assert output_size_sum(23, size, stride, padding, dilation).endswith(f" = {rows}")


@pytest.mark.parametrize("name", KERNELS)
def test_a_named_kernel_has_every_size_from_its_smallest(name):
    smallest = KERNELS[name].smallest
    for size in range(smallest, 8):
        kernel = kernel_named(name, size)
        assert kernel.shape == (size, size)
        assert kernel.dtype == np.float32
        assert kernel.any()
    if smallest > 1:
        with pytest.raises(ValueError, match=f"needs kernel_size {smallest} or more, not {smallest - 1}"):
            kernel_named(name, smallest - 1)


@pytest.mark.parametrize("name", ["sobel_x", "sobel_y", "laplacian"])
def test_an_edge_kernel_answers_0_where_nothing_changes(name):
    for size in range(KERNELS[name].smallest, 8):
        assert kernel_named(name, size).sum() == 0


@pytest.mark.parametrize("name", ["identity", "blur", "sharpen", "emboss"])
def test_the_other_kernels_keep_the_brightness(name):
    for size in range(KERNELS[name].smallest, 8):
        assert kernel_named(name, size).sum() == pytest.approx(1)


def test_a_resized_kernel_keeps_its_middle():
    for size in range(1, 8):
        for other in range(1, 8):
            kernel = resized(kernel_named("identity", size), other)
            assert np.array_equal(kernel, kernel_named("identity", other))
