"""What the answers to the questions say, against Keras, scipy, saved trainings and the README's figures."""

import math
from pathlib import Path

import keras
import numpy as np
import pytest
from helpers.claims import passage
from keras.src.trainers.data_adapters.array_slicing import train_validation_split
from keras.src.trainers.trainer import Trainer
from scipy.signal import convolve2d, correlate2d
from scipy.special import softmax

from lib.concepts.softmax import softmax_steps
from lib.data.fitted.saved_curves import about, saved_runs
from lib.data.loading import class_counts, load
from lib.data.preparing import prepare
from lib.specs.broken import BROKEN
from lib.specs.recipes import RECIPES
from lib.ui.learn.flattening.dense import logits_of

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def says(name, *words):
    passage(f"questions.{name}", *words)


# Words of an answer, and the README's rows that they come from, with the figures in it.
MEASURED = [
    ("how_many_layers", ["109,386 weights got 95%"], "Two-hidden-layer MLP", ["109,386", "| 7,200", "0.9505"]),
    ("how_many_layers", ["97% with 34,826 weights"], "Simple CNN (MNIST)", ["| 34,826 |", "| 0.9710 |"]),
    ("bigger", ["1,411,713 weights got 76.2% right"], "LSTM (published)", ["| 1,411,713 |", "| 0.7623 |"]),
    ("bigger", ["168,353 got 76.9%"], "Small LSTM", ["| 168,353 |", "| 0.7693 |"]),
    ("gpu", ["Ten epochs", "on 7,200 digits took 12 seconds"], "Simple CNN (MNIST)", ["| 7,200 | 10 |", "| 12 s |"]),
    ("below_published", ["7,200 and reaches 97.1%"], "Simple CNN (MNIST)", ["| 7,200 |", "| 0.9710 |"]),
    ("which_samples", ["2.5%", "but 81% of the test"], "the last tenth of sorted", ["| 2.5% with", "test 81.2%"]),
    ("near_copies", ["100% of them", "only 92% of"], "validation images leaked", ["| 100% with", "test 92.2%"]),
    ("divide_by_255", ["84.2% right answers", "to 11.3%"], "pixels divided by 255", ["84.2% (", "| 11.3% ("]),
    ("from_logits", ["from 84.2% to 45.5%"], "softmax once (A)", ["| 84.2% (", "| 45.5% ("]),
    ("why_relu", ["learned nothing, 11.3%", "reached 85.8%"], "six sigmoid layers",
     ["| 11.3% (", "| 85.8% ("]),
    ("how_many_images", ["10% to 30% of the ten validation images"], "1,000 training digits (A)",
     ["ten validation images (10 to 30)"]),
    ("does_augmentation_help", ["from 92.2% to 93.6%"], "digits, Simple CNN", ["92.2% -> 93.6%"]),
    ("does_augmentation_help", ["from 78.8% to 73.6%"], "clothes, Simple CNN", ["78.8% -> **73.6%**"]),
    ("stays_at_ten", ["between 8% and 12%"], "learning rate 0.001 (A), 10 (B)", ["| 10.7% ("]),
    ("stays_at_ten", ["between 8% and 12%"], "true (A), shuffled training labels", ["| 8.0% ("]),
    ("stays_at_ten", ["between 8% and 12%"], "first weights random (A), all zero", ["| 11.3% ("]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words", "row", "figures"), MEASURED)
def test_a_measured_figure_is_the_readmes(name, words, row, figures):
    says(name, *words)
    (line, *_) = [line for line in README.splitlines() if line.startswith("| ") and row in line]
    assert [each for each in figures if each not in line] == []


def test_figures_of_the_saved_trainings():
    runs, facts = saved_runs(), about()
    plain, narrow = runs["plain", 512], runs["plain", 32]
    says("bigger", "2 to 512 hidden units", "500 pictures", "82.0%", "after 100 epochs", "0.639", "0.593")
    assert (facts["samples"], facts["more_samples"], facts["epochs"]) == (500, 4_000, 100)
    assert {units for remedy, units in runs if remedy == "plain"} >= {2, 512}
    assert (round(plain.val_loss[-1], 3), round(narrow.val_loss[-1], 3)) == (0.639, 0.593)
    assert max(runs["plain", units].val_accuracy[-1] for units in (2, 8, 32, 128, 512)) == plain.val_accuracy[-1]
    says("both_rise", "lowest in epoch 37, 0.554, with 81.9% right", "it was 0.639, with 82.0% right")
    lowest = int(np.argmin(plain.val_loss))
    assert (lowest + 1, round(plain.val_loss[lowest], 3), round(plain.val_accuracy[lowest], 3)) == (37, 0.554, 0.819)
    assert round(plain.val_accuracy[-1], 3) == 0.820
    says("is_it_overfitting", "ends at 0.017 and the validation loss at 0.639")
    assert round(plain.loss[-1], 3) == 0.017
    says("how_many_epochs", "ended after 42 of 100 epochs and kept those of epoch 37")
    stopped = runs["early_stopping", 512]
    assert (len(stopped.loss), stopped.kept_epoch) == (42, 37)
    says("how_many_images", "82.0% of new ones right", "4,000 pictures 85.4%")
    more = runs["more_data", 512].result("val_accuracy")
    assert round(more, 3) == 0.854
    assert more > max(runs[remedy, 512].result("val_accuracy") for remedy in ("dropout", "l2", "early_stopping"))


def test_batches_and_what_is_left_over():
    says("epoch", "7,200 images and batches of 128", "57 steps: 56 full batches, and one of 32 images")
    assert divmod(RECIPES["simple_cnn"].run.training_samples(), 128) == (56, 32)
    says("why_1875", "`60,000 / 32 = 1,875`", "32 is the usual size", "188 batches, the last of them with 16 images")
    assert (60_000 / 32, math.ceil(6_000 / 32), 6_000 % 32) == (1_875, 188, 16)
    assert "default to 32" in Trainer.fit.__doc__


def test_which_samples_keras_takes():
    says("which_samples", "the last ones, before anything is shuffled")
    (kept,), (held_back,) = train_validation_split((np.arange(10),), validation_split=0.2)
    assert (np.array(kept).tolist(), np.array(held_back).tolist()) == ([0, 1, 2, 3, 4, 5, 6, 7], [8, 9])


def test_a_dense_layer_works_on_the_last_axis():
    says("without_flatten", "28x28x10", "`1*10 + 10 = 20` weights", "7,850 weights")
    layer, flat = keras.layers.Dense(10), keras.layers.Dense(10)
    assert layer.compute_output_shape((None, 28, 28, 1)) == (None, 28, 28, 10)
    layer.build((None, 28, 28, 1))
    flat.build((None, 784))
    assert (layer.count_params(), flat.count_params()) == (20, 7_850)


def test_units_and_steps_of_an_lstm():
    says("units_and_steps", "`4*((32 + 32)*32 + 32) = 8,320` weights, for 10 words and for 100")
    says("return_sequences", "32 units, 32 numbers", "40 words and 32 units are 40x32 numbers")
    for length in (10, 100):
        layer = keras.layers.LSTM(32)
        layer.build((None, length, 32))
        assert layer.count_params() == 8_320
    shapes = [
        keras.layers.LSTM(32, return_sequences=all_steps).compute_output_shape((None, 40, 32))
        for all_steps in (False, True)
    ]
    assert shapes == [(None, 32), (None, 40, 32)]


def test_keras_does_not_turn_the_kernel():
    says("really_convolution", "Keras, PyTorch and LayerLab do not", "the picture moves to the left")
    image, kernel = np.random.default_rng(0).random((6, 6)).astype(np.float32), np.zeros((3, 3), np.float32)
    kernel[1, 2] = 1
    layer = keras.layers.Conv2D(1, 3, use_bias=False)
    layer.build((None, 6, 6, 1))
    layer.set_weights([kernel[:, :, None, None]])
    given = np.array(layer(image[None, :, :, None]))[0, :, :, 0]
    np.testing.assert_allclose(given, correlate2d(image, kernel, "valid"), atol=1e-6)
    np.testing.assert_allclose(given, image[1:-1, 2:], atol=1e-6)
    np.testing.assert_allclose(convolve2d(image, kernel, "valid"), image[1:-1, :-2], atol=1e-6)


def test_same_puts_the_odd_zero_at_the_end():
    says("even_kernel", "below and on the right", "nothing is added above or on the left")
    layer = keras.layers.Conv2D(1, 2, padding="same", kernel_initializer="ones")
    given = np.array(layer(np.ones((1, 3, 3, 1), np.float32)))[0, :, :, 0]
    assert given.tolist() == [[4, 4, 2], [4, 4, 2], [2, 2, 1]]


def test_dropout_does_nothing_when_the_network_is_used():
    says("dropout_when_used", "Nothing.", "divides the others by the share that stays")
    layer, values = keras.layers.Dropout(0.75, seed=1), np.ones((1, 1_000), np.float32)
    assert np.array(layer(values, training=False)).tolist() == values.tolist()
    assert np.unique(np.array(layer(values, training=True))).tolist() == [0, 4]


def test_the_penalty_is_part_of_the_loss_that_keras_shows():
    says("penalty", "the penalty of large weights is part of the loss, in training and in validation, as in Keras")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L2(0.1))])
    model.compile(loss="mean_squared_error", run_eagerly=True)
    x, y = np.eye(3, dtype=np.float32), np.zeros((3, 1), np.float32)
    weights = model.get_weights()[0]
    shown = model.evaluate(x, y, verbose=0)
    assert shown == pytest.approx(float(np.mean(weights**2) + 0.1 * np.sum(weights**2)), rel=1e-5)


def test_small_sums_and_keras_own_choices():
    says("why_relu", "at most 0.25", "`0.25**6 = 0.00024`")
    assert round(0.25**6, 5) == 0.00024
    says("what_is_a_logit", "2, 1 and 0.1 give the same probabilities as 102, 101 and 100.1", "65.9%, 24.2% and 9.9%")
    assert [f"{share:.1%}" for share in softmax([102, 101, 100.1])] == ["65.9%", "24.2%", "9.9%"]
    says("channels_last", "Keras puts the channels last unless you tell it otherwise")
    assert keras.config.image_data_format() == "channels_last"
    says("learning_rate", "0.001 for Adam")
    assert float(keras.optimizers.Adam().learning_rate) == pytest.approx(0.001)
    says("count_parameters", "`3*3*1*32 + 32 = 320`", "`1600*10 + 10 = 16,010`")
    assert (3 * 3 * 1 * 32 + 32, 1600 * 10 + 10) == (320, 16_010)


def test_the_commonest_digit_is_what_guessing_gets():
    says("stays_at_ten", "The commonest digit, the 1, makes 11.3%.")
    run = BROKEN["rate_10"].a
    counts = class_counts(prepare(run.data, run.training.validation_split).validation, 10)
    assert (int(counts.argmax()), int(counts.max()), int(counts.sum())) == (1, 113, 1_000)


def test_clothes_that_the_ten_units_are_sure_of():
    says("sure_and_wrong", "a picture of a boot a **2**, with 99%", "Of 2,000 pictures of clothes 34 get more than 99%")
    clothes = load("fashion_mnist")
    shares = np.array([softmax_steps(logits_of(x.astype(np.float32) / 255)).probabilities for x in clothes.test.x])
    assert (int((shares.max(axis=1) > 0.99).sum()), len(shares)) == (34, 2_000)
    assert clothes.dataset.class_names[clothes.test.y[191]] == "Ankle boot"
    assert (int(shares[191].argmax()), f"{shares[191].max():.0%}") == (2, "99%")
