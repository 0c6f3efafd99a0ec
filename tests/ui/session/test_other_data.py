import dataclasses

import pytest
import streamlit as st

from lib.specs.codec import from_query, to_query
from lib.specs.recipes import RECIPES
from lib.ui.session import draft, other_data, visitor
from lib.ui.session.other_data import choose_dataset, notice

OWN = "Conv2D(filters=8);Flatten;Dense(units=10,activation=softmax)"
DENSE = "Flatten;Dense(units=64);Dense(units=10,activation=softmax)"
SENTENCES = "Embedding;LSTM(units=8);Dense(units=1,activation=sigmoid)"


@pytest.fixture(autouse=True)
def session(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(visitor, "owner", lambda: "somebody")


def begin(layers, dataset="mnist", **settings):
    return draft.put(from_query({"dataset": dataset, "layers": layers, **settings}))


def layers():
    return to_query(draft.current().spec)["layers"]


def test_three_own_layers_on_digits_come_along_to_cifar10():
    before = begin(OWN, epochs="3")
    choose_dataset("cifar10")
    now = draft.current()
    assert (layers(), now.ids) == (OWN, before.ids)
    assert now.spec.training == before.spec.training
    assert now.spec.mismatch == ""
    assert notice() is None


def test_the_last_layer_of_ones_own_network_follows_the_classes():
    begin(DENSE)
    choose_dataset("wine")
    assert layers() == "Flatten;Dense(units=64);Dense(units=3,activation=softmax)"
    assert draft.current().spec.data.scaling == "standard"
    assert draft.current().spec.mismatch == ""


def test_what_leads_from_the_samples_to_own_layers_is_changed_and_told():
    before = begin(DENSE)
    choose_dataset("movies")
    assert (
        layers() == "Embedding(output_dim=16);GlobalAveragePooling1D;Dense(units=64);Dense(units=1,activation=sigmoid)"
    )
    assert draft.current().ids[2:] == before.ids[1:]
    assert draft.current().spec.mismatch == ""
    found = notice()
    assert (found.what, found.left_out) == ("layers_adapted", ("Flatten",))
    assert found.added == ("Embedding", "GlobalAveragePooling1D")


@pytest.mark.parametrize(
    ("layers_before", "before", "after"), [(OWN, "mnist", "movies"), (SENTENCES, "movies", "cifar10")]
)
def test_own_layers_that_cannot_come_along_are_told_and_brought_back_by_undo(layers_before, before, after):
    settings = {"loss": "binary_crossentropy"} if before == "movies" else {}
    begin(layers_before, before, **settings)
    start = draft.current()
    choose_dataset(after)
    assert notice().what == "layers_replaced"
    assert draft.current().spec.mismatch == ""
    draft.undo()
    assert draft.current() == start
    assert notice() is None


def test_a_network_that_cannot_be_trained_yet_stays_on_data_of_its_kind():
    begin("Conv2D;Conv2D")
    choose_dataset("cifar10")
    assert layers() == "Conv2D;Conv2D"
    assert notice() is None


def test_a_recipe_gives_way_to_one_for_the_new_data_without_a_word():
    draft.put(RECIPES["simple_cnn"].run)
    choose_dataset("cifar10")
    assert draft.current().spec == RECIPES["cifar10_cnn"].run
    assert notice() is None


def test_settings_of_ones_own_that_a_recipe_replaces_are_told():
    draft.put(RECIPES["simple_cnn"].run)
    draft.set_training(epochs=3)
    choose_dataset("cifar10")
    assert notice().what == "settings_replaced"
    draft.undo()
    assert draft.current().spec.training.epochs == 3


def test_a_recipe_and_its_changed_settings_stay_on_pictures_of_its_shape():
    draft.put(RECIPES["simple_cnn"].run)
    draft.set_training(epochs=3)
    choose_dataset("fashion_mnist")
    run = RECIPES["simple_cnn"].run
    assert draft.current().spec.model == run.model
    assert draft.current().spec.training == dataclasses.replace(run.training, epochs=3)
    assert notice() is None


def test_other_kinds_of_data_bring_epochs_and_batches_that_suit_them():
    begin(
        "Dense;Dense(units=1,activation=sigmoid)", "points", loss="binary_crossentropy", epochs="5000", batch_size="1"
    )
    choose_dataset("mnist")
    assert layers() == "Flatten;Dense;Dense(units=10,activation=softmax)"
    assert (draft.current().spec.training.epochs, draft.current().spec.training.batch_size) == (10, 128)


def test_the_notice_goes_with_the_next_change():
    begin(OWN)
    choose_dataset("movies")
    assert notice() is not None
    draft.set_training(epochs=3)
    assert other_data.notice() is None
