import dataclasses

import pytest

from lib.specs.codec import to_dict
from lib.specs.fields import Number, SpecError, Switch
from lib.specs.one_change import applied, changes, read_value, rule_of, value_of
from lib.specs.recipes import RECIPES

RUNS = {name: recipe.run for name, recipe in RECIPES.items()}
CNN = RUNS["simple_cnn"]


def flat(value, path=()):
    """Every leaf of nested plain data, by its path."""
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from flat(below, (*path, key))
    else:
        yield path, value


def another(rule, now):
    if isinstance(rule, Number):
        return rule.low if now != rule.low else rule.high
    if isinstance(rule, Switch):
        return not now
    return next(name for name in rule.names if name != now)


@pytest.mark.parametrize("name", RUNS)
def test_a_change_of_a_setting_changes_that_setting_and_nothing_else(name):
    run = RUNS[name]
    for change in changes(run):
        rule = rule_of(run, change)
        if rule is None:
            continue
        value = another(rule, value_of(run, change))
        before, after = dict(flat(to_dict(run))), dict(flat(to_dict(applied(run, change, value))))
        differing = {path for path in before if before[path] != after.get(path)}
        # A vocabulary of another size needs an Embedding of another size.
        follows = {"input_dim"} if change == "vocabulary" else set()
        assert {path[-1] for path in differing} - follows == {change.rpartition(".")[2]}
        assert before.keys() == after.keys()


@pytest.mark.parametrize("name", RUNS)
def test_a_layer_more_or_less_is_offered_only_where_the_run_can_still_be_trained(name):
    run = RUNS[name]
    for change in changes(run):
        if rule_of(run, change) is None:
            changed = applied(run, change)
            assert changed.mismatch == ""
            assert abs(len(changed.model.layers) - len(run.model.layers)) == 1
            assert (changed.data, changed.training) == (run.data, run.training)


def test_dropout_can_be_added_to_the_simple_cnn_and_its_seed_is_nobodys_change():
    assert "add.Dropout" in changes(CNN)
    assert "remove.flatten" not in changes(CNN)
    assert "seed" not in changes(CNN)
    assert "momentum" not in changes(CNN)
    sgd = dataclasses.replace(CNN, training=dataclasses.replace(CNN.training, optimizer="sgd"))
    assert "momentum" in changes(sgd)


@pytest.mark.parametrize(
    "change", ["", "abc", "add.Lambda", "remove.conv2d_9", "conv2d.colour", "add.", ".", "__class__"]
)
def test_what_is_no_change_is_refused(change):
    with pytest.raises(SpecError, match="is no change of this run"):
        applied(CNN, change, 1)


@pytest.mark.parametrize(("change", "value"), [("epochs", "many"), ("learning_rate", 1e30), ("conv2d.filters", -1)])
def test_a_value_that_breaks_its_rule_is_refused(change, value):
    with pytest.raises(SpecError, match=change):
        applied(CNN, change, value)


def test_values_are_read_from_an_address():
    assert read_value(Number(0, 1, 0.1), "1e999") == float("inf")
    assert read_value(Number(0, 9), "5.0") == 5
    assert read_value(Switch(), "yes") == "yes"


def test_what_only_changes_what_is_told_is_no_change_to_compare():
    assert "watch_inside" not in changes(CNN)
    assert "kernel_initializer" in changes(CNN)
