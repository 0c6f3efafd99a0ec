import numpy as np
import pytest
from helpers.claims import answer, experiment, passage

from lib.concepts.flattening import index_of
from lib.concepts.softmax import softmax_steps
from lib.data.loading import load
from lib.figures.base.colours import DIVERGING
from lib.ui.learn.flattening import maps
from lib.ui.learn.flattening.dense import logits_of

PAGE = "flattening"
OWN = np.array([2, 1, 0.1], np.float32)


def probabilities(logits, temperature=1.0):
    return softmax_steps(np.asarray(logits, np.float32), temperature).probabilities


def said(dataset, number):
    return logits_of(load(dataset).test.x[number].astype(np.float32) / 255)


def test_experiment_1_neighbours_of_one_map_are_four_places_apart():
    experiment(PAGE, 1, "**filters** to 4")
    assert maps.KERNELS.shape[3] == 4
    assert index_of(3, 5, 0, (13, 13, 4)) - index_of(3, 4, 0, (13, 13, 4)) == 4


def test_experiment_2_the_units_take_the_first_9_for_a_0_and_other_9s_for_a_9():
    experiment(
        PAGE,
        2,
        "Test image 0 of the bundled digits",
        "is a 9",
        "these units answer 0",
        "choose a 9 that they read well",
    )
    test = load("mnist").test
    assert test.y[0] == 9
    assert said("mnist", 0).argmax() == 0
    nines = np.flatnonzero(test.y == 9)[1:6]
    assert sum(said("mnist", number).argmax() == 9 for number in nines) >= 4


def test_experiment_3_trousers_are_mostly_a_3_to_the_units_which_are_less_sure_than_of_a_digit():
    experiment(
        PAGE,
        3,
        "**Trouser**",
        "until the units see two different digits",
        "a real digit that they read well: how much surer",
    )
    trousers = [said("fashion_mnist", number) for number in np.flatnonzero(load("fashion_mnist").test.y == 1)]
    assert np.bincount([logits.argmax() for logits in trousers]).argmax() == 3
    digits = [said("mnist", number) for number in range(200)]
    sure = [np.median([probabilities(logits).max() for logits in each]) for each in (trousers, digits)]
    assert sure[0] < 0.5 < 0.9 < sure[1]


def test_experiment_4_adding_changes_nothing_and_multiplying_is_a_low_temperature():
    experiment(PAGE, 4, "`2, 1, 0.1`", "Add 100 to each", "multiply each by 10")
    np.testing.assert_allclose(probabilities(OWN + 100), probabilities(OWN), atol=1e-5)
    np.testing.assert_allclose(probabilities(OWN * 10), probabilities(OWN, 0.1), atol=1e-6)
    assert probabilities(OWN * 10)[0] > 0.99 > 0.7 > probabilities(OWN)[0]


def test_answer_1_only_differences_count():
    answer(PAGE, 1, "73% and 27%", "leaves 0 and -1 both times", right=True)
    assert probabilities([1, 0]).round(2).tolist() == probabilities([101, 100]).round(2).tolist()
    assert probabilities([1, 0])[0] == pytest.approx(0.73, abs=0.005)
    assert softmax_steps(np.array([101, 100], np.float32)).shifted.tolist() == [0, -1]


def test_answer_2_a_hundred_times_the_difference_would_be_sure():
    answer(PAGE, 2, "practically 100% and 0%", "100 and 0")
    assert probabilities([100, 0])[0] > 0.9999


def test_answer_3_the_first_is_e_times_as_likely():
    answer(PAGE, 3, "50% and 50%", "1% of their size", "e = 2.718 times as likely")
    first, second = probabilities([101, 100])
    assert first / second == pytest.approx(2.718, abs=1e-3)


def test_the_units_are_right_as_often_as_the_lesson_says():
    passage(
        "flattening.dense",
        "8,000 MNIST digits, and are right for 91.9% of 2,000 others",
        "red speaks for",
        "blue against",
    )
    mnist = load("mnist")
    assert (len(mnist.train), len(mnist.test)) == (8_000, 2_000)
    right = np.mean([said("mnist", number).argmax() == label for number, label in enumerate(mnist.test.y)])
    assert right == pytest.approx(0.919, abs=6e-4)
    lowest, highest = (tuple(bytes.fromhex(colour[1:])) for _, colour in (DIVERGING[0], DIVERGING[-1]))
    assert lowest[2] > lowest[0]
    assert highest[0] > highest[2]


def test_digits_fill_20_of_28_pixels():
    passage("flattening.title", "about 20 of the 28 pixels tall")
    inked = load("mnist").train.x[:1_000, :, :, 0] > 0
    tall = [np.ptp(np.flatnonzero(each.any(axis=1))) + 1 for each in inked]
    wide = [np.ptp(np.flatnonzero(each.any(axis=0))) + 1 for each in inked]
    assert np.median(np.maximum(tall, wide)) == 20
