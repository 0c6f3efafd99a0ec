import contextlib
import json

import pytest
from helpers.strategies import broken_values, runs
from hypothesis import given
from hypothesis import strategies as st

from lib.specs.codec import MAX_TEXT, from_dict, from_json, from_query, to_dict, to_json, to_query
from lib.specs.fields import SpecError
from lib.specs.recipes import RECIPES


@given(runs())
def test_a_run_comes_back_from_json_unchanged(run):
    assert from_json(to_json(run)) == run


@given(runs())
def test_a_run_comes_back_from_a_url_unchanged(run):
    assert from_query(to_query(run)) == run


def test_a_url_is_short_and_readable():
    layers = "Conv2D;MaxPooling2D;Conv2D(filters=64);MaxPooling2D;Flatten;Dropout;Dense(units=10,activation=softmax)"
    assert to_query(RECIPES["simple_cnn"].run) == {"dataset": "mnist", "layers": layers}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"dataset": "cats"}, "dataset must be one of mnist"),
        ({"epochs": "1e400"}, "epochs must be a number, not '1e400'"),
        ({"epochs": "99999999999"}, "epochs must be a whole number from 1 to 5000, not 99999999999"),
        ({"epochs": "ten"}, "not 'ten'"),
        ({"learning_rate": "nan"}, "learning_rate must be a number"),
        ({"nesterov": "maybe"}, "nesterov must be true or false"),
        ({"__class__": "x"}, "a setting '__class__' that LayerLab does not know"),
        ({"layers": "Lambda(function=x)"}, "a layer 'Lambda"),
        ({"layers": "Conv2D(filters=3"}, "a layer 'Conv2D"),
        ({"layers": "Conv2D(colour=3)"}, "Conv2D has no option 'colour'"),
        ({"layers": ";".join(["Flatten"] * 41)}, "at most 40 layers"),
        ({"layers": "Flatten;" * 2000}, "at most 8000 characters"),
    ],
)
def test_a_hostile_url_is_refused_with_a_sentence(query, words):
    with pytest.raises(SpecError, match="(?s)" + words.replace("(", r"\(")):
        from_query(query)


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=60), max_size=4))
def test_any_url_is_either_a_run_or_a_spec_error(query):
    with contextlib.suppress(SpecError):
        assert from_query(query).model.input_shape


@given(runs(), st.data())
def test_any_value_in_json_is_either_valid_or_a_spec_error(run, data):
    tables = to_dict(run)
    table = data.draw(st.sampled_from([tables["data"], tables["training"], *tables["layers"]]))
    key = data.draw(st.sampled_from(sorted(table)))
    table[key] = data.draw(broken_values())
    with contextlib.suppress(SpecError):
        assert from_dict(tables).model.input_shape


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "[" * 5000, "{}}", '"x"', "null", '{"layers": "x"}', '{"more": 1}', "x" * MAX_TEXT * 2,
        f'{{"data": {{"samples": {"9" * 5000}}}}}', '{"data": {"samples": Infinity}}', '{"data": {"noise": NaN}}',
        f'{{"training": {{"epochs": {10**400}}}}}', '{"training": {"learning_rate": 1e400}}',
    ],
)  # fmt: skip
def test_json_that_is_no_run_is_refused(text):
    with pytest.raises(SpecError):
        from_json(text)


@given(
    st.recursive(broken_values(), lambda inner: st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8)
)
def test_any_plain_data_is_either_a_run_or_a_spec_error(value):
    try:
        run = from_dict(value)
    except SpecError:
        return
    assert from_dict(json.loads(to_json(run))) == run


def test_descriptions_and_addresses_from_before_the_newer_settings_still_open():
    run = RECIPES["simple_cnn"].run
    old = to_dict(run)
    known = ("optimizer", "learning_rate", "momentum", "nesterov", "weight_decay", "loss", "epochs", "batch_size")
    old["training"] = {name: old["training"][name] for name in (*known, "validation_split", "seed")}
    assert from_dict(old) == run
    assert run.training.schedule == "constant"
