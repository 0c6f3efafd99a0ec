"""When hints appear and leave, and which of them are left out."""

import dataclasses
import math

import pytest
from helpers.drawn_runs import drawn

from lib.engine.diagnosis.cures import CURES_FOR
from lib.engine.diagnosis.facts import Facts, facts_of
from lib.engine.diagnosis.hints import AT_ONCE, EXPLAINED_BY, hints
from lib.engine.diagnosis.rules import RULES
from lib.specs.recipes import RECIPES

DIGITS = RECIPES["mlp"].run
RAW = dataclasses.replace(DIGITS, data=dataclasses.replace(DIGITS.data, scaling="raw"))
LN10 = math.log(10)


def names(run, facts=None):
    return [hint.name for hint in hints(run, facts if facts is not None else facts_of(run.spec.data))]


def test_every_rule_has_its_place_in_the_tables():
    assert list(CURES_FOR) == list(RULES)
    mentioned = {*AT_ONCE, *EXPLAINED_BY, *(name for others in EXPLAINED_BY.values() for name in others)}
    assert mentioned <= set(RULES)


def test_a_hint_needs_three_hits_to_appear():
    falling, rising = [1.0, 0.9, 0.8, 0.7], [1.0, 1.6, 1.6, 1.6]
    assert names(drawn(DIGITS, falling[:3], val_loss=rising[:3], epochs=10)) == []
    (hint,) = hints(drawn(DIGITS, falling, val_loss=rising, epochs=10), Facts())
    assert (hint.name, hint.epoch) == ("overfitting", 4)


def test_hits_need_not_follow_on_each_other():
    falling = [1 - place / 20 for place in range(8)]
    now_and_then = [1.0, 1.6, 1.1, 1.6, 1.1, 1.0, 1.1, 1.6]
    assert names(drawn(DIGITS, falling, val_loss=now_and_then)) == ["overfitting"]


@pytest.mark.parametrize(("clear", "there"), [(8, ["overfitting"]), (9, [])])
def test_a_hint_leaves_after_nine_clear_epochs(clear, there):
    losses = [1 - place / 50 for place in range(4 + clear)]
    validation = [1.0, 1.6, 1.6, 1.6] + [0.9] * clear
    assert names(drawn(DIGITS, losses, val_loss=validation)) == there


def test_two_hits_that_are_forgotten_do_not_count_later():
    losses = [1 - place / 50 for place in range(13)]
    validation = [1.0, 1.6, 1.6] + [1.0] * 9 + [1.6]
    assert names(drawn(DIGITS, losses, val_loss=validation)) == []
    assert names(drawn(DIGITS, losses[:-1], val_loss=validation[:2] + validation[2:3] + [1.0] * 8 + [1.6])) != []


def test_a_training_that_has_diverged_is_told_at_once():
    assert names(drawn(DIGITS, [9.0], first=LN10, epochs=10)) == ["diverged"]


def test_a_run_lost_before_its_first_epoch_is_told_with_what_may_be_the_reason():
    run = drawn(RAW, [], first=90.0, epochs=10)
    lost = dataclasses.replace(run, batch_curve=dataclasses.replace(run.batch_curve, loss=(90.0, math.nan)), epoch=1)
    assert [(hint.name, hint.epoch) for hint in hints(lost, facts_of(RAW.data))] == [
        ("diverged", 1), ("unscaled_input", 1),
    ]  # fmt: skip
    assert names(run) == []


def test_an_epoch_whose_validation_loss_is_no_number_breaks_nothing():
    assert names(drawn(DIGITS, [1.0] * 5, [0.7] * 5, val_loss=[math.nan] * 5, val_accuracy=[0.7] * 5)) == []
    falling = [1.0, 0.9, 0.8, 0.7, 0.6]
    assert names(drawn(DIGITS, falling, val_loss=[math.nan, 1.0, 1.6, 1.6, 1.6])) == ["overfitting"]


@pytest.mark.parametrize("epochs", [1, 2])
def test_of_a_short_run_only_what_its_data_say_is_told(epochs):
    stuck = [LN10] * epochs
    assert names(drawn(RAW, stuck, [0.1] * epochs, stuck, [0.1] * epochs)) == ["unscaled_input"]
    assert names(drawn(DIGITS, stuck, [0.1] * epochs, stuck, [0.1] * epochs)) == []
    assert names(drawn(RAW, [LN10], [0.1], epochs=10)) == []  # it is to have ten: wait for three


def test_a_hint_that_another_one_explains_is_left_out():
    stuck = [LN10 + place / 1_000 for place in range(6)]
    assert names(drawn(DIGITS, stuck, [0.1] * 6, epochs=10)) == ["not_learning"]
    slow = dataclasses.replace(DIGITS, training=dataclasses.replace(DIGITS.training, learning_rate=1e-6))
    assert names(drawn(slow, stuck, [0.1] * 6, epochs=10)) == ["rate_too_low"]


def test_what_the_newest_hit_found_is_the_evidence():
    falling = [1.0, 0.9, 0.8, 0.7, 0.6]
    (hint,) = hints(drawn(DIGITS, falling, val_loss=[1.0, 1.6, 1.7, 1.8, 1.9]), Facts())
    assert hint.epoch == 5
    assert hint.evidence["val_loss"] == 1.9


def test_a_healthy_curve_raises_nothing():
    losses = [LN10 * 0.7**place for place in range(12)]
    right = [1 - 0.6 * 0.7**place for place in range(12)]
    assert names(drawn(DIGITS, losses, right, losses, right)) == []


def test_nothing_is_said_before_the_first_epoch():
    assert names(drawn(DIGITS, [], first=LN10, epochs=10)) == []
