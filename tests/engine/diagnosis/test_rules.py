"""Each rule on curves that are written down, at both sides of each of its thresholds."""

import dataclasses
import math
from pathlib import Path

import pytest
from helpers.drawn_runs import drawn

from lib.data.averages import class_averages, nearest_average
from lib.data.loading import load
from lib.data.parts import class_counts
from lib.data.preparing import prepare
from lib.engine.diagnosis.facts import Facts, chance_loss, facts_of
from lib.engine.diagnosis.rules import BASELINES, RULES, generalisation_loss
from lib.engine.diagnosis.so_far import moments
from lib.specs.data import DataSpec
from lib.specs.datasets import DATASETS, IMAGES
from lib.specs.layers.known import BatchNormalization, Conv2D, Dense, Flatten
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

README = Path(__file__).parents[3] / "README.md"
DIGITS = RECIPES["mlp"].run
CIRCLE = RECIPES["points_circle"].run
PLANE = RunSpec(
    DataSpec(dataset="points", points_kind="regression_plane"),
    ModelSpec((2,), (Dense(units=1, activation="linear"),)),
    TrainSpec(loss="mean_squared_error", batch_size=10),
)
LN10, LN2 = math.log(10), math.log(2)


def changed(spec, data=None, **training):
    data = dataclasses.replace(spec.data, **(data or {}))
    return dataclasses.replace(spec, data=data, training=dataclasses.replace(spec.training, **training))


def found(name, run, facts=None):
    """What a rule finds after the newest epoch."""
    *_, newest = moments(run, facts if facts is not None else facts_of(run.spec.data))
    return RULES[name](newest)


# --- facts ---------------------------------------------------------------------------------------------------------


def test_knowing_nothing_costs_what_always_the_same_answer_costs():
    shares = [0.5, 0.3, 0.2]
    entropy = -sum(share * math.log(share) for share in shares)
    assert chance_loss(3, "categorical_crossentropy", False, Facts((50, 30, 20))) == pytest.approx(entropy)
    uniform = sum((0.1 - (place == 0)) ** 2 for place in range(10)) / 10
    assert chance_loss(10, "mean_squared_error", False, Facts()) == pytest.approx(uniform)
    targets = facts_of(PLANE.data)
    assert 0 < targets.spread < 1
    assert chance_loss(0, "mean_squared_error", False, targets) == targets.spread
    assert chance_loss(0, "mean_squared_error", False, Facts()) is None


@pytest.mark.parametrize("name", DATASETS)
def test_no_bundled_data_are_imbalanced_or_unknown(name):
    data = DataSpec(dataset=name)
    run = drawn(RunSpec(data, DIGITS.model, DIGITS.training), [1.0] * 3)
    assert found("imbalanced", run) is None
    if data.kind in ("images", "text"):  # facts do not open them, so they must be right without
        part = load(name).train if data.kind == "images" else prepare(data, 0.0).train
        counts = class_counts(part, len(data.class_names))
        assert found("imbalanced", run, Facts(tuple(counts.tolist()))) is None
    if data.kind == "images":
        assert facts_of(data).largest == load(name).train.x.max()


@pytest.mark.parametrize("name", IMAGES)
def test_the_class_means_reach_what_the_baselines_say(name):
    parts = load(name)
    averages = class_averages(parts.train, 10)
    right = [nearest_average(x, averages)[0] == y for x, y in zip(parts.test.x, parts.test.y, strict=True)]
    assert BASELINES[name] == (pytest.approx(sum(right) / len(right), abs=0.0005), "class_means")


def test_counted_words_reach_what_the_readme_says():
    row = next(line for line in README.read_text(encoding="utf-8").splitlines() if "words counted (TF-IDF)" in line)
    assert BASELINES["movies"] == (float(row.split("|")[7]), "counted_words")


# --- diverged ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spec", "chance"), [(DIGITS, LN10), (CIRCLE, LN2)], ids=["ten", "two"])
def test_a_loss_above_twice_chance_and_above_its_start_has_diverged(spec, chance):
    assert found("diverged", drawn(spec, [2.01 * chance], first=chance))["loss"] == 2.01 * chance
    assert found("diverged", drawn(spec, [1.99 * chance], first=chance)) is None


def test_where_a_first_batch_tells_little_it_must_be_ten_times_its_start():
    chance = facts_of(PLANE.data).spread
    assert found("diverged", drawn(PLANE, [10.1 * chance], first=chance))["loss"] == 10.1 * chance
    assert found("diverged", drawn(PLANE, [9.9 * chance], first=chance)) is None
    # At rate 1e-6 with seed 2; it falls all the time.
    assert found("diverged", drawn(PLANE, [1.8819, 1.8816, 1.8814, 1.8811], first=0.6074)) is None


def test_a_loss_that_falls_from_a_high_start_has_not_diverged_until_it_rises_twice():
    raw = changed(DIGITS, {"scaling": "raw"})
    squares = changed(CIRCLE, {"features": "x-x_squared"})
    for spec in (raw, squares, PLANE):
        assert found("diverged", drawn(spec, [60, 20, 8], first=90)) is None
        assert found("diverged", drawn(spec, [60, 8, 20], first=90)) is None
        assert found("diverged", drawn(spec, [60, 8, 20, 30], first=90))["loss"] == 30


@pytest.mark.parametrize("spec", [DIGITS, CIRCLE, RECIPES["text_average"].run], ids=["digits", "points", "sentences"])
def test_a_first_point_that_is_a_mean_over_many_batches_hides_nothing(spec):
    assert found("diverged", drawn(spec, [121, 6, 5], first=500))["loss"] == 121


def test_what_has_diverged_stays_so_until_it_is_better_than_chance():
    flown = [1_000.0, 3.0, 2.4]
    assert found("diverged", drawn(DIGITS, [*flown, 2.31], first=LN10))["at_epoch"] == 1
    assert found("diverged", drawn(DIGITS, [*flown, 2.0], first=LN10)) is None


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_no_number_has_diverged(loss):
    run = drawn(DIGITS, [1.0], first=LN10)
    curve = dataclasses.replace(run.batch_curve, loss=(LN10, loss))
    assert found("diverged", dataclasses.replace(run, batch_curve=curve)) == {"rate": DIGITS.training.learning_rate}
    before = dataclasses.replace(run, batch_curve=curve, epoch_points=())
    assert found("diverged", before) is not None


# --- the learning rate ---------------------------------------------------------------------------------------------

SWINGING = [0.5, 0.6, 0.57, 0.7, 0.66, 0.7, 0.72, 0.74, 0.75, 0.76]


@pytest.mark.parametrize("part", ["training", "validation"])
def test_two_falls_of_three_hundredths_in_ten_epochs_are_swings(part):
    losses, steady = [1.0] * 10, [0.5 + place / 50 for place in range(10)]
    full = changed(DIGITS, {"size": "full"})  # 54,000 and 6,000 samples: chance does not make such falls
    curves = (SWINGING, steady) if part == "training" else (steady, SWINGING)
    evidence = found("rate_too_high", drawn(full, losses, curves[0], losses, curves[1]))
    assert (evidence["part"], evidence["falls"]) == (part, 2)
    smaller = [0.571 if share == 0.57 else share for share in SWINGING]
    curves = (smaller, steady) if part == "training" else (steady, smaller)
    assert found("rate_too_high", drawn(full, losses, curves[0], losses, curves[1])) is None


def test_swings_in_less_than_a_fifth_of_the_epochs_or_before_five_of_them_are_none():
    full = changed(DIGITS, {"size": "full"})
    longer = [*SWINGING, 0.76, 0.77]
    assert found("rate_too_high", drawn(full, [1.0] * 12, longer)) is None
    assert found("rate_too_high", drawn(full, [1.0] * 11, longer[:11])) is not None
    assert found("rate_too_high", drawn(full, [1.0] * 4, [0.6, 0.5, 0.4, 0.3])) is None
    assert found("rate_too_high", drawn(full, [1.0] * 5, [0.7, 0.6, 0.5, 0.4, 0.3])) is not None


def test_falls_that_chance_makes_on_few_samples_are_no_swings():
    few = changed(DIGITS, {"samples": 1_000})  # 100 to validate on: two standard errors at 0.6 are 0.098
    falls = [0.6, 0.51, 0.6, 0.51, 0.6, 0.51]
    assert found("rate_too_high", drawn(few, [1.0] * 6, val_loss=[1.0] * 6, val_accuracy=falls)) is None
    larger = [0.6, 0.5, 0.6, 0.5, 0.6, 0.5]
    assert found("rate_too_high", drawn(few, [1.0] * 6, val_loss=[1.0] * 6, val_accuracy=larger)) is not None


def test_a_predicted_number_swings_by_the_variance_it_explains():
    spread = facts_of(PLANE.data).spread
    swings = [0.5 * spread, 0.4 * spread, 0.44 * spread, 0.4 * spread, 0.44 * spread]
    assert found("rate_too_high", drawn(PLANE, swings))["fall_share"] == pytest.approx(0.04)
    assert found("rate_too_high", drawn(PLANE, [0.5 * spread, *[0.4 * spread, 0.42 * spread] * 2])) is None


def test_falls_before_a_change_of_the_rate_do_not_count():
    full = changed(DIGITS, {"size": "full"})
    falls = [0.7, 0.6, 0.5, 0.4, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9]
    rates = [1.0] * 5 + [0.001] * 5
    assert found("rate_too_high", drawn(full, [1.0] * 10, falls)) is not None
    assert found("rate_too_high", drawn(full, [1.0] * 10, falls, rates=rates)) is None


SLOW = changed(DIGITS, learning_rate=1e-5)


def test_a_loss_that_hardly_moves_at_a_rate_below_the_usual_one_is_too_slow():
    creeping = [2.35, 2.33, 2.31, 2.29]
    assert found("rate_too_low", drawn(SLOW, creeping, epochs=10))["usual_rate"] == 0.001
    assert found("rate_too_low", drawn(DIGITS, creeping, epochs=10)) is None  # Adam's own 0.001
    assert found("rate_too_low", drawn(SLOW, creeping[:3], epochs=10)) is None
    # At 0.02 an epoch, 30 epochs would lower it by a quarter of 2.35.
    assert found("rate_too_low", drawn(SLOW, creeping, epochs=29)) is not None
    assert found("rate_too_low", drawn(SLOW, creeping, epochs=30)) is None


def test_a_loss_that_has_fallen_by_a_tenth_or_is_small_is_not_too_slow():
    assert found("rate_too_low", drawn(SLOW, [2.0, 1.9, 1.81, 1.81, 1.81, 1.81], epochs=10)) is not None
    assert found("rate_too_low", drawn(SLOW, [2.0, 1.9, 1.79, 1.79, 1.79, 1.79], epochs=10)) is None
    assert found("rate_too_low", drawn(SLOW, [1.16] * 6, epochs=10)) is not None
    assert found("rate_too_low", drawn(SLOW, [1.15] * 6, epochs=10)) is None


# --- not learning, under- and overfitting --------------------------------------------------------------------------


def test_a_loss_stuck_at_that_of_knowing_nothing_is_not_learning():
    assert found("not_learning", drawn(DIGITS, [0.981 * LN10] * 3, [0.5] * 3)) is not None
    assert found("not_learning", drawn(DIGITS, [0.979 * LN10] * 3, [0.5] * 3)) is None
    assert found("not_learning", drawn(DIGITS, [0.981 * LN10] * 2, [0.5] * 2)) is None
    spread = facts_of(PLANE.data).spread
    plane = changed(PLANE, {"points": 2_000})
    assert found("not_learning", drawn(plane, [spread] * 8)).keys() == {"loss", "chance_loss"}


def test_under_a_quarter_of_ten_classes_right_is_not_learning_unless_the_loss_falls():
    assert found("not_learning", drawn(DIGITS, [2.0] * 3, [0.24] * 3))["accuracy"] == 0.24
    assert found("not_learning", drawn(DIGITS, [2.0] * 3, [0.25] * 3)) is None
    assert found("not_learning", drawn(DIGITS, [2.0] * 3, [0.1] * 3, [2.0] * 3, [0.25] * 3)) is None
    assert found("not_learning", drawn(DIGITS, [2.0, 1.98, 1.961], [0.2] * 3)) is not None
    assert found("not_learning", drawn(DIGITS, [2.0, 1.98, 1.959], [0.2] * 3)) is None


def test_two_classes_are_judged_by_their_loss_alone():
    many = changed(RECIPES["text_average"].run)
    assert found("not_learning", drawn(many, [0.6] * 3, [0.5] * 3)) is None
    assert found("not_learning", drawn(many, [LN2] * 3, [0.5] * 3)) is not None


def test_few_samples_have_taught_too_little_to_judge():
    assert found("not_learning", drawn(CIRCLE, [LN2] * 23, [0.5] * 23)) is None
    assert found("not_learning", drawn(CIRCLE, [LN2] * 24, [0.5] * 24)) is not None


FALLING = [1.5, 1.0, 0.8, 0.6, 0.5, 0.4]


def test_prechelts_generalisation_loss_above_five_for_four_epochs_is_overfitting():
    best = 3.0
    assert found("overfitting", drawn(DIGITS, FALLING, val_loss=[4.0, best, *[1.051 * best] * 4])) is not None
    assert found("overfitting", drawn(DIGITS, FALLING, val_loss=[4.0, best, *[1.049 * best] * 4])) is None
    three = [4.0, 3.5, best, *[1.051 * best] * 3]
    assert found("overfitting", drawn(DIGITS, FALLING, val_loss=three)) is None
    between = [4.0, best, 1.06 * best, 1.049 * best, 1.06 * best, 1.06 * best]
    assert found("overfitting", drawn(DIGITS, FALLING, val_loss=between)) is None


def test_a_generalisation_loss_above_fifty_is_overfitting_at_once():
    evidence = found("overfitting", drawn(DIGITS, [1.0, 0.5], val_loss=[1.0, 1.51]))
    assert (evidence["best_epoch"], evidence["best_val_loss"], evidence["val_loss"]) == (1, 1.0, 1.51)
    assert evidence["gl"] == pytest.approx(51)
    assert found("overfitting", drawn(DIGITS, [1.0, 0.5], val_loss=[1.0, 1.49])) is None
    assert generalisation_loss(1.0, 0.0) == math.inf


def test_without_a_falling_training_loss_it_is_not_overfitting():
    rising = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    assert found("overfitting", drawn(DIGITS, rising, val_loss=[4, 3, 6, 6, 6, 6])) is None
    ignorant = [9.0, 8.0, 6.0, 5.0, 4.0, 3.0]
    assert found("overfitting", drawn(DIGITS, ignorant, val_loss=[4, 3, 6, 6, 6, 6])) is None


def test_a_small_validation_loss_may_rise():
    small = 0.149 * LN10
    assert found("overfitting", drawn(DIGITS, FALLING, val_loss=[0.2, 0.1, *[small] * 4])) is None
    assert found("overfitting", drawn(DIGITS, FALLING, val_loss=[0.2, 0.1, *[0.151 * LN10] * 4])) is not None
    rise = [1.0 + 0.049 * LN10] * 4
    assert found("overfitting", drawn(DIGITS, FALLING, val_loss=[1.1, 1.0, *rise])) is None
    assert found("overfitting", drawn(DIGITS, FALLING, val_loss=[1.1, 1.0, *[1.0 + 0.051 * LN10] * 4])) is not None


def test_without_a_validation_part_nobody_can_tell_overfitting():
    assert found("overfitting", drawn(changed(DIGITS, validation_split=0.0), FALLING)) is None


def test_less_than_the_class_means_reach_and_no_progress_is_underfitting():
    settled = [1.0] * 4
    full = changed(DIGITS, validation_split=0.0)  # 8,000 samples: two standard errors at 0.8 are 0.009
    evidence = found("underfitting", drawn(full, settled, [0.79] * 4))
    assert (evidence["accuracy"], evidence["baseline_accuracy"], evidence["method"]) == (0.79, 0.806, "class_means")
    assert found("underfitting", drawn(full, settled, [0.8] * 4)) is None
    assert found("underfitting", drawn(full, [1.0, 0.99, 0.98, 0.969], [0.5] * 4)) is None
    assert found("underfitting", drawn(full, settled[:3], [0.5] * 3)) is None
    assert found("underfitting", drawn(DIGITS, settled, [0.5] * 4, settled, [0.85] * 4)) is None
    assert found("underfitting", drawn(full, [LN10] * 4, [0.1] * 4)) is None  # that is not learning


def test_data_without_a_baseline_are_not_held_against_any():
    assert found("underfitting", drawn(CIRCLE, [0.5] * 4, [0.5] * 4)) is None


# --- data ----------------------------------------------------------------------------------------------------------

WINE = RECIPES["wine_dense"].run


@pytest.mark.parametrize(("spec", "largest"), [(DIGITS, 255.0), (WINE, 1_680.0)], ids=["pixels", "columns"])
def test_raw_numbers_are_unscaled(spec, largest):
    raw = changed(spec, {"scaling": "raw"})
    assert found("unscaled_input", drawn(raw, [5.0], first=60.0))["largest"] == largest
    assert found("unscaled_input", drawn(spec, [5.0], first=60.0)) is None


def test_raw_numbers_up_to_ten_are_scaled_enough_and_so_are_normalised_ones():
    raw = changed(WINE, {"scaling": "raw"})
    assert found("unscaled_input", drawn(raw, [1.0]), Facts(largest=10.0)) is None
    assert found("unscaled_input", drawn(raw, [1.0]), Facts(largest=10.1)) is not None
    pixels = changed(DIGITS, {"scaling": "raw"})
    layers = (Flatten(), BatchNormalization(), *DIGITS.model.layers[1:])
    normalised = dataclasses.replace(pixels, model=ModelSpec((28, 28, 1), layers))
    assert found("unscaled_input", drawn(normalised, [1.0])) is None
    late = (Conv2D(), BatchNormalization(), Flatten(), *DIGITS.model.layers[1:])
    normalised_late = dataclasses.replace(pixels, model=ModelSpec((28, 28, 1), late))
    assert found("unscaled_input", drawn(normalised_late, [1.0])) is not None


@pytest.mark.parametrize("spec", [CIRCLE, RECIPES["text_average"].run], ids=["points", "sentences"])
def test_points_and_sentences_are_never_unscaled(spec):
    assert found("unscaled_input", drawn(changed(spec, {"scaling": "raw"}), [1.0])) is None


def test_a_class_with_less_than_a_fifth_of_two_is_imbalanced_and_so_with_more_classes():
    movies = RECIPES["text_average"].run
    assert found("imbalanced", drawn(movies, [1.0]), Facts((199, 801)))["smallest"] == "negative"
    assert found("imbalanced", drawn(movies, [1.0]), Facts((200, 800))) is None
    assert found("imbalanced", drawn(WINE, [1.0]), Facts((133, 433, 434)))["largest_share"] == 0.434
    assert found("imbalanced", drawn(WINE, [1.0]), Facts((134, 433, 433))) is None


def test_fewer_than_ten_to_validate_on_or_ten_a_class_to_train_with_are_too_few():
    assert found("too_few_samples", drawn(changed(DIGITS, {"samples": 100}, validation_split=0.0), [1.0])) is None
    assert found("too_few_samples", drawn(changed(DIGITS, {"samples": 99}, validation_split=0.0), [1.0])) is not None
    assert found("too_few_samples", drawn(changed(DIGITS, {"samples": 200}, validation_split=0.05), [1.0])) is None
    evidence = found("too_few_samples", drawn(changed(DIGITS, {"samples": 180}, validation_split=0.05), [1.0]))
    assert evidence["validation_samples"] == 9
    assert found("too_few_samples", drawn(changed(CIRCLE, {"points": 100, "test_share": 90}), [1.0])) is not None
    assert found("too_few_samples", drawn(changed(CIRCLE, {"points": 200, "test_share": 90}), [1.0])) is None
    assert found("too_few_samples", drawn(changed(PLANE, {"points": 20}), [1.0])) is None
