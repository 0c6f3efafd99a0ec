import dataclasses

import pytest

from lib.engine.estimate import MOST_TIMES, REMEMBERED, Estimator, epoch_seconds
from lib.engine.runs.snapshot import EpochPoint, RunSnapshot
from lib.specs.layers.known import LSTM
from lib.specs.recipes import RECIPES

CNN = RECIPES["simple_cnn"].run
POINTS = RECIPES["points_circle"].run
SENTENCES = RECIPES["text_lstm_small"].run


def trained(spec, *seconds):
    """A run whose epochs took so long."""
    points = tuple(EpochPoint(i, 0.5, 0.5, None, None, each, 0.001) for i, each in enumerate(seconds, start=1))
    return RunSnapshot("0" * 16, "ann", "title", spec, "running", epoch_points=points)


def learnt(*runs):
    estimator = Estimator()
    for run in runs:
        estimator.learn(run)
    return estimator


@pytest.mark.parametrize("seconds", [0.001, 0.5, 30.0, 3_600.0])
def test_short_runs_on_points_teach_nothing_about_images(seconds):
    before = Estimator().seconds(CNN)
    assert learnt(*[trained(POINTS, seconds)] * 20).seconds(CNN) == before
    assert 5 < before < 60


def test_one_bad_epoch_does_not_change_the_estimate():
    usual = [trained(CNN, epoch_seconds(CNN) * 2)] * 4
    before = learnt(*usual).seconds(CNN)
    assert learnt(*usual, trained(CNN, 3_600.0)).seconds(CNN) == pytest.approx(before)


def test_a_slower_machine_is_learnt_and_forgotten_again():
    slow, fast = ([trained(CNN, epoch_seconds(CNN) * times)] * REMEMBERED for times in (5, 1))
    plain = Estimator().seconds(CNN)
    assert learnt(*slow).seconds(CNN) > 4 * plain
    assert learnt(*slow, *fast).seconds(CNN) == pytest.approx(plain)


def test_no_machine_is_taken_to_be_absurdly_slow():
    assert learnt(trained(CNN, 10**6)).seconds(CNN) <= (MOST_TIMES + 0.1) * Estimator().seconds(CNN)


def test_a_recurrent_layer_costs_its_steps_one_after_the_other():
    longer = dataclasses.replace(SENTENCES, data=dataclasses.replace(SENTENCES.data, length=200))
    longer = dataclasses.replace(longer, model=dataclasses.replace(longer.model, input_shape=(200,)))
    assert epoch_seconds(longer) > 1.5 * epoch_seconds(SENTENCES)
    both_ways = tuple(
        dataclasses.replace(layer, bidirectional=True) if isinstance(layer, LSTM) else layer
        for layer in SENTENCES.model.layers
    )
    twice = dataclasses.replace(SENTENCES, model=dataclasses.replace(SENTENCES.model, layers=both_ways))
    assert epoch_seconds(twice) > 1.5 * epoch_seconds(SENTENCES)


# Seconds of the whole training as README reports them from 2 cores, rounded.
@pytest.mark.parametrize(
    ("recipe", "measured"), [("simple_cnn", 12), ("deeper_cnn", 16), ("cifar10_cnn", 19), ("text_lstm", 19)]
)
def test_the_first_estimate_is_right_within_a_factor_of_three(recipe, measured):
    assert measured / 3 < Estimator().seconds(RECIPES[recipe].run) < measured * 3


def test_a_compiled_training_is_expected_to_need_less_for_each_batch():
    short = dataclasses.replace(POINTS, training=dataclasses.replace(POINTS.training, epochs=8))
    assert POINTS.compiles
    assert not short.compiles
    assert epoch_seconds(POINTS) < epoch_seconds(short) / 2
