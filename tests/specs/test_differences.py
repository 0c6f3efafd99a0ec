"""What differs between runs, as columns of a table and in words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.specs.codec import from_query, to_query
from lib.specs.differences import difference, differences, flat, in_words
from lib.specs.fields import rules
from lib.specs.one_change import applied, changes
from lib.specs.recipes import RECIPES
from lib.specs.start import Start

RUN = RECIPES["mlp"].run


def with_training(run=RUN, **changes):
    return replace(run, training=replace(run.training, **changes))


def test_equal_runs_have_no_columns_and_each_run_has_a_row():
    assert differences([RUN, RUN, RUN]) == ((), ((), (), ()))
    assert differences([RUN]) == ((), ((),))
    assert differences([]) == ((), ())


def test_a_column_for_each_setting_that_is_not_equal_in_all_runs():
    runs = [RUN, with_training(seed=2), with_training(seed=2, batch_size=64)]
    names, values = differences(runs)
    assert names == ("batch_size", "seed")
    assert values == ((32, 1), (32, 2), (64, 2))


def test_layers_are_one_column_in_the_words_of_the_address():
    other = from_query({"dataset": "mnist", "layers": "Flatten;Dense(units=10,activation=softmax)"})
    ((name, before, after),) = difference(replace(RUN, model=other.model), RUN)
    assert (name, before) == ("layers", "Flatten;Dense(units=10,activation=softmax)")
    assert after.startswith("Flatten;Dense;Dense(units=64)")


def test_a_setting_that_has_no_effect_is_no_difference():
    assert difference(RUN, with_training(momentum=0.5)) == []
    assert difference(RUN, replace(RUN, data=replace(RUN.data, noise=20))) == []
    assert difference(RUN, with_training(watch_inside="on")) == []  # it changes no number
    assert difference(with_training(optimizer="sgd"), with_training(optimizer="sgd", momentum=0.5)) == [
        ("momentum", 0.0, 0.5)
    ]


def test_spoiled_images_are_a_difference_and_a_change_and_other_data_have_neither():
    spoiled = applied(RUN, "spoiled", "leaked")
    assert difference(RUN, spoiled) == [("spoiled", "none", "leaked")]
    assert "spoiled" not in to_query(RUN)
    assert to_query(spoiled)["spoiled"] == "leaked"
    assert from_query(to_query(spoiled)) == spoiled
    wine = RECIPES["wine_dense"].run
    assert "spoiled" not in changes(wine)
    assert flat(wine)["spoiled"] is None


def test_a_setting_that_one_run_has_not_is_none_there():
    points = from_query({"dataset": "points", "noise": "10", "layers": "Dense(units=1,activation=sigmoid)"})
    found = {name: (before, after) for name, before, after in difference(RUN, points)}
    assert found["noise"] == (None, 10)
    assert found["scaling"] == ("unit", None)
    assert "vocabulary" not in found


def test_where_the_first_weights_come_from_is_a_difference():
    went_on = replace(RUN, start=Start("a" * 16, 3, ("dense",), "prune:30"))
    assert in_words(difference(RUN, went_on)) == [
        f"start none → {'a' * 16}, epoch 3, prune:30",
        "frozen none → dense",
    ]


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_every_name_stands_in_one_table_only(name):
    run = RECIPES[name].run
    data, training = set(rules(run.data)), set(rules(run.training))
    assert not data & training
    assert set(flat(run)) == data | training | {"layers", "start", "frozen"}


@given(st.lists(st.sampled_from(sorted(RECIPES)), min_size=1, max_size=6))
def test_rows_and_columns_fit_and_no_column_is_the_same_throughout(names):
    columns, rows = differences([RECIPES[name].run for name in names])
    assert [len(row) for row in rows] == [len(columns)] * len(names)
    assert all(len(set(values)) > 1 for values in zip(*rows, strict=True))
