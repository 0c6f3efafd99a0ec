"""What a sweep varies: which values, which combinations, and what it refuses."""

import dataclasses

import pytest

from lib.specs import combining, sweeping
from lib.specs.codec import from_query
from lib.specs.fields import SpecError
from lib.specs.one_change import applied
from lib.specs.recipes import RECIPES
from lib.specs.sweeping import Range, Several

RUN = from_query({"dataset": "mnist", "layers": "Conv2D(filters=8);Flatten;Dropout;Dense(units=10,activation=softmax)"})
RATES = Range("learning_rate", 0.0001, 0.1, 4)
FILTERS = Range("conv2d.filters", 4, 16, 3)


def values(specs, *varied):
    return [tuple(combining.taken(RUN, spec, varied).values()) for spec in specs]


def test_a_grid_has_every_combination_once_and_rates_are_spread_by_factors():
    found = combining.grid(RUN, (RATES, FILTERS))
    rates, filters = (0.0001, 0.001, 0.01, 0.1), (4, 8, 16)
    assert values(found.specs, RATES, FILTERS) == [(rate, count) for rate in rates for count in filters]
    assert combining.grid_size(RUN, (RATES, FILTERS)) == 12
    assert found.left_out == 0
    untouched = dataclasses.replace(found.specs[5], training=RUN.training)
    assert applied(untouched, "conv2d.filters", 8) == RUN


def test_a_number_with_few_steps_is_spread_evenly_and_whole_numbers_stay_whole():
    assert sweeping.values_of(RUN, Range("dropout.rate", 0.0, 0.5, 3)) == (0.0, 0.25, 0.5)
    assert sweeping.values_of(RUN, Range("conv2d.kernel_size", 1, 3, 8)) == (1, 2, 3)
    assert sweeping.values_of(RUN, Range("l2", 0.0, 0.1, 3)) == (0.0, 0.05, 0.1)  # no factor leads away from 0


def test_draws_are_the_same_each_time_lie_in_their_range_and_are_all_different():
    varied = (RATES, FILTERS, Several("optimizer", ("adam", "sgd")))
    found = combining.drawn.__wrapped__(RUN, varied, 40, 3)
    assert combining.drawn.__wrapped__(RUN, varied, 40, 3) == found
    assert combining.drawn.__wrapped__(RUN, varied, 10, 3).specs == found.specs[:10]
    assert combining.drawn.__wrapped__(RUN, varied, 40, 4) != found
    drawn = values(found.specs, *varied)
    assert len(set(drawn)) == 40
    assert all(0.0001 <= rate <= 0.1 and 4 <= filters <= 16 for rate, filters, _ in drawn)
    assert all(isinstance(filters, int) for _, filters, _ in drawn)
    assert {optimizer for *_, optimizer in drawn} == {"adam", "sgd"}
    assert 10 <= sum(rate < 0.00316 for rate, *_ in drawn) <= 30  # half of a range of factors, not a thirtieth


def test_a_small_space_is_drawn_until_nothing_new_is_left():
    varied = (Several("optimizer", ("adam", "sgd")), Range("conv2d.kernel_size", 2, 3))
    assert len(combining.drawn(RUN, varied, 30, 1).specs) == 4
    assert combining.most_different(RUN, varied) == 4
    assert combining.most_different(RUN, (RATES,)) is None


def test_what_cannot_be_trained_is_left_out_and_told():
    small = from_query(
        {"dataset": "mnist", "layers": "Conv2D;MaxPooling2D(pool_size=5,strides=3);Conv2D;Flatten;Dense(units=10)"}
    )
    varied = (Range("conv2d_1.kernel_size", 3, 11, 5), Range("conv2d.kernel_size", 3, 9, 2))
    found = combining.grid(small, varied)
    whole = [applied(applied(small, "conv2d_1.kernel_size", one), "conv2d.kernel_size", other)
             for one in (3, 5, 7, 9, 11) for other in (3, 9)]  # fmt: skip
    assert list(found.specs) == [spec for spec in whole if not spec.mismatch]
    assert found.left_out == sum(bool(spec.mismatch) for spec in whole) > 0
    assert found.why == next(spec.mismatch for spec in whole if spec.mismatch)


def test_a_setting_that_the_optimizer_does_not_take_makes_no_second_training():
    run = applied(RUN, "optimizer", "sgd")
    found = combining.grid(run, (Several("optimizer", ("adam", "sgd")), Range("momentum", 0.0, 0.9, 3)))
    assert len(found.specs) == 4  # Adam once, SGD with three momenta


def test_a_network_is_tried_with_a_layer_and_without_it():
    there, rates = Several("with.dropout", (False, True)), Range("dropout.rate", 0.2, 0.6, 3)
    found = combining.grid(RUN, (there, rates, FILTERS))
    without = [spec for spec in found.specs if len(spec.model.layers) == 3]
    assert values(without, there, rates, FILTERS) == [(False, 0.5, 4), (False, 0.5, 8), (False, 0.5, 16)]
    assert [[layer.kind for layer in spec.model.layers] for spec in without] == [["Conv2D", "Flatten", "Dense"]] * 3
    rest = [(True, rate, filters) for rate in (0.2, 0.4, 0.6) for filters in (4, 8, 16)]
    assert values(found.specs[3:], there, rates, FILTERS) == rest
    assert combining.what_is_trained(without[1]) == combining.what_is_trained(applied(RUN, "remove.dropout"))
    assert found.left_out == 0


def test_a_layer_that_is_left_out_gives_its_name_to_no_other_one():
    run = from_query({"dataset": "mnist", "layers": "Flatten;Dense(units=64);Dense(units=32);Dense(units=10)"})
    varied = (
        *(Several(f"with.{name}", (False, True)) for name in ("dense", "dense_1")),
        Range("dense_1.units", 8, 32, 2),
    )
    found = combining.grid(run, varied)
    units = [[layer.units for layer in spec.model.layers[1:]] for spec in found.specs]
    assert units == [[10], [8, 10], [32, 10], [64, 10], [64, 8, 10], [64, 32, 10]]
    read = [tuple(combining.taken(run, spec, varied).values()) for spec in found.specs]
    assert read[2:] == [(False, True, 32), (True, False, 32), (True, True, 8), (True, True, 32)]
    again = [combining.combined(run, combining.taken(run, spec, varied)) for spec in found.specs]
    assert again == list(found.specs)


def test_only_layers_without_which_a_network_can_be_trained_are_switched():
    assert sweeping.can_vary(RUN)[-2:] == ("with.conv2d", "with.dropout")
    both = (Several("with.conv2d", (False, True)), Several("with.dropout", (False, True)))
    assert [len(spec.model.layers) for spec in combining.grid(RUN, both).specs] == [2, 3, 3, 4]
    assert combining.most_different(RUN, both) == 4
    assert sweeping.from_text(RUN, "with.dropout:true:false") == (Several("with.dropout", (True, False)),)
    assert "with.flatten" in sweeping.problem(RUN, (Several("with.flatten", (False, True)),))


@pytest.mark.parametrize(
    ("varied", "said"),
    [
        ((), "1 to 4 settings, not 0"),
        ((RATES,) * 5, "1 to 4 settings, not 5"),
        ((RATES, RATES), "varied once"),
        ((Range("learning_rate", 0.1, 0.1),), "The range of learning_rate is empty"),
        ((Range("learning_rate", 0.1, 0.01),), "The range of learning_rate is empty"),
        ((Range("learning_rate", 0.1, 100.0),), "learning_rate must be a number from 1e-06 to 10, not 100.0"),
        ((Range("learning_rate", 0.1, float("nan")),), "learning_rate must be a number"),
        ((Range("learning_rate", 0.001, 0.1, 9),), "the count of values of learning_rate must be a whole number"),
        ((Range("conv2d.filters", 1.5, 8),), "filters must be a whole number"),
        ((Range("optimizer", 0, 1),), "optimizer has values to choose from"),
        ((Several("learning_rate", (0.1, 0.2)),), "learning_rate has a range"),
        ((Several("optimizer", ("adam",)),), "optimizer has only one value"),
        ((Several("optimizer", ("adam", "best")),), "optimizer must be one of"),
        ((Range("validation_split", 0.1, 0.3),), "no setting of this network that a sweep can vary"),
        ((Several("spoiled", ("none", "shuffled_labels")),), "no setting of this network that a sweep can vary"),
        ((Range("samples", 500, 900),), "no setting of this network"),
        ((Several("add.Dropout", (False, True)),), "no setting of this network"),
        ((Range("dense_7.units", 4, 8),), "no setting of this network"),
        ((Range("dense.units", 4, 20),), "no setting of this network"),
    ],
)
def test_what_cannot_be_varied_is_refused_with_a_sentence(varied, said):
    assert said in sweeping.problem(RUN, varied)


def test_where_a_number_is_predicted_penalties_are_not_varied():
    number = from_query({"dataset": "points", "points_kind": "regression_plane", "loss": "mean_squared_error",
                         "layers": "Dense(units=1,activation=linear)"})  # fmt: skip
    assert "l2" in sweeping.can_vary(RUN)
    assert "l2" not in sweeping.can_vary(number)


def test_each_setting_of_each_recipe_has_a_suggestion_that_can_be_varied_and_is_read_as_it_was_written():
    for recipe in RECIPES.values():
        for change in sweeping.can_vary(recipe.run):
            varied = (sweeping.suggested(recipe.run, change),)
            assert sweeping.problem(recipe.run, varied) == "", change
            assert sweeping.from_text(recipe.run, sweeping.to_text(varied)) == varied
            assert sweeping.from_plain(sweeping.to_plain(varied)) == varied


@pytest.mark.parametrize(
    "text",
    ["", ";", ":", "learning_rate", "learning_rate:a:b", "learning_rate:inf:nan", "learning_rate:0.1:0.2:99",
     "nothing:1:2", "optimizer:adam", "optimizer:adam:sgd:" * 50, "x" * 9_000, "learning_rate:0.1:0.2;" * 9,
     "conv2d.filters:4:99999999999999999999999", "learning_rate:0.1:0.2:true"],
)  # fmt: skip
def test_junk_in_an_address_is_refused(text):
    with pytest.raises(SpecError):
        sweeping.from_text(RUN, text)
