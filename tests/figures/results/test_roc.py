import json

import numpy as np
import plotly.graph_objects as go
import pytest

from lib.concepts.metrics import sweep_thresholds
from lib.figures.results.roc import (
    MOST_POINTS,
    describe_precision_recall,
    describe_roc,
    precision_recall_curve,
    roc_curve,
)


@pytest.fixture
def thresholds():
    rng = np.random.default_rng(0)
    true = rng.integers(0, 2, 2_000)
    return sweep_thresholds(true, 0.4 * true + rng.random(2_000))


def test_both_curves_are_valid_figures_that_json_can_hold(thresholds):
    for figure in (roc_curve(thresholds, 0.2, 0.7), precision_recall_curve(thresholds, 0.7, 0.8)):
        go.Figure(figure)
        json.dumps(figure, allow_nan=False)


def test_thousands_of_thresholds_are_thinned_and_both_ends_stay(thresholds):
    curve = roc_curve(thresholds, 0.2, 0.7)["data"][1]
    assert len(curve["x"]) <= MOST_POINTS < len(thresholds.scores)
    assert (curve["x"][0], curve["y"][0], curve["x"][-1], curve["y"][-1]) == (0, 0, 1, 1)


def test_the_chosen_threshold_is_a_point_on_each_curve(thresholds):
    place = 900
    recall, rate = thresholds.recall[place], thresholds.false_positive_rate[place]
    assert roc_curve(thresholds, rate, recall)["data"][2]["x"] == [rate]
    assert roc_curve(thresholds, rate, recall)["data"][2]["y"] == [recall]
    precision = thresholds.precision[place]
    assert precision_recall_curve(thresholds, recall, precision)["data"][2]["y"] == [precision]


def test_guessing_gives_the_share_of_positives():
    few = sweep_thresholds([1, 0, 0, 0], [0.9, 0.3, 0.2, 0.1])
    assert precision_recall_curve(few, 1, 1)["data"][0]["y"] == [0.25, 0.25]


def test_the_areas_are_written_above_the_curves_and_into_the_alt_text():
    perfect = sweep_thresholds([1, 0], [0.9, 0.1])
    assert "area 1.000" in roc_curve(perfect, 0, 1)["layout"]["title"]["text"]
    assert "area 1.000" in precision_recall_curve(perfect, 1, 1)["layout"]["title"]["text"]
    assert describe_roc(perfect, 0.0, 1.0).endswith("recall 100.0% at a false positive rate of 0.0%.")
    assert describe_precision_recall(perfect, 0.5, 1.0).endswith("precision 100.0% at a recall of 50.0%.")
