"""Each network that is broken on purpose is trained, and does what its passage says."""

from dataclasses import replace
from functools import cache

import keras
import numpy as np
import pytest
from helpers.claims import passage

from lib import events
from lib.engine.experiments.plan import Guess, Plan
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


def hidden(run, layer):
    """What a layer gives for the validation images."""
    model, data, _ = trained(run)
    before = keras.Model(model.inputs, model.get_layer(layer).output)
    return before.predict(data.scaling.apply(data.validation.x), verbose=0)


@pytest.mark.parametrize("name", BROKEN)
def test_each_pair_can_be_started_and_differs_in_one_thing(name):
    broken = BROKEN[name]
    assert broken.name == name
    assert Plan(broken.a, broken.b, 5, Guess("a")).problem(Settings.from_environment()) == ""
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
    passage("break_it.zero_weights_answer", "never gets beyond guessing", "the kernels stay at 0 for ever")
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
    answers = model.predict(data.scaling.apply(data.test.x), verbose=0).argmax(axis=1)
    print(f"on the test part: {np.mean(answers == data.test.y):.3f}")
    assert np.mean(answers == data.test.y) < 0.6


def test_a_tower_of_sigmoids_learns_with_batch_normalization_only():
    passage("break_it.sigmoid_tower_answer", "A stays near one in ten; B gets more than eight", "nearly alike")
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
