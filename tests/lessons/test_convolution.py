import numpy as np
import pytest
from helpers.claims import answer, experiment, passage

from lib.concepts.convolution import conv2d
from lib.concepts.kernels import kernel_named, sobel_x
from lib.concepts.windows import output_size, same_padding, window_reach
from lib.data.loading import load
from lib.ui.learn.convolution.view import _EXAMPLES

PAGE = "convolution"


def images(label, dataset="mnist", count=5):
    test = load(dataset).test
    return [test.x[place].astype(np.float32) / 255 for place in np.flatnonzero(test.y == label)[:count]]


def filtered(image, name, size=3, **sliding):
    kernel = np.repeat(kernel_named(name, size)[:, :, None, None], image.shape[2], axis=2)
    return conv2d(image, kernel, **sliding)[..., 0]


def strength(image, name):
    return float(np.abs(filtered(image, name)).sum())


def test_experiment_1_sobel_x_loses_lying_strokes_and_sobel_y_standing_ones():
    experiment(PAGE, 1, "**Sobel x**", "**Sobel y**", "digit 1", "digit 7")
    assert all(strength(one, "sobel_x") > 1.5 * strength(one, "sobel_y") for one in images(1))
    shares = [[strength(image, "sobel_x") / strength(image, "sobel_y") for image in images(digit)] for digit in (1, 7)]
    assert min(shares[0]) > max(shares[1])  # a 7 has a bar, which sobel_x does not see


def test_experiment_2_a_dilated_kernel_reaches_as_far_but_skips_pixels():
    experiment(PAGE, 2, "**blur**", "3, then 7", "back to size 3", "to 3")
    assert window_reach(3, dilation_rate=3) == window_reach(7) == 7
    dot = np.zeros((13, 13, 1), np.float32)
    dot[6, 6] = 1
    seen_at = [np.count_nonzero(filtered(dot, "blur", size, dilation_rate=rate)) for size, rate in ((7, 1), (3, 3))]
    assert seen_at == [49, 9]


def test_experiment_3_zeros_around_a_photo_make_an_edge_that_is_not_there():
    experiment(PAGE, 3, "**Laplacian**", "valid, then same", "border of the output")
    for label in range(3):
        (photo,) = images(label, "cifar10", 1)
        inside, padded = (np.abs(filtered(photo, "laplacian", padding=padding)) for padding in ("valid", "same"))
        border = np.concatenate([padded[0], padded[-1], padded[1:-1, 0], padded[1:-1, -1]])
        np.testing.assert_allclose(padded[1:-1, 1:-1], inside, atol=1e-5)
        assert border.mean() > 1.5 * inside.mean()


def test_answer_1_same_would_give_14():
    answer(PAGE, 1, "14x14", "ceil(28/2)")
    before, after = same_padding(28, 5, stride=2)
    assert (28 + before + after - 5) // 2 + 1 == 14


def test_answer_2_valid_gives_12_and_leaves_out_the_last_column():
    answer(PAGE, 2, "12x12", "floor((28 - 5)/2) + 1 = floor(11.5) + 1 = 12", "last column", right=True)
    assert output_size(28, 5, stride=2) == 12
    assert (12 - 1) * 2 + 5 == 27


def test_answer_3_keras_takes_a_stride_that_does_not_fit():
    import keras

    answer(PAGE, 3, "12.5x12.5", "Without padding Keras rounds down", "With *same* it rounds up")
    for padding, size in (("valid", 12), ("same", 14)):
        layer = keras.layers.Conv2D(1, 5, strides=2, padding=padding)
        assert layer.compute_output_shape((None, 28, 28, 1))[1:3] == (size, size)
    assert keras.layers.Conv2D(1, 5, strides=3, padding="same").compute_output_shape((None, 28, 28, 1))[1] == 10


def test_keras_refuses_stride_and_dilation_together():
    import keras

    passage("convolution.stride_and_dilation", "Keras refuses")
    with pytest.raises(ValueError, match="not supported in conjunction"):
        keras.layers.Conv2D(1, 3, strides=2, dilation_rate=2)


def test_answer_4_stride_1_gives_24():
    answer(PAGE, 4, "24x24", "28 - 5 + 1")
    assert output_size(28, 5) == 24


def test_the_sum_is_large_where_the_picture_looks_like_the_kernel_and_negative_at_its_opposite():
    passage("convolution.title", "strongly negative where it is the kernel's opposite, near 0 where it is neither")
    passage("convolution.use", "Sobel's kernels add up to 0", "an even area gives 0", "The numbers of a blur do not")
    assert kernel_named("blur", 3).sum() > 0
    kernel = sobel_x(3)
    assert kernel.sum() == pytest.approx(0)
    pictures = (kernel, -kernel, np.ones((3, 3), np.float32), kernel.T)
    like, opposite, even, turned = (
        float(conv2d(picture[:, :, None], kernel[:, :, None, None])[0, 0, 0]) for picture in pictures
    )
    assert like == -opposite > 0
    assert even == turned == pytest.approx(0)


def test_the_three_examples_are_what_the_lesson_calls_them():
    passage("convolution.use", "digits, shoes or horses")
    names = [load(name).dataset.class_names[int(load(name).test.y[number])] for name, number in _EXAMPLES]
    assert names[0].isdigit()
    assert names[1:] == ["Sneaker", "horse"]
