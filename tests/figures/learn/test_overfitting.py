import numpy as np
import pytest

from lib.concepts.fitting import errors_by_degree, fit, measure, predict
from lib.data.fitted.saved_curves import saved_runs
from lib.figures.learn import overfitting as figures

RUNS = saved_runs()
WIDTHS = sorted({units for _, units in RUNS})


def named(figure):
    return {trace.name: trace for trace in figure.data}


def test_the_fit_drawn_is_that_of_the_weights():
    train, validation = measure(8, 0.3, 1), measure(30, 0.3, 2)
    weights = fit(train, 4)
    figure = figures.polynomial_fit(weights, train, validation)
    curve = named(figure)["fit"]
    np.testing.assert_allclose(curve.y, predict(weights, np.array(curve.x)))
    assert [len(trace.x) for trace in figure.data if trace.mode == "markers"] == [30, 8]


def test_an_error_beyond_the_axis_lies_on_its_edge_and_its_hover_says_what_it_is():
    train, validation = measure(6, 0.3, 1), measure(30, 0.3, 2)
    errors = errors_by_degree(train, validation, 5)
    figure = figures.errors_over_degree(errors, degree=5)
    training = figure.data[0]
    assert training.y[5] == figures.SMALLEST_ERROR
    assert training.customdata[5] == errors[0, 5] < 1e-9
    assert list(training.marker.size).index(max(training.marker.size)) == 5
    assert figure.layout.shapes[0].x0 == 5


@pytest.mark.parametrize("key", RUNS, ids=str)
def test_every_saved_training_can_be_drawn_whole(key):
    run, plain = RUNS[key], RUNS["plain", key[1]]
    figure = figures.training_curves(run, plain)
    assert tuple(named(figure)["validation"].y) == run.val_loss
    assert ("plain, training" in named(figure)) == (run is not plain)
    told = named(figure).get("training with dropout on")
    assert (tuple(told.y) if told else ()) == run.running_loss
    low, high = figure.layout.yaxis.range
    assert all(low <= value <= high for trace in figure.data for value in trace.y)
    assert bool(figure.layout.shapes) == (run.kept_epoch < len(run.loss))


@pytest.mark.parametrize("remedy", sorted({remedy for remedy, _ in RUNS}))
def test_the_widths_show_the_loss_of_the_weights_that_are_kept(remedy):
    runs, plain = [RUNS[remedy, units] for units in WIDTHS], [RUNS["plain", units] for units in WIDTHS]
    figure = figures.loss_over_units(runs, plain, WIDTHS[1])
    shown = named(figure)["validation"]
    assert list(shown.x) == [str(units) for units in WIDTHS]
    assert list(shown.y) == [run.val_loss[run.kept_epoch - 1] for run in runs]
    low, high = figure.layout.yaxis.range
    assert all(low <= value <= high for trace in figure.data for value in trace.y)
    assert figure.layout.shapes[0].x0 == 1


def test_the_descriptions_hold_the_numbers():
    run = RUNS["plain", WIDTHS[0]]
    assert f"to {run.loss[-1]:.3f}" in figures.describe_training(run)
    assert f"{WIDTHS[0]} units {run.loss[-1]:.3f}" in figures.describe_units([run])
    assert "degree 3: training error 0.1, validation error 0.2" in figures.describe_fit(3, 0.1, 0.2)
    assert "lowest at degree 1 with 0.3" in figures.describe_errors(np.array([[2, 1, 0.5], [2, 0.3, 9]]))
