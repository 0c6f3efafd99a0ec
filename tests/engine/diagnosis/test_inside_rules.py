"""Each rule on what was watched inside, on points that are written down, at both sides of each of its thresholds."""

import dataclasses
import math

import pytest
from helpers.drawn_runs import drawn, with_inside

from lib.engine.diagnosis.facts import Facts
from lib.engine.diagnosis.hints import hints
from lib.engine.diagnosis.rules import RULES
from lib.engine.diagnosis.so_far import moments
from lib.specs.layers.known import BatchNormalization, Dense, Flatten
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES

MLP = RECIPES["mlp"].run
NAMES = MLP.model.learners
LN10 = math.log(10)
FALLS = [2.0, 1.5, 1.1, 0.8]


def watched(loss=FALLS, spec=MLP, **inside):
    return with_inside(drawn(spec, loss), **inside)


def found(name, run):
    *_, newest = moments(run, Facts())
    return RULES[name](newest)


def with_training(**training):
    return dataclasses.replace(MLP, training=dataclasses.replace(MLP.training, **training))


@pytest.mark.parametrize(
    ("updates", "too_large"),
    [((0.11, 0.12, 0.01), True), ((0.11, 0.1, 0.01), False), ((None, 0.11, 0.2), True), ((None, 0.1, 0.2), False),
     ((None, None, None), False)],
)  # fmt: skip
def test_steps_are_too_large_where_most_layers_are_moved_by_more_than_a_tenth(updates, too_large):
    evidence = found("rate_too_high", watched(update=updates))
    assert (evidence is not None) == too_large
    if evidence:
        largest = max(value for value in updates if value)
        assert (evidence["layer"], evidence["update"]) == (NAMES[updates.index(largest)], largest)
        assert evidence["rate"] == MLP.training.learning_rate


def test_steps_are_too_small_only_where_the_loss_hardly_moves_as_well():
    tiny = (9e-5, 1e-5, 2e-6)
    flat = [2.30, 2.29, 2.29, 2.285]
    evidence = found("rate_too_low", watched(flat, update=tiny))
    assert (evidence["layer"], evidence["update"], evidence["loss"]) == (NAMES[0], 9e-5, 2.285)
    assert found("rate_too_low", watched(flat, update=(1e-4, *tiny[1:]))) is None
    assert found("rate_too_low", watched(update=tiny)) is None  # it falls
    assert found("rate_too_low", watched([0.3] * 4, update=tiny)) is None  # it has learned
    slow = watched(flat, with_training(learning_rate=1e-5))
    assert "update" not in found("rate_too_low", slow)  # a low rate is enough, whatever the steps


@pytest.mark.parametrize(("dead", "samples", "warned"), [(5, 128, True), (4, 128, False), (10, 99, False)])
def test_dead_relus_are_warned_of_from_one_half_on(dead, samples, warned):
    evidence = found("dead_relus", watched(dead=(0, dead, 10), samples=samples))
    if not warned:
        assert evidence is None
        return
    assert (evidence["layer"], evidence["dead"], evidence["units"]) == (NAMES[1], 5, 10)
    assert (evidence["dead_share"], evidence["samples"], evidence["part"]) == (0.5, 128, "validation")


def test_units_that_are_no_relus_are_not_called_dead_relus():
    layers = (Flatten(), Dense(units=10, activation="tanh"), MLP.model.layers[-1])
    spec = dataclasses.replace(MLP, model=ModelSpec((28, 28, 1), layers))
    assert found("dead_relus", watched(spec=spec, dead=(10, 10))) is None


def test_a_gradient_vanishes_below_a_hundredth_of_the_last_one_while_little_is_learned():
    evidence = found("vanishing_gradients", watched([2.3] * 4, gradient=(0.0099, 0.1, 1.0)))
    assert evidence == {
        "layer": NAMES[0], "gradient": 0.0099, "last_layer": NAMES[2], "last_gradient": 1.0, "watched_epoch": 4,
    }  # fmt: skip
    assert found("vanishing_gradients", watched([2.3] * 4, gradient=(0.01, 0.1, 1.0))) is None
    assert found("vanishing_gradients", watched([LN10 / 2 - 0.01] * 4, gradient=(0.001, 0.1, 1.0))) is None
    assert found("vanishing_gradients", watched([2.3] * 4, gradient=(None, None, None))) is None


def test_layers_that_normalise_are_left_out_of_that_comparison():
    layers = (Flatten(), BatchNormalization(), *MLP.model.layers[1:])
    spec = dataclasses.replace(MLP, model=ModelSpec((28, 28, 1), layers))
    assert found("vanishing_gradients", watched([2.3] * 4, spec, gradient=(1e-5, 1.0, 1.0, 1.0))) is None
    assert found("vanishing_gradients", watched([2.3] * 4, spec, gradient=(1.0, 1e-5, 1.0, 1.0)))["layer"] == "dense"


def test_a_gradient_explodes_above_fifty_times_what_knowing_nothing_costs():
    most = 50 * LN10
    evidence = found("exploding_gradients", watched(gradient=(1.0, most + 1, 2.0)))
    assert evidence == {"layer": NAMES[1], "gradient": most + 1, "limit": pytest.approx(most), "watched_epoch": 4}
    assert found("exploding_gradients", watched(gradient=(1.0, most - 1, 2.0))) is None


def test_a_run_whose_inside_nobody_watched_has_none_of_these():
    for name in ("exploding_gradients", "vanishing_gradients", "dead_relus", "rate_too_high"):
        assert found(name, drawn(MLP, FALLS)) is None


def dead_at(epochs, count, status="running", dead=(0, 9, 0)):
    """What is told of a run of so many epochs that was only watched at these, with half-dead units there."""
    run = watched([2.3 - place / 20 for place in range(count)], dead=dead)
    inside = tuple(point for point in run.inside if point.epoch in epochs)
    return [(hint.name, hint.epoch) for hint in hints(dataclasses.replace(run, inside=inside, status=status), Facts())]


def test_what_was_seen_at_one_epoch_is_one_hit_however_many_unwatched_ones_follow():
    assert dead_at([2, 4], 6) == []
    assert dead_at([2, 4, 6], 6) == [("dead_relus", 6)]
    assert dead_at([2, 4, 6], 7) == [("dead_relus", 6)]  # it is told of the epoch at which it was seen


def test_what_was_seen_speaks_for_as_many_epochs_again():
    assert dead_at([1, 2, 3], 6 + 8) == [("dead_relus", 3)]
    assert dead_at([1, 2, 3], 6 + 9) == []  # clear from epoch 7 on


def test_where_fewer_epochs_of_a_run_that_has_ended_were_watched_it_must_be_seen_at_each():
    assert dead_at([3], 4, "done") == [("dead_relus", 3)]
    assert dead_at([3], 4) == []  # two more may come
    alive = dataclasses.replace(watched(dead=(0, 0, 0)), status="done")
    ill = watched(dead=(0, 9, 0)).inside[-1]
    assert hints(dataclasses.replace(alive, inside=(*alive.inside[:1], ill)), Facts()) == ()


def test_what_a_dead_network_does_not_do_is_no_hint_of_its_own():
    run = watched([2.3] * 9, with_training(learning_rate=1e-5), gradient=(0.0, 0.0, 1.0), update=(0.0, 0.0, 1e-5),
                  dead=(10, 10, 0))  # fmt: skip
    assert {name for name in RULES if found(name, run)} >= {"dead_relus", "vanishing_gradients", "rate_too_low"}
    assert [hint.name for hint in hints(run, Facts())] == ["dead_relus"]
