import dataclasses

import pytest

from lib.settings import Settings, SettingsError
from lib.specs.codec import from_dict, from_query, to_dict
from lib.specs.data import SPOILED, DataSpec
from lib.specs.layers.known import Conv2D, Dense, Dropout, Flatten
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES, fitting, matching
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec, in_use

LIMITS = dataclasses.replace(Settings.from_environment(), max_epochs=100, max_parameters=5_000_000, max_memory_mb=2_000)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_may_be_submitted(name):
    run = RECIPES[name].run
    assert run.problem(LIMITS) == ""
    assert run.hint() == ""
    assert matching(run).name == name
    assert name in fitting(run.data.dataset)


def change(run, **parts):
    return dataclasses.replace(run, **parts)


def test_a_run_beyond_the_limits_says_which_and_what_to_do():
    run = RECIPES["simple_cnn"].run
    wide = ModelSpec((28, 28, 1), (Flatten(), Dense(units=2048), Dense(units=2048), Dense(units=10)))
    assert "parameters; this installation trains at most 5,000,000" in change(run, model=wide).problem(LIMITS)
    big = ModelSpec((28, 28, 1), (Conv2D(filters=512, padding="same"), Flatten(), Dense(units=10)))
    heavy = change(run, model=big, training=TrainSpec(batch_size=1024))
    assert "MB of memory" in heavy.problem(LIMITS)
    assert "smaller batch" in heavy.problem(LIMITS)
    assert "more than the 100" in change(run, training=TrainSpec(epochs=101)).problem(LIMITS)


def test_the_last_layer_must_give_one_number_a_class():
    run = change(RECIPES["mlp"].run, model=ModelSpec((28, 28, 1), (Flatten(), Dense(units=7))))
    assert run.problem(LIMITS) == (
        "The last layer gives (7,), but MNIST digits has 10 classes: end with a Dense layer of 10 units on a vector"
    )


SOFTMAX = Dense(units=10, activation="softmax")
SIGMOID = Dense(units=1, activation="sigmoid")


@pytest.mark.parametrize(
    ("name", "layers", "place"),
    [
        ("mlp", (Flatten(), SOFTMAX, Dense(units=64)), "Layer 2, dense,"),
        ("mlp", (Flatten(), Dense(units=64), SOFTMAX, Dense(units=64), Dropout()), "Layer 3, dense_1,"),
        ("points_circle", (SIGMOID, Dense(units=4)), "Layer 1, dense,"),
        ("points_circle", (Dense(units=4), SIGMOID, Dropout()), "Layer 2, dense_1,"),
    ],
)
def test_the_dense_layer_that_answers_but_is_not_the_last_one_is_called_that(name, layers, place):
    run = RECIPES[name].run
    problem = change(run, model=ModelSpec(run.model.input_shape, layers)).problem(LIMITS)
    assert problem.startswith(f"{place} gives the answer, but is not the last layer: move it down to the end")


def test_a_dropout_behind_the_softmax_is_named_in_a_hint():
    run = change(RECIPES["mlp"].run, model=ModelSpec((28, 28, 1), (Flatten(), SOFTMAX, Dropout())))
    assert run.problem(LIMITS) == ""
    assert run.hint().startswith("Layer 2, dense, gives the answer, but is not the last layer")


def test_a_model_for_other_images_does_not_fit_the_dataset():
    run = change(RECIPES["mlp"].run, data=DataSpec(dataset="cifar10"))
    assert "samples of (32, 32, 3)" in run.problem(LIMITS)


def test_crossentropy_without_softmax_gets_a_hint():
    run = change(RECIPES["mlp"].run, model=ModelSpec((28, 28, 1), (Flatten(), Dense(units=10))))
    assert "softmax" in run.hint()


def test_scores_and_softmax_do_not_go_together_and_scores_alone_do():
    run = RECIPES["mlp"].run
    scores = ModelSpec((28, 28, 1), (Flatten(), Dense(units=10, activation="linear")))
    logits = dataclasses.replace(run.training, from_logits=True)
    assert "softmax has made some already" in change(run, training=logits).hint()
    assert change(run, model=scores, training=logits).hint() == ""
    assert "from_logits" not in in_use(run.training)
    assert "from_logits" not in in_use(dataclasses.replace(logits, loss="mean_squared_error"))
    assert in_use(logits)["from_logits"] is True


@pytest.mark.parametrize("spoiled", SPOILED)
def test_what_only_a_validation_part_shows_needs_one(spoiled):
    run = change(RECIPES["mlp"].run, data=DataSpec(spoiled=spoiled))
    assert run.problem(LIMITS) == ""
    alone = change(run, training=dataclasses.replace(run.training, validation_split=0.0)).problem(LIMITS)
    assert (f"Images can be {spoiled} only where samples are held back" in alone) == (spoiled in ("leaked", "sorted"))
    folded = change(run, data=DataSpec(spoiled=spoiled, folds=5)).problem(LIMITS)
    assert ("are not cut into folds: set folds to 0" in folded) == (spoiled != "none")


def test_the_bundled_digits_leave_7200_to_train_on():
    assert RECIPES["simple_cnn"].run.training_samples() == 7_200
    half = RunSpec(DataSpec(samples=4_000), RECIPES["mlp"].run.model, TrainSpec())
    assert half.training_samples() == 3_600


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_setting_that_is_no_whole_number_is_refused_with_its_value(monkeypatch, value):
    monkeypatch.setenv("LAYERLAB_WORKERS", value)
    with pytest.raises(SettingsError, match=f"LAYERLAB_WORKERS must be a whole number of at least 1, not '{value}'"):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("mlp", {"validation_split": 0.0}, "val_loss cannot be watched, because no samples are held back"),
        ("mlp", {"validation_split": 0.0, "monitor": "loss"}, ""),
        ("mlp", {"monitor": "val_accuracy"}, ""),
        ("points_circle", {"validation_split": 0.0}, ""),
    ],
)
def test_what_cannot_be_watched_is_refused_with_a_sentence(name, settings, words):
    run = RECIPES[name].run
    watched = change(run, training=dataclasses.replace(run.training, schedule="reduce_on_plateau", **settings))
    problem = watched.problem(LIMITS)
    assert problem.startswith(words)
    assert bool(problem) == bool(words)
    assert change(run, training=dataclasses.replace(run.training, **settings)).problem(LIMITS) == ""


def test_an_accuracy_cannot_be_watched_where_a_number_is_predicted():
    data = DataSpec("points", points_kind="regression_plane")
    training = TrainSpec(loss="mean_squared_error", schedule="reduce_on_plateau", monitor="val_accuracy")
    run = RunSpec(data, ModelSpec(data.input_shape, (Dense(units=1, activation="linear"),)), training)
    assert run.problem(LIMITS).startswith("There is no accuracy where a number is predicted")


def test_the_inside_of_a_large_run_is_watched_only_where_somebody_asks_for_it():
    def watched(layers, **query):
        return from_query({"dataset": "mnist", "layers": layers, **query}).watched_inside

    small, large = "Flatten;Dense(units=10)", "Conv2D(filters=64);Conv2D(filters=256);Flatten;Dense(units=10)"
    assert [watched(small), watched(large)] == [True, False]
    assert [watched(small, watch_inside="off"), watched(large, watch_inside="on")] == [False, True]
    stored = to_dict(RECIPES["mlp"].run)
    del stored["training"]["watch_inside"]  # as before there was such a setting
    assert from_dict(stored) == RECIPES["mlp"].run
    assert "watch_inside" not in in_use(TrainSpec(watch_inside="on"))


POINTS = RECIPES["points_circle"].run


def of_layers(*layers, shape=(2,)):
    return change(POINTS, model=ModelSpec(shape, (*layers, Dense(units=1, activation="sigmoid"))))


@pytest.mark.parametrize(
    ("run", "compiles"),
    [
        (POINTS, True),
        (change(POINTS, training=change(POINTS.training, epochs=8)), False),
        (of_layers(Dense(units=8), Dropout()), True),
        (of_layers(Dense(units=2_000), Dense(units=2_000)), False),
        (of_layers(Conv2D(filters=1), Flatten(), shape=(6, 6, 1)), False),
        (RECIPES["simple_cnn"].run, False),
    ],
    ids=["points", "short", "dropout", "large", "convolution", "images"],
)
def test_a_long_training_of_a_small_stack_of_dense_layers_is_compiled(run, compiles):
    assert run.compiles is compiles
