import numpy as np
import pytest

from lib.concepts.convolution import conv2d
from lib.concepts.dense import dense
from lib.concepts.flattening import flatten, place_of
from lib.concepts.windows import output_size, pad_widths, same_padding, window_at, windows_of


@pytest.mark.parametrize(
    ("size", "window", "stride", "dilation", "expected"),
    [(28, 3, 1, 1, (1, 1)), (28, 2, 1, 1, (0, 1)), (28, 3, 2, 1, (0, 1)), (7, 3, 1, 2, (2, 2)), (4, 1, 4, 1, (0, 0))],
)
def test_same_padding_puts_the_odd_zero_at_the_end(size, window, stride, dilation, expected):
    assert same_padding(size, window, stride, dilation) == expected


def test_a_window_sees_its_own_pixels():
    image = np.arange(25, dtype=np.float32).reshape(5, 5, 1)
    windows = windows_of(image, 2, 2, "valid", dilation_rate=2)
    assert windows[1, 0, 0].tolist() == [[10, 12], [20, 22]]


def test_a_window_larger_than_the_image_is_refused():
    with pytest.raises(ValueError, match="a window of 5 pixels does not fit into 4x6"):
        windows_of(np.zeros((4, 6, 1), np.float32), 3, 1, "valid", dilation_rate=2)


def test_a_window_longer_than_the_sequence_is_refused():
    with pytest.raises(ValueError, match="a window of 5 steps does not fit into 4"):
        windows_of(np.zeros((4, 2), np.float32), 3, 1, "valid", dilation_rate=2)


@pytest.mark.parametrize("dilation", [1, 2])
def test_a_causal_window_ends_where_it_stands(dilation):
    sequence = np.arange(1, 8, dtype=np.float32)[:, None]
    windows = windows_of(sequence, 3, 1, "causal", dilation)
    assert windows[:, 0, -1].tolist() == sequence[:, 0].tolist()
    assert windows[0, 0].tolist() == [0, 0, 1]


def test_a_padding_of_another_name_is_refused():
    with pytest.raises(ValueError, match="'full'"):
        windows_of(np.zeros((4, 4, 1), np.float32), 3, 1, "full")


@pytest.mark.parametrize("padding", [-1, "3"])
def test_a_padding_that_is_no_number_of_pixels_is_refused(padding):
    with pytest.raises(ValueError, match="padding must be 'valid' or 'same' or a number from 0"):
        pad_widths(28, 3, padding=padding)


def test_a_window_longer_than_the_padded_input_has_no_size():
    with pytest.raises(ValueError, match="a window of 7 pixels does not fit into 6"):
        output_size(4, window=7, pad=1)


@pytest.mark.parametrize("padding", ["valid", "same", 1, 3])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (3, 1), (1, 2), (2, 3)])
def test_a_window_lies_on_the_pixels_that_it_sees(padding, stride, dilation):
    numbered = np.arange(1, 12 * 13 + 1, dtype=np.float32).reshape(12, 13, 1)
    windows = windows_of(numbered, 3, stride, padding, dilation)
    for row, column in np.ndindex(windows.shape[:2]):
        window = window_at(row, column, numbered.shape, 3, stride, padding, dilation)
        seen = numbered[np.ix_(window.rows.clip(0, 11), window.columns.clip(0, 12))][:, :, 0]
        assert np.array_equal(np.where(window.inside, seen, 0), windows[row, column, 0])


def test_a_kernel_for_other_channels_is_refused():
    with pytest.raises(ValueError, match="has 3 channels, but the kernel was made for 1"):
        conv2d(np.zeros((4, 4, 3), np.float32), np.zeros((3, 3, 1, 2), np.float32))


def test_weights_for_other_inputs_are_refused():
    with pytest.raises(ValueError, match="4 inputs, but the weights were made for 3"):
        dense(np.zeros(4, np.float32), np.zeros((3, 2), np.float32))


def test_each_flat_number_can_be_found_again_in_the_maps():
    maps = np.random.default_rng(0).random((3, 4, 5)).astype(np.float32)
    assert all(maps[place_of(index, maps.shape)] == value for index, value in enumerate(flatten(maps)))


def test_an_image_cannot_be_padded_as_a_sequence():
    with pytest.raises(ValueError, match="'causal' is for sequences"):
        windows_of(np.zeros((5, 5, 1), np.float32), window=3, stride=1, padding="causal")
