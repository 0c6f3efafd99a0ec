import pytest
import streamlit as st
from helpers.clocks import give_clock

from lib.specs.codec import from_query, to_query
from lib.specs.recipes import RECIPES
from lib.ui.session import draft, own_visit, visitor
from lib.ui.session.steps import MOST_STEPS, SAME_STEP_SECONDS

SMALL = {"dataset": "mnist", "layers": "Flatten;Dense(units=10,activation=softmax)"}


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def wait(self):
        """Wait so long that the next change is a step of its own."""
        self.now += SAME_STEP_SECONDS


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(st, "session_state", {})
    give_clock(monkeypatch, draft, lambda: clock.now)
    monkeypatch.setattr(visitor, "owner", lambda: "somebody")
    draft.put(from_query(SMALL))
    return clock


def layers():
    return to_query(draft.current().spec)["layers"]


def epochs():
    return draft.current().spec.training.epochs


def test_at_first_there_is_nothing_to_undo_or_redo(clock):
    assert not draft.can_undo()
    assert not draft.can_redo()
    draft.undo()
    draft.redo()
    assert layers() == SMALL["layers"]


def test_data_layers_and_training_can_be_undone_one_by_one_and_redone(clock):
    start = draft.current()
    draft.set_data(samples=500)
    draft.add_layer("Conv2D")
    draft.set_training(optimizer="sgd")
    end = draft.current()
    for _ in range(3):
        assert draft.can_undo()
        draft.undo()
    assert draft.current() == start
    assert not draft.can_undo()
    for _ in range(3):
        assert draft.can_redo()
        draft.redo()
    assert draft.current() == end
    assert not draft.can_redo()


def test_a_slider_on_its_way_is_one_step_and_a_second_pull_another(clock):
    for number in range(11, 20):
        draft.set_training(epochs=number)
        clock.now += 0.2
    clock.wait()
    draft.set_training(epochs=50)
    draft.undo()
    assert epochs() == 19
    draft.undo()
    assert epochs() == 10
    assert not draft.can_undo()


def test_layers_that_are_added_quickly_are_steps_of_their_own(clock):
    draft.add_layer("Conv2D")
    draft.add_layer("Dropout")
    draft.undo()
    assert layers() == f"Conv2D;{SMALL['layers']}"


def test_a_recipe_and_a_removed_layer_can_be_undone(clock):
    draft.choose_recipe("deeper_cnn")
    draft.remove_layer(draft.current().ids[0])
    draft.undo()
    assert draft.current().spec == RECIPES["deeper_cnn"].run
    draft.undo()
    assert layers() == SMALL["layers"]


def test_own_layers_stay_when_the_browser_reports_that_the_list_says_so(clock):
    draft.add_layer("Conv2D")
    before = draft.current()
    draft.choose_recipe(draft.OWN)
    assert draft.current() == before
    draft.choose_recipe("mlp")
    draft.choose_recipe(draft.OWN)
    assert layers() == SMALL["layers"]


def test_a_session_remembers_a_bounded_number_of_steps(clock):
    for number in range(MOST_STEPS + 20):
        clock.wait()
        draft.set_training(seed=number + 2)
    count = 0
    while draft.can_undo():
        draft.undo()
        count += 1
    assert count == MOST_STEPS


def test_undo_goes_past_data_that_are_gone(clock, monkeypatch):
    draft.set_training(epochs=3)
    draft.put(from_query({**SMALL, "dataset": "fashion_mnist"}))
    draft.put(from_query({**SMALL, "epochs": "4"}))
    monkeypatch.setattr(own_visit, "closed", lambda name: name == "fashion_mnist")
    draft.undo()
    assert epochs() == 3
    draft.redo()
    assert epochs() == 4


def test_an_address_of_before_brings_that_draft_back_with_its_layers_ids(clock):
    start = draft.current()
    draft.set_training(epochs=3)
    draft.add_layer("Dropout")
    draft.put_again(start.spec)
    assert draft.current() == start
    draft.redo()
    assert epochs() == 3


def test_a_link_replaces_the_draft_and_undo_brings_it_back(clock):
    draft.put_again(RECIPES["points_circle"].run)
    assert draft.current().spec.data.kind == "points"
    draft.undo()
    assert layers() == SMALL["layers"]


def test_the_first_address_of_a_session_leaves_nothing_to_undo(clock):
    st.session_state.clear()
    draft.put_again(RECIPES["mlp"].run)
    assert not draft.can_undo()


def test_a_kind_that_fits_nowhere_is_not_put_in(clock):
    before = draft.current()
    assert draft.add_layer("Embedding") is None
    assert draft.current() == before
    assert "Embedding" not in draft.kinds_to_add()
