import dataclasses

import pytest

from lib.specs.codec import from_query
from lib.specs.layers.known import GRU, LAYERS, LSTM, Conv2D
from lib.specs.model import MAX_LAYERS, ModelSpec
from lib.specs.places import kinds_for, new_layer
from lib.specs.recipes import RECIPES

ANSWER = "Dense(units=10,activation=softmax)"


def run_of(layers: str, dataset: str = "mnist", **settings: str):
    return from_query({"dataset": dataset, "layers": layers, **settings})


def with_layer(run, layer, place):
    layers = (*run.model.layers[:place], layer, *run.model.layers[place:])
    return dataclasses.replace(run, model=ModelSpec(run.model.input_shape, layers))


@pytest.mark.parametrize("name", RECIPES)
def test_every_kind_offered_for_a_recipe_leaves_a_run_that_can_be_trained(name):
    run = RECIPES[name].run
    for kind in kinds_for(run):
        new = new_layer(run, kind)
        assert with_layer(run, new.layer, new.place).mismatch == "", (kind, new)


@pytest.mark.parametrize("name", RECIPES)
def test_a_kind_that_works_at_any_place_of_a_recipe_is_offered_and_stands_at_the_last_one(name):
    run = RECIPES[name].run
    for kind, made in LAYERS.items():
        places = [at for at in range(len(run.model.layers)) if not with_layer(run, made(), at).mismatch]
        assert not places or new_layer(run, kind).place == places[-1], kind


@pytest.mark.parametrize("name", RECIPES)
def test_a_kind_that_is_not_offered_for_a_recipe_works_nowhere_in_it(name):
    run = RECIPES[name].run
    for kind in set(LAYERS) - set(kinds_for(run)):
        runs = [with_layer(run, LAYERS[kind](), at) for at in range(len(run.model.layers) + 1)]
        assert all(run.mismatch for run in runs), kind


@pytest.mark.parametrize(
    ("run", "kind", "place"),
    [
        (run_of(f"Conv2D;Flatten;Dense;{ANSWER}"), "Conv2D", 1),
        (run_of(f"Conv2D;Flatten;Dense;{ANSWER}"), "ParallelConv2D", 1),
        (run_of(f"Conv2D;Flatten;Dense;{ANSWER}"), "GlobalAveragePooling2D", 1),
        (run_of(f"Conv2D;Flatten;Dense;{ANSWER}"), "Dense", 3),
        (run_of(f"Conv2D;Flatten;Dense;{ANSWER}"), "Dropout", 3),
        (run_of(f"Conv2D;GlobalAveragePooling2D;{ANSWER}"), "AveragePooling2D", 1),
        (run_of("Embedding;GlobalMaxPooling1D;Dense(units=1,activation=sigmoid)", "movies"), "Conv1D", 1),
        (run_of("Conv2D"), "Conv2D", 1),
        (run_of("Conv2D"), "Flatten", 1),
        (run_of(""), "Conv2D", 0),
        (run_of("Flatten;Dense"), "Dense", 2),
        (run_of("Dense;Dense(units=1,activation=sigmoid)", "movies"), "Embedding", 0),
        (RECIPES["deeper_cnn"].run, "Conv2D", 3),
    ],
)
def test_a_new_layer_is_put_at_the_last_place_where_it_works(run, kind, place):
    assert new_layer(run, kind).place == place


def test_a_recurrent_layer_before_another_one_gives_all_its_states():
    new = new_layer(RECIPES["text_lstm"].run, "GRU")
    assert (new.layer, new.place) == (GRU(return_sequences=True), 1)


def test_a_convolution_too_large_for_the_maps_at_every_place_is_padded():
    wide = "Conv2D(kernel_size=11)"
    new = new_layer(run_of(f"{wide};{wide};MaxPooling2D(pool_size=8,strides=8);Flatten;{ANSWER}"), "Conv2D")
    assert (new.layer, new.place) == (Conv2D(padding="same"), 3)


def test_only_sentences_are_offered_an_embedding():
    assert "Embedding" not in kinds_for(RECIPES["points_circle"].run)
    assert "Embedding" not in kinds_for(RECIPES["text_lstm"].run)
    assert "Embedding" in kinds_for(run_of("", "movies"))


def test_a_broken_stack_takes_what_breaks_it_no_earlier():
    run = run_of(f"Conv2D;Flatten;Conv2D;{ANSWER}")
    assert new_layer(run, "MaxPooling2D").place == 1
    assert new_layer(run, "Dense").place == 2
    assert new_layer(run_of("LSTM;Dense(units=1,activation=sigmoid)", "movies"), "Embedding").place == 0


def test_a_full_stack_takes_no_more():
    assert kinds_for(run_of(";".join(["Dropout"] * MAX_LAYERS))) == ()


def test_the_states_of_a_recurrent_layer_in_front_go_on_to_its_vector():
    assert new_layer(run_of("Embedding;Dense(units=1,activation=sigmoid)", "movies"), "LSTM").layer == LSTM()
