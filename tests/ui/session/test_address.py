import pytest
import streamlit as st
from helpers.clocks import give_clock

from lib.specs.codec import from_query, to_query
from lib.ui.session import address, draft, own_visit, refusals, visitor

FIRST = {"dataset": "mnist", "layers": "Flatten;Dense(units=10,activation=softmax)"}


class Address(dict):
    """As `st.query_params` is: a dictionary that can be written anew."""

    def to_dict(self):
        return dict(self)

    def from_dict(self, other):
        self.clear()
        self.update(other)


class Page:
    """A page at a time of its own: read the address, let a person change something, write the address."""

    def __init__(self, monkeypatch):
        self.now = 100.0
        self.address = Address()
        monkeypatch.setattr(st, "session_state", {})
        monkeypatch.setattr(st, "query_params", self.address)
        give_clock(monkeypatch, address, lambda: self.now)
        monkeypatch.setattr(visitor, "owner", lambda: "somebody")
        monkeypatch.setattr(address, "find_run", lambda run_id: None)

    def run(self, query=None, **changes):
        if query is not None:
            self.address.from_dict(query)
        if changes:
            draft.set_training(**changes)
        sentences = address.read()
        address.write()
        return sentences

    @property
    def epochs(self):
        return draft.current().spec.training.epochs


@pytest.fixture
def page(monkeypatch):
    return Page(monkeypatch)


def test_an_address_becomes_the_draft_and_the_draft_the_address(page):
    assert page.run({**FIRST, "epochs": "3"}) == []
    assert page.epochs == 3
    assert page.address == to_query(from_query({**FIRST, "epochs": "3"}))
    page.run(epochs=4)
    assert page.address["epochs"] == "4"


def test_an_address_of_before_is_an_echo_for_two_seconds_and_news_afterwards(page):
    page.run({**FIRST, "epochs": "3"})
    before = dict(page.address)
    page.run(epochs=4)
    page.now += address.ECHO_SECONDS - 0.1
    page.run(before)
    assert page.epochs == 4
    assert page.address["epochs"] == "4"
    page.now += 0.2
    page.run(before)
    assert page.epochs == 3


def test_the_address_that_back_leads_to_is_no_echo_however_soon(page, monkeypatch):
    page.run({**FIRST, "epochs": "3"})
    before = dict(page.address)
    page.run(epochs=4)
    monkeypatch.setattr(address, "went_back", lambda: True)
    page.run(before)
    assert page.epochs == 3
    monkeypatch.setattr(address, "went_back", lambda: False)
    draft.redo()
    page.run()
    assert page.epochs == 4
    assert page.address["epochs"] == "4"


@pytest.mark.parametrize(
    ("name", "value"),
    [("dataset", "faces"), ("epochs", "0"), ("optimizer", "lbfgs"), ("layers", ";".join(["Flatten"] * 41))],
)
def test_what_an_address_cannot_have_is_named_as_the_address_names_it(page, name, value):
    (sentence,) = page.run({**FIRST, name: value})
    assert f"{name} must be" in sentence or "a model may have at most 40 layers" in sentence
    assert "Spec" not in sentence


def test_any_other_address_is_news_at_once(page):
    page.run({**FIRST, "epochs": "3"})
    page.run(epochs=4)
    page.run({**FIRST, "epochs": "5"})
    assert page.epochs == 5


def test_a_change_wins_over_the_address_that_came_with_it(page):
    page.run({**FIRST, "epochs": "3"})
    page.run({**FIRST, "epochs": "7"}, epochs=4)
    assert page.epochs == 4


def test_an_address_that_makes_no_sense_is_told_until_a_person_changes_something(page):
    (sentence,) = page.run({**FIRST, "epochs": "many"})
    assert "epochs" in sentence
    assert page.run() == [sentence]
    assert page.run(epochs=4) == []
    assert page.run() == []


def test_an_unknown_run_is_told_and_the_settings_beside_it_are_taken(page):
    (sentence,) = page.run({**FIRST, "epochs": "3", "run": "nobody's"})
    assert "LayerLab does not know it" in sentence
    assert page.epochs == 3
    assert "run" not in page.address


def test_an_address_refused_as_somebody_elses_data_is_taken_once_the_visitor_is_known(page, monkeypatch):
    wanted = {**FIRST, "dataset": "fashion_mnist", "epochs": "3"}
    # As if the clothes were own data of "me".
    monkeypatch.setattr(own_visit, "closed", lambda name: name == "fashion_mnist" and visitor.owner() != "me")
    assert len(page.run(wanted)) == 1
    assert draft.current().spec.data.dataset == "mnist"
    page.now += 60
    monkeypatch.setattr(visitor, "owner", lambda: "me")
    assert page.run() == []
    assert draft.current().spec.data.dataset == "fashion_mnist"
    assert page.epochs == 3
    assert page.address["dataset"] == "fashion_mnist"
    assert refusals.to_try_again() == {}
