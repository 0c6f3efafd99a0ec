import numpy as np
import pytest
from helpers.claims import answer, experiment, passage

from lib.concepts import fitting
from lib.data.fitted.saved_curves import about, saved_runs
from lib.ui.learn.overfitting import _PRICES, MOST_DEGREE, VALIDATION_POINTS, VALIDATION_SEED

PAGE = "overfitting"
NOISE = 0.3  # where the page's slider stands
SEEDS = range(1, 9)


def parts(points, noise, seed):
    return fitting.measure(points, noise, seed), fitting.measure(VALIDATION_POINTS, noise, seed + VALIDATION_SEED)


def errors(points=12, noise=NOISE, seed=1, l2=0.0):
    return fitting.errors_by_degree(*parts(points, noise, seed), MOST_DEGREE, l2)


def runs_by_width(remedy):
    return [run for (name, _), run in sorted(saved_runs().items()) if name == remedy]


def final(remedy, name):
    return [run.result(name) for run in runs_by_width(remedy)]


@pytest.mark.parametrize("seed", SEEDS)
def test_experiment_1_the_curve_goes_through_every_point_and_changes_much_with_the_seed(seed):
    experiment(PAGE, 1, "degree to 11 with 12 points", "**Seed**", "choose degree 3")
    passage("overfitting.task_1_through", "through every point")
    passage("overfitting.task_1_calm", "At degree 3 the curve changes far less")
    assert errors(seed=seed)[0, 11] < 1e-9
    x = np.linspace(-1, 1, 101)
    wild, tame = (
        np.abs(np.subtract(*(fitting.predict(fitting.fit(fitting.measure(12, NOISE, each), degree), x)
                             for each in (seed, seed + 1)))).mean()
        for degree in (11, 3)
    )  # fmt: skip
    assert wild > 3 * tame


@pytest.mark.parametrize("seed", SEEDS)
def test_experiment_2_a_price_makes_the_weights_smaller_and_one_price_is_best(seed):
    experiment(PAGE, 2, "degree 11", "**L2**", "lowest validation error")
    train, validation = parts(12, NOISE, seed)
    fits = [fitting.fit(train, 11, price) for price in _PRICES]
    sizes = [float(np.sum(np.square(weights[1:]))) for weights in fits]
    assert sizes == sorted(sizes, reverse=True)
    best = int(np.argmin([fitting.error(weights, validation) for weights in fits]))
    assert 0 < best < len(_PRICES) - 1


@pytest.mark.parametrize("seed", SEEDS)
def test_experiment_3_both_errors_move_towards_the_noise(seed):
    experiment(PAGE, 3, "degree 11 and L2 0", "40 points instead of 12", "falls, the training error rises")
    passage("overfitting.task_3_noise", "training error lies below the noise and the validation error above it")
    few, many = (errors(points, seed=seed)[:, 11] for points in (12, 40))
    assert few[0] < many[0]
    assert many[1] < few[1]
    assert (np.abs(many - NOISE) < np.abs(few - NOISE)).all()


def test_answer_1_capacity_alone_does_no_harm():
    answer(PAGE, 1, "yes, 16 weights", "Capacity alone does no harm")
    assert errors(40, 0.0)[1, 15] < errors(40, 0.0)[1, :15].min()


@pytest.mark.parametrize("seed", SEEDS)
def test_answer_2_without_noise_both_errors_are_tiny(seed):
    answer(PAGE, 2, "hardly", "below 0.000001", "noise 0, 40 points, degree 15", right=True)
    assert errors(40, 0.0, seed)[:, 15].max() < 1e-6


def test_answer_3_only_low_degrees_underfit():
    answer(PAGE, 3, "it underfits", "Only low degrees underfit here")
    training = errors(40, 0.0)[0]
    assert training[:3].min() > 0.5
    assert training[7:].max() < 0.01


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("points", [5, 12, 40])
def test_a_higher_degree_never_raises_the_training_error_without_a_price(points, seed):
    passage("overfitting.title", "While L2 is 0, no higher degree ever raises that")
    assert np.diff(errors(points, seed=seed)[0]).max() < 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_past_the_peak_the_validation_error_falls_again(seed):
    passage("overfitting.more_weights", "past the peak the validation error often falls again")
    validation = errors(10, seed=seed)[1]
    assert validation[15] < validation.max() / 2


def test_without_a_remedy_wide_networks_learn_by_heart():
    passage("overfitting.plain", "the training loss goes to 0 while the validation loss turns round and climbs")
    wide = runs_by_width("plain")[-1]
    assert wide.result("loss") < 0.02
    assert wide.result("val_loss") > 1.1 * min(wide.val_loss)


def test_narrow_layers_pay_for_dropout():
    passage("overfitting.dropout", "Narrow layers need all their units, so they pay for it with a higher loss")
    for name in ("loss", "val_loss"):
        assert all(
            with_it > plain for with_it, plain in zip(final("dropout", name)[:3], final("plain", name), strict=False)
        )


def test_early_stopping_keeps_the_best_epoch_and_does_not_stop_narrow_networks():
    passage("overfitting.early_stopping", "A narrow network whose loss still falls at the end gives it nothing to stop")
    runs = runs_by_width("early_stopping")
    assert len(runs[0].loss) == about()["epochs"]
    assert len(runs[-1].loss) < about()["epochs"]
    for run in runs:
        assert run.result("val_loss") == min(run.val_loss)


def test_more_data_helps_more_than_any_other_remedy():
    passage(
        "overfitting.more_data", "rises further than with any other remedy", "far lower point", "eight times as many"
    )
    others = ("dropout", "l2", "early_stopping")
    for width, run in enumerate(runs_by_width("more_data")):
        assert run.result("val_accuracy") > max(final(other, "val_accuracy")[width] for other in others)
        assert min(run.val_loss) < 0.85 * min(min(runs_by_width(other)[width].val_loss) for other in others)
    assert about()["more_samples"] == 8 * about()["samples"]
    wide = runs_by_width("more_data")[-1]
    assert wide.result("val_loss") > 1.3 * min(wide.val_loss)
