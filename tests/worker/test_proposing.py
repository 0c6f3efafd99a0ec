"""What Optuna proposes to a sweep: repeatable, within bounds, and where the good runs are."""

import math
import random

import pytest

from lib.worker.tasks import propose

SPACE = [
    {"name": "learning_rate", "low": 1e-4, "high": 1.0, "whole": False, "log": True},
    {"name": "dense.units", "low": 4, "high": 64, "whole": True, "log": True},
    {"name": "optimizer", "values": ["adam", "sgd"]},
]


def told(count, seed=0):
    """Runs that are best near a rate of 0.01 with Adam; each third one was pruned after two epochs."""
    chance, runs = random.Random(seed), []
    for number in range(count):
        rate, units = 10 ** chance.uniform(-4, 0), chance.randint(4, 64)
        optimizer = chance.choice(["adam", "sgd"])
        figure = 1 - abs(math.log10(rate) + 2) / 4 - 0.2 * (optimizer == "sgd")
        values = {"learning_rate": rate, "dense.units": units, "optimizer": optimizer}
        pruned = number % 3 == 2 and figure < 0.6
        runs.append({"values": values, "curve": [(1, figure / 2), (2, figure)], "figure": None if pruned else figure})
    return runs


def test_equal_questions_have_equal_answers_and_another_seed_has_others():
    asked = (SPACE, told(14), True, 5, 6)
    assert propose(*asked) == propose(*asked)
    assert propose(*asked) != propose(SPACE, told(14), True, 6, 6)


def test_proposals_lie_in_their_ranges_and_are_plain_values():
    for values in propose(SPACE, told(12), True, 1, 10):
        assert list(values) == ["learning_rate", "dense.units", "optimizer"]
        assert 1e-4 <= values["learning_rate"] <= 1.0
        assert 4 <= values["dense.units"] <= 64
        assert type(values["dense.units"]) is int
        assert values["optimizer"] in ("adam", "sgd")


@pytest.mark.parametrize("maximize", [True, False])
def test_proposals_lie_nearer_to_the_good_runs_than_draws_at_random_do(maximize):
    runs = told(30)
    if not maximize:
        runs = [{**run, "curve": [(epoch, -value) for epoch, value in run["curve"]],
                 "figure": None if run["figure"] is None else -run["figure"]} for run in runs]  # fmt: skip
    proposals = propose(SPACE, runs, maximize, 1, 20)
    distance = sum(abs(math.log10(values["learning_rate"]) + 2) for values in proposals) / len(proposals)
    assert distance < 0.7  # at random it is 1 on average
    assert sum(values["optimizer"] == "adam" for values in proposals) > 12


def test_runs_without_any_figure_are_avoided_and_hinder_nothing():
    lost = [{"values": {**run["values"], "learning_rate": 0.9}, "curve": [], "figure": None} for run in told(9)]
    proposals = propose(SPACE, told(20) + lost, True, 1, 10)
    assert sum(values["learning_rate"] > 0.5 for values in proposals) <= 2
