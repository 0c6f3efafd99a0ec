"""Each cure makes exactly one change, and what it makes can be trained."""

import dataclasses

import pytest

from lib.engine.diagnosis.cures import CURES, CURES_FOR, cures
from lib.engine.diagnosis.hints import Hint
from lib.specs.codec import from_query, to_query
from lib.specs.layers.known import LSTM, Dense, Dropout, Embedding, Flatten, GaussianNoise
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.start import Start

DIGITS = RECIPES["mlp"].run


def hint(name, **evidence):
    return Hint(name, evidence, 5)


def trained_with(spec, **training):
    return dataclasses.replace(spec, training=dataclasses.replace(spec.training, **training))


def with_data(spec, **data):
    return dataclasses.replace(spec, data=dataclasses.replace(spec.data, **data))


def with_layers(*layers):
    return dataclasses.replace(DIGITS, model=ModelSpec((28, 28, 1), (Flatten(), *layers)))


def kinds(spec):
    return [layer.kind for layer in spec.model.layers]


ANSWER = Dense(units=10, activation="softmax")


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("name", CURES_FOR)
def test_every_cure_of_every_recipe_can_be_trained_and_stands_in_an_address(recipe, name):
    spec = RECIPES[recipe].run
    for cured in cures(spec, hint(name, best_epoch=1, rate=spec.training.learning_rate)).values():
        assert cured != spec
        assert cured.mismatch == ""
        assert from_query(to_query(cured)) == cured
        assert sum(getattr(cured, part) != getattr(spec, part) for part in ("data", "model", "training")) == 1


def test_every_cure_is_for_something():
    assert {name for names in CURES_FOR.values() for name in names} == set(CURES)


@pytest.mark.parametrize(
    ("name", "optimizer", "rate", "cured"),
    [
        ("diverged", "adam", 10.0, 0.001), ("diverged", "adam", 0.001, 0.0001), ("diverged", "sgd", 0.05, 0.005),
        ("rate_too_high", "sgd", 1.0, 0.1), ("rate_too_low", "adam", 1e-6, 0.001),
        ("rate_too_low", "sgd", 0.005, 0.05),
    ],
)  # fmt: skip
def test_the_rate_goes_a_tenth_down_or_ten_times_up_or_to_the_usual_one(name, optimizer, rate, cured):
    spec = trained_with(DIGITS, optimizer=optimizer, learning_rate=rate)
    (changed,) = cures(spec, hint(name, rate=rate)).values()
    assert changed == trained_with(spec, learning_rate=cured)


def test_a_rate_that_was_changed_in_mid_training_is_what_is_changed():
    assert cures(DIGITS, hint("diverged", rate=5.0)) == {}  # as it was described, the run has the usual rate
    assert cures(DIGITS, hint("diverged", rate=0.0005))["lower_rate"].training.learning_rate == 0.00005
    assert cures(DIGITS, hint("diverged", rate=1e-6)) == {}  # there is no lower one


def test_a_last_layer_without_probabilities_gets_softmax_first():
    spec = with_layers(Dense(units=10, activation="linear"))
    assert list(cures(spec, hint("diverged"))) == ["softmax", "lower_rate"]
    assert cures(spec, hint("diverged"))["softmax"].model.layers[-1] == ANSWER
    assert "softmax" not in cures(DIGITS, hint("diverged"))


def test_overfitting_is_cured_by_the_best_epoch_dropout_or_more_samples():
    spec = with_data(DIGITS, samples=1_000)
    found = cures(spec, hint("overfitting", best_epoch=4))
    assert list(found) == ["fewer_epochs", "stop_early", "dropout", "vary_images", "more_samples"]
    assert found["fewer_epochs"] == trained_with(spec, epochs=4)
    assert kinds(found["dropout"]) == ["Flatten", "Dense", "Dense", "Dropout", "Dense"]
    assert found["more_samples"].samples() == 8_000
    last = cures(DIGITS, hint("overfitting", best_epoch=DIGITS.training.epochs))
    assert list(last) == ["stop_early", "dropout", "vary_images"]


def test_dropout_is_not_put_where_there_is_one_or_where_it_would_drop_the_input():
    assert "dropout" not in cures(with_layers(Dense(), Dropout(), ANSWER), hint("overfitting"))
    assert "dropout" not in cures(with_layers(ANSWER), hint("overfitting"))


def test_images_are_varied_as_helps_for_their_data_and_once():
    varied = cures(DIGITS, hint("overfitting"))["vary_images"]
    assert kinds(varied) == ["RandomTranslation", "RandomRotation", *kinds(DIGITS)]
    clothes = with_data(DIGITS, dataset="fashion_mnist")
    assert kinds(cures(clothes, hint("overfitting"))["vary_images"]) == ["RandomFlip", *kinds(DIGITS)]
    for spec in (varied, with_layers(GaussianNoise(), ANSWER), RECIPES["wine_dense"].run):
        assert "vary_images" not in cures(spec, hint("overfitting"))


def test_points_are_made_in_greater_number():
    circle = RECIPES["points_circle"].run
    assert cures(circle, hint("overfitting"))["more_samples"].data.points == 2_000
    few = with_data(circle, points=20)
    assert cures(few, hint("too_few_samples"))["more_samples"].data.points == 80


def test_a_small_validation_part_grows_to_ten_samples():
    spec = trained_with(with_data(DIGITS, samples=60), validation_split=0.1)
    found = cures(spec, hint("too_few_samples"))
    grown = found["more_validation"]
    assert grown.samples() - grown.training_samples() >= 10
    assert grown.training_samples() >= 10
    assert "more_validation" not in cures(with_data(spec, samples=15), hint("too_few_samples"))


def test_a_network_that_learns_nothing_gets_relu_less_dropout_or_more_units():
    deep = with_layers(Dense(units=32, activation="sigmoid"), Dense(units=32, activation="sigmoid"), ANSWER)
    found = cures(deep, hint("not_learning"))["relu"]
    assert [layer.activation for layer in found.model.layers[1:]] == ["relu", "relu", "softmax"]
    dropped = cures(with_layers(Dense(units=8), Dropout(rate=0.9), ANSWER), hint("underfitting"))
    assert dropped["less_dropout"].model.layers[2].rate == 0.45
    assert [layer.units for layer in dropped["wider"].model.layers if layer.kind == "Dense"] == [32, 10]
    assert kinds(cures(with_layers(ANSWER), hint("underfitting"))["wider"]) == ["Flatten", "Dense", "Dense"]
    assert "wider" not in cures(with_layers(Dense(units=512), ANSWER), hint("underfitting"))


def test_gradients_that_vanish_or_explode_and_dead_units_have_cures_of_their_own():
    sigmoid = with_layers(*[Dense(units=32, activation="sigmoid")] * 2, ANSWER)
    vanished = cures(sigmoid, hint("vanishing_gradients"))
    assert list(vanished) == ["relu", "batch_normalization"]
    normalised = vanished["batch_normalization"]
    assert kinds(normalised) == ["Flatten", "Dense", "BatchNormalization", "Dense", "BatchNormalization", "Dense"]
    assert "batch_normalization" not in cures(normalised, hint("vanishing_gradients"))
    dead = cures(DIGITS, hint("dead_relus", rate=0.001))
    assert list(dead) == ["leaky_relu", "lower_rate"]
    assert [layer.activation for layer in dead["leaky_relu"].model.layers[1:]] == [
        "leaky_relu",
        "leaky_relu",
        "softmax",
    ]
    exploded = cures(DIGITS, hint("exploding_gradients"))
    assert exploded["clip_gradients"] == trained_with(DIGITS, clipping="global_clipnorm", clip_norm=1.0)
    assert "clip_gradients" not in cures(exploded["clip_gradients"], hint("exploding_gradients"))


@pytest.mark.parametrize(("recipe", "usual"), [("mlp", "unit"), ("wine_dense", "standard")])
def test_raw_input_is_scaled_as_is_usual_for_such_data(recipe, usual):
    spec = with_data(RECIPES[recipe].run, scaling="raw")
    assert cures(spec, hint("unscaled_input")) == {"scaling": with_data(spec, scaling=usual)}


def test_rare_classes_may_weigh_more_and_only_once():
    spec = RECIPES["wine_dense"].run
    cured = trained_with(spec, class_weight="balanced")
    assert cures(spec, hint("imbalanced")) == {"balanced": cured}
    assert cures(cured, hint("imbalanced")) == {}


def test_a_network_that_learns_by_heart_may_stop_early():
    stops = cures(DIGITS, hint("overfitting", best_epoch=3))["stop_early"].training
    assert (stops.early_stopping, stops.monitor, stops.restore_best_weights) == (True, "val_loss", True)
    assert "stop_early" not in cures(trained_with(DIGITS, early_stopping=True), hint("overfitting", best_epoch=3))


def test_layers_of_a_run_that_goes_on_from_another_one_stay():
    spec = dataclasses.replace(with_data(DIGITS, samples=1_000), start=Start("0" * 16, 1))
    assert list(cures(spec, hint("overfitting", best_epoch=4))) == ["fewer_epochs", "stop_early", "more_samples"]


def test_dropout_fits_behind_a_recurrent_layer():
    model = ModelSpec((50,), (Embedding(input_dim=8_000), LSTM(units=8), Dense(units=1, activation="sigmoid")))
    spec = dataclasses.replace(RECIPES["text_average"].run, model=model)
    assert kinds(cures(spec, hint("overfitting"))["dropout"]) == ["Embedding", "LSTM", "Dropout", "Dense"]
