import numpy as np
import pytest
from helpers.claims import answer, experiment, passage

from lib.concepts.surfaces import SURFACES
from lib.ui.learn.gradient_descent.controls import OPTIMIZERS, Settings

PAGE = "gradient_descent"


def walk(surface, optimizer, rate, *, start=None, momentum=0.9, steps=40):
    """The points of one descent, from the surface's own start unless told otherwise."""
    settings = Settings(surface, (optimizer,), rate, 0.0, momentum, start or SURFACES[surface].start, steps)
    return settings.path(optimizer).points


def test_experiment_1_at_half_the_path_jumps_to_and_fro():
    experiment(PAGE, 1, "Ravine, only SGD", "0.1 to 0.4, 0.5 and 0.7", "multiplies y by 1 − 4 · rate")
    for rate in (0.1, 0.4, 0.5, 0.7):
        y = walk("ravine", "SGD", rate)[:10, 1]
        np.testing.assert_allclose(y[1:], y[:-1] * (1 - 4 * rate), atol=1e-9)
    assert walk("ravine", "SGD", 0.5)[:4, 1].tolist() == [1, -1, 1, -1]


def test_experiment_2_nobody_leaves_the_line_though_momentum_passes_the_middle():
    experiment(PAGE, 2, "`learning_rate` 0.1", "`start y` to 0")
    passage("gradient_descent.task_2_line", "Momentum rolls past the middle and back", "nobody leaves the line y = 0")
    still = {name: walk("saddle", name, 0.1, start=(-3.0, 0.0)) for name in OPTIMIZERS}
    assert all((points[:, 1] == 0).all() for points in still.values())
    assert still["momentum"][:, 0].max() > 1
    assert still["momentum"][-1, 0] < 0


def test_experiment_2_then_one_of_them_is_down_first():
    experiment(PAGE, 2, "`start y` to 0.1", "down in a valley first")
    passage("gradient_descent.task_2_down", "RMSprop is down first")
    minimum = 2.0
    arrived = {}
    for name in OPTIMIZERS:
        y = walk("saddle", name, 0.1, start=(-3.0, 0.1))[:, 1]
        arrived[name] = int(np.argmax(y > 0.9 * minimum))
        assert arrived[name]
    first, second, *_ = sorted(arrived.values())
    assert arrived["RMSprop"] == first < second


def test_experiment_3_momentum_alone_rolls_into_the_deep_valley_until_it_has_too_little():
    experiment(PAGE, 3, "their own start (x = 3.5, y = 2)", "`learning_rate` 0.05", "`momentum` 0.9", "on the left")
    assert SURFACES["two_minima"].start == (3.5, 2.0)
    for steps in (40, 100):
        assert walk("two_minima", "SGD", 0.05, steps=steps)[-1, 0] > 1
        found = [walk("two_minima", "momentum", 0.05, momentum=share, steps=steps)[-1, 0] < -1
                 for share in (0.9, 0.85, 0.8, 0.7, 0.6, 0.5)]  # fmt: skip
        assert found == [True, True, True, False, False, False]


def test_answer_1_distance_does_not_matter():
    answer(PAGE, 1, "A start twice as far away", "multiplies y by the same −0.6")
    assert pytest.approx(-0.6) == 1 - 4 * 0.4
    assert abs(walk("ravine", "SGD", 0.4, start=(-3.5, 2.0))[-1, 1]) < 1e-6


def test_answer_2_a_rate_of_six_tenths_diverges():
    answer(PAGE, 2, "A rate of 0.6", "1 − 4 · 0.6 = −1.4", right=True)
    y = np.abs(walk("ravine", "SGD", 0.6)[:, 1])
    np.testing.assert_allclose(y[1:6] / y[:5], 1.4)


def test_answer_3_more_steps_only_go_on():
    answer(PAGE, 3, "Twice as many steps", "make y smaller by the factor 0.6 more often")
    assert abs(walk("ravine", "SGD", 0.4, steps=80)[-1, 1]) < abs(walk("ravine", "SGD", 0.4, steps=40)[-1, 1])


def test_each_surface_is_as_it_is_described():
    passage("gradient_descent.ravine", "Forty times more curved across than along")
    passage("gradient_descent.saddle", "The minima lie above and below it")
    passage("gradient_descent.two_minima", "The valley on the left is deeper")
    along, across = SURFACES["ravine"].gradient(np.array([1.0, 1.0]))
    assert across / along == pytest.approx(40)
    saddle = SURFACES["saddle"]
    assert all(not saddle.gradient(np.array([0.0, y])).any() for y in (-2, 0, 2))
    assert saddle.loss(np.array(0), np.array(2)) < saddle.loss(np.array(0), np.array(0))
    x = np.linspace(-4, 4, 801)
    heights = SURFACES["two_minima"].loss(x, 0 * x)
    assert x[heights.argmin()] < 0


def test_only_momentum_and_nesterov_use_the_share_that_is_kept():
    passage("gradient_descent.momentum", "The other three optimizers do not use it")
    moved = [name for name in OPTIMIZERS
             if not np.array_equal(walk("ravine", name, 0.1), walk("ravine", name, 0.1, momentum=0.5))]  # fmt: skip
    assert moved == ["momentum", "Nesterov"]
