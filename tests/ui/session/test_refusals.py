import pytest
import streamlit as st

from lib.ui.session import refusals, visitor


@pytest.fixture
def named(monkeypatch):
    """Says who the visitor is, in a session of its own."""
    monkeypatch.setattr(st, "session_state", {})
    return lambda name: monkeypatch.setattr(visitor, "owner", lambda: name)


def test_a_refused_address_is_tried_again_once_the_visitor_has_another_name(named):
    named("unknown")
    refusals.refuse({"dataset": "own-1"})
    assert refusals.to_try_again() == {}
    named("somebody")
    assert refusals.to_try_again() == {"dataset": "own-1"}


def test_an_address_that_is_refused_again_waits_for_yet_another_name(named):
    named("unknown")
    refusals.refuse({"dataset": "own-1"})
    named("somebody")
    refusals.refuse({"dataset": "own-1"})
    assert refusals.to_try_again() == {}


def test_an_address_that_was_taken_is_not_tried_again(named):
    named("unknown")
    refusals.refuse({"dataset": "own-1"})
    named("somebody")
    refusals.forget_refused()
    assert refusals.to_try_again() == {}


def test_a_change_makes_sentences_and_refused_address_forgotten(named):
    named("unknown")
    refusals.say(["no such dataset"])
    refusals.refuse({"dataset": "own-1"})
    assert refusals.sentences() == ["no such dataset"]
    refusals.forget()
    named("somebody")
    assert refusals.sentences() == []
    assert refusals.to_try_again() == {}
