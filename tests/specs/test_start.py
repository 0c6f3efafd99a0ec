"""Runs that begin with weights of another run: how they are written down, and what cannot be frozen."""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.settings import Settings
from lib.specs.codec import from_dict, from_json, from_query, to_dict, to_json, to_query
from lib.specs.fields import SpecError
from lib.specs.recipes import RECIPES
from lib.specs.start import Start

LIMITS = Settings(home=Path(), database_url="")
RUN = RECIPES["simple_cnn"].run
ID = "0123456789abcdef"


def on(**values):
    return dataclasses.replace(RUN, start=Start(ID, 2, **values))


names = st.text("abcdefgh_0123", min_size=1, max_size=20)


@given(st.integers(0, 1_000_000), st.lists(names, max_size=5, unique=True))
def test_where_a_run_went_on_from_comes_back_from_json(epoch, frozen):
    run = dataclasses.replace(RUN, start=Start(ID, epoch, tuple(frozen)))
    assert from_json(to_json(run)) == run


def test_a_run_from_its_seed_is_written_as_it_always_was_and_one_stored_before_still_opens():
    assert set(to_dict(RUN)) == {"data", "training", "layers"}
    assert from_json(to_json(RUN)).start is None
    assert from_dict({**to_dict(RUN), "start": None}) == RUN


def test_an_address_holds_settings_and_no_weights():
    assert to_query(on(frozen=("conv2d",))) == to_query(RUN)
    assert from_query(to_query(on())) == RUN == on().from_seed
    with pytest.raises(SpecError, match="does not know"):
        from_query({**to_query(RUN), "start": ID})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("x", "start must be a table"),
        ([], "start must be a table"),
        ({}, "start must say its run"),
        ({"run": ID}, "start must say its epoch"),
        ({"run": ID, "epoch": -1}, "start.epoch must be a whole number"),
        ({"run": ID, "epoch": 1.5}, "start.epoch must be a whole number"),
        ({"run": ID, "epoch": True}, "start.epoch must be a whole number"),
        ({"run": "../etc", "epoch": 1}, "start.run must be a run's id"),
        ({"run": 7, "epoch": 1}, "start.run must be a run's id"),
        ({"run": ID, "epoch": 1, "frozen": "conv2d"}, "start.frozen must be a list"),
        ({"run": ID, "epoch": 1, "frozen": ["<b>"]}, "start.frozen must hold names"),
        ({"run": ID, "epoch": 1, "frozen": ["a"] * 41}, "at most 40 layers"),
        ({"run": ID, "epoch": 1, "path": "x"}, "start has no option 'path'"),
    ],
)
def test_a_hostile_description_of_a_start_is_refused_with_a_sentence(value, words):
    with pytest.raises(SpecError, match=words):
        from_json(json.dumps({**to_dict(RUN), "start": value}))


def test_only_layers_with_weights_can_be_frozen_and_never_all_of_them():
    assert RUN.model.learners == ("conv2d", "conv2d_1", "dense")
    assert on(frozen=("conv2d",)).problem(LIMITS) == ""
    assert "no layer flatten with weights" in on(frozen=("flatten",)).problem(LIMITS)
    assert "no layer conv2d_7 with weights" in on(frozen=("conv2d_7",)).problem(LIMITS)
    assert "leave one of them free" in on(frozen=RUN.model.learners).problem(LIMITS)
