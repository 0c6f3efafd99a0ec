"""Each network that is broken on purpose is trained, and does what its passage says."""

from dataclasses import replace
from functools import cache

import keras
import numpy as np
import pytest
from helpers.claims import passage

from lib import events
from lib.engine.experiments.comparison import ComparisonPlan, Guess
from lib.settings import Settings
from lib.specs.broken import BROKEN, matching
from lib.specs.differences import difference
from lib.specs.one_change import applied
from lib.worker.control import Control
from lib.worker.train import Training

pytestmark = pytest.mark.slow
GUESSING = 0.15
"""Validation accuracy below which ten classes are guessed."""


@cache
def trained(run):
    """Its model, what it was trained with, and the events of its epochs."""
    told = []
    training = Training(run, Control(run.training.epochs, run.training.learning_rate), told.append, lambda _: None)
    training.fit()
    return training.model, training.data, [event for event in told if isinstance(event, events.Epoch)]


def last(run):
    return trained(run)[2][-1]


def both(name):
    """The last epochs of A and of B, as they go into README's table."""
    a, b = (last(run) for run in (BROKEN[name].a, BROKEN[name].b))
    print(f"{name}: A {a.val_accuracy:.3f} (training {a.accuracy:.3f}), B {b.val_accuracy:.3f} ({b.accuracy:.3f})")
    return a, b


def on_test(run):
    """Share of the test part that it gets right."""
    model, data, _ = trained(run)
    answers = model.predict(data.scaling.apply(data.test.x[:]), verbose=0).argmax(axis=1)
    print(f"on the test part: {np.mean(answers == data.test.y):.3f}")
    return float(np.mean(answers == data.test.y))


def hidden(run, layer):
    """What a layer gives for the validation images."""
    model, data, _ = trained(run)
    before = keras.Model(model.inputs, model.get_layer(layer).output)
    return before.predict(data.scaling.apply(data.validation.x), verbose=0)


@pytest.mark.parametrize("name", BROKEN)
def test_each_pair_can_be_started_and_differs_in_one_thing(name):
    broken = BROKEN[name]
    assert broken.name == name
    assert ComparisonPlan(broken.a, broken.b, 5, Guess("a")).problem(Settings.from_environment()) == ""
    assert len(difference(broken.a, broken.b)) == 1
    seeded = [replace(run, training=replace(run.training, seed=9)) for run in (broken.a, broken.b)]
    assert matching(*seeded) is broken
    assert matching(seeded[1], seeded[0]) is None
    assert matching(applied(broken.a, "batch_size", 64), broken.b) is None


def test_at_rate_10_nothing_is_learned_and_most_units_are_dead():
    passage("break_it.rate_10_answer", "more than eight", "stays near one in ten", "smaller than 0.4",
            "hundreds or thousands in its first epoch", "most units with relu give 0")  # fmt: skip
    a, b = both("rate_10")
    assert a.val_accuracy > 0.8
    assert b.val_accuracy < GUESSING
    assert trained(BROKEN["rate_10"].b)[2][0].loss > 100
    dead = (hidden(BROKEN["rate_10"].b, "dense") == 0).all(axis=0)
    assert dead.mean() > 0.5
    first = keras.initializers.GlorotUniform(seed=1)
    assert max(np.abs(first(shape)).max() for shape in ((784, 32), (32, 10))) < 0.4


def test_zero_weights_stay_zero_and_every_image_gets_the_same_answer():
    passage("break_it.zero_weights_answer", "never gets beyond guessing", "The kernels stay at 0 for ever")
    a, b = both("zero_weights")
    assert a.val_accuracy > 0.8
    assert b.val_accuracy < GUESSING
    model = trained(BROKEN["zero_weights"].b)[0]
    assert all(not np.any(model.get_layer(name).kernel) for name in ("dense", "dense_1"))
    assert np.any(model.get_layer("dense_1").bias)
    assert len(np.unique(hidden(BROKEN["zero_weights"].b, "dense_1"), axis=0)) == 1


def test_ten_images_are_learned_by_heart():
    passage("break_it.ten_images_answer", "Both get all their training images right", "about nine of ten", "25,000")
    a, b = both("ten_images")
    assert a.accuracy == b.accuracy == 1
    assert a.val_accuracy == pytest.approx(0.9, abs=0.03)
    model, data, _ = trained(BROKEN["ten_images"].b)
    assert sorted(data.train.y) == sorted(data.validation.y) == list(range(10))
    assert model.count_params() == pytest.approx(25_000, rel=0.03)
    assert on_test(BROKEN["ten_images"].b) < 0.6


def test_a_tower_of_sigmoids_learns_with_batch_normalization_only():
    passage("break_it.sigmoid_tower_answer", "A stays near one in ten. B gets more than eight", "nearly alike")
    a, b = both("sigmoid_tower")
    assert a.val_accuracy < GUESSING
    assert b.val_accuracy > 0.8
    spread = hidden(BROKEN["sigmoid_tower"].a, "dense_5").std(axis=0).max()
    assert spread < 0.02 < 0.1 < hidden(BROKEN["sigmoid_tower"].b, "dense_5").std(axis=0).min()


def test_unscaled_pixels_make_the_usual_rate_far_too_high():
    passage("break_it.raw_pixels_answer", "stays near one in ten", "units give 0 for every image",
            "With Adam", "B would learn, but still less than A")  # fmt: skip
    broken = BROKEN["raw_pixels"]
    a, b = both("raw_pixels")
    assert a.val_accuracy > 0.8
    assert b.val_accuracy < GUESSING
    assert not hidden(broken.b, "dense").any()
    with_adam = replace(broken.b, training=replace(broken.b.training, optimizer="adam", learning_rate=0.001))
    assert 0.3 < last(with_adam).val_accuracy < a.val_accuracy - 0.1


def test_dropout_of_nearly_all_units_leaves_more_to_validation_than_to_training():
    passage("break_it.dropout_95_answer", "B learns far less", "**higher** than the training accuracy")
    a, b = both("dropout_95")
    assert a.val_accuracy > 0.8
    assert b.val_accuracy < 0.6
    assert b.val_accuracy > b.accuracy + 0.1


def test_a_dense_network_does_not_mind_shuffled_pixels_and_a_convolutional_one_falls_below_it():
    passage("break_it.shuffled_pixels_dense_answer", "B gets as many digits right as A")
    passage("break_it.shuffled_pixels_cnn_question", "about 85 of 100 right on either kind")
    passage("break_it.shuffled_pixels_cnn_answer", "A gets about nine of ten digits right, B fewer than eight")
    plain, dense = both("shuffled_pixels_dense")
    assert plain.val_accuracy == pytest.approx(0.85, abs=0.03)
    assert dense.val_accuracy == pytest.approx(plain.val_accuracy, abs=0.03)
    a, b = both("shuffled_pixels_cnn")
    assert a.val_accuracy == pytest.approx(0.9, abs=0.03)
    assert b.val_accuracy < min(0.8, dense.val_accuracy)


def test_shuffled_labels_are_learned_by_heart_and_say_nothing_of_other_images():
    passage("break_it.shuffled_labels_answer", "more than nine of ten training images right", "no better than guessing",
            "100,000 weights for 1,000 images", "climbs far above that of guessing")  # fmt: skip
    a, b = both("shuffled_labels")
    assert a.val_accuracy > 0.85
    assert b.accuracy > 0.9
    assert b.val_accuracy < GUESSING
    assert b.val_loss > 1.5 * np.log(10)
    model, data, _ = trained(BROKEN["shuffled_labels"].b)
    assert (model.count_params(), len(data.train)) == (pytest.approx(100_000, rel=0.03), 1_000)


def test_a_leak_makes_the_validation_figures_better_and_nothing_else():
    passage("break_it.leaked_answer", "it gets every validation image right, A nine of ten", "about as many right")
    a, b = both("leaked")
    assert a.val_accuracy == pytest.approx(0.9, abs=0.03)
    assert b.val_accuracy > 0.995
    shares = [on_test(run) for run in (BROKEN["leaked"].a, BROKEN["leaked"].b)]
    assert shares[0] == pytest.approx(shares[1], abs=0.015)
    assert shares[1] < b.val_accuracy - 0.05


def test_a_second_softmax_makes_gradients_small_and_a_perfect_answer_costly():
    passage("break_it.softmax_twice_answer", "about half of the digits right, A more than eight", "ln(1 + 9/e) = 1.46",
            "Keras on TensorFlow notices the softmax, warns")  # fmt: skip
    a, b = both("softmax_twice")
    assert a.val_accuracy > 0.8
    assert 0.3 < b.val_accuracy < 0.7
    perfect = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(np.arange(10), np.eye(10))
    assert float(perfect) == pytest.approx(np.log(1 + 9 / np.e), abs=1e-4)
    assert b.loss > float(perfect) > a.loss


def test_a_class_that_is_left_out_is_never_said():
    passage("break_it.left_out_answer", "gets every 4 wrong", "most of the other digits as right", "mostly says 9")
    both("left_out")
    said = []
    for run in (BROKEN["left_out"].a, BROKEN["left_out"].b):
        model, data, _ = trained(run)
        said.append(model.predict(data.scaling.apply(data.test.x), verbose=0).argmax(axis=1))
    true = trained(BROKEN["left_out"].b)[1].test.y
    assert 4 not in said[1]
    assert np.bincount(said[1][true == 4]).argmax() == 9
    others = [np.mean(each[true != 4] == true[true != 4]) for each in said]
    assert others[0] == pytest.approx(others[1], abs=0.03)


def test_the_last_tenth_of_sorted_data_is_a_class_that_was_never_trained():
    passage("break_it.last_tenth_answer", "almost none of its validation images right",
            "the 9 (and five images of an 8)", "gets eight of ten right")  # fmt: skip
    a, b = both("last_tenth")
    assert a.val_accuracy > 0.85
    assert b.val_accuracy < 0.1
    _, data, _ = trained(BROKEN["last_tenth"].b)
    assert np.count_nonzero(data.validation.y == 8) == 5
    assert set(data.validation.y) == {8, 9}
    assert 9 not in data.train.y
    assert on_test(BROKEN["last_tenth"].b) == pytest.approx(0.8, abs=0.05)


def test_keras_on_tensorflow_takes_the_scores_from_before_a_softmax_and_says_so():
    """What the passage says of Keras; `TakenLiterally` in lib/worker/build.py is no longer needed when this fails."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="softmax")])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), run_eagerly=True)
    x, y = np.ones((2, 3), np.float32), np.array([0, 3])
    honest = keras.losses.SparseCategoricalCrossentropy()(y, model.predict(x, verbose=0))
    with pytest.warns(UserWarning, match="from_logits=True"):
        assert model.train_on_batch(x, y) == pytest.approx(float(honest), rel=1e-5)
