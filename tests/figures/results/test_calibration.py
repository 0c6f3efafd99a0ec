import json

import numpy as np
import plotly.graph_objects as go
import pytest

from lib.concepts.calibration import abstention, reliability, wilson_interval
from lib.figures.results.calibration import (
    FEWEST,
    MOST_POINTS,
    describe_doubt,
    describe_reliability,
    doubt_curve,
    reliability_diagram,
)


@pytest.fixture
def answers():
    """Confidences and what was right, of a network that is somewhat too sure."""
    random = np.random.default_rng(0)
    confidence = random.uniform(0.4, 1, 2_000)
    return confidence, random.random(2_000) < confidence - 0.1


def test_the_figures_are_valid_and_json_can_hold_them(answers):
    found = abstention(*answers)
    for figure in (reliability_diagram(reliability(*answers)), doubt_curve(found, *found.at(0.8))):
        go.Figure(figure)
        json.dumps(figure, allow_nan=False)


def test_each_bar_is_as_tall_as_its_share_and_the_diagonal_is_where_it_should_end(answers):
    found = reliability(*answers)
    bars, diagonal = reliability_diagram(found)["data"]
    np.testing.assert_allclose(bars["y"], found.accuracy, atol=1e-4)
    np.testing.assert_allclose(diagonal["y"], found.confidence, atol=1e-4)
    low, high = wilson_interval(found.accuracy, found.count)
    np.testing.assert_allclose(np.add(bars["y"], bars["error_y"]["array"]), high, atol=2e-4)
    np.testing.assert_allclose(np.subtract(bars["y"], bars["error_y"]["arrayminus"]), low, atol=2e-4)


def test_the_alt_text_tells_the_error_and_both_ends():
    found = reliability([0.5, 0.5, 0.9, 0.9], [True, False, True, True], bins=2)
    assert describe_reliability(found) == (
        "Reliability diagram of 2 bars, expected calibration error 5.0%. The least sure 2 answers of 50.0% confidence"
        " are right in 50.0%; the most sure 2 answers of 90.0% confidence are right in 100.0%."
    )
    assert "All 1 answers of 70.0%" in describe_reliability(reliability([0.7], [True]))


def test_the_curve_is_thinned_ends_with_all_answers_and_leaves_the_first_few_out(answers):
    found = abstention(*answers)
    curve, chosen = doubt_curve(found, *found.at(0.8))["data"]
    assert len(curve["x"]) <= MOST_POINTS < len(found.confidence)
    assert curve["x"][-1] == 1
    assert curve["y"][-1] == pytest.approx(np.mean(answers[1]), abs=1e-4)
    assert curve["x"][0] == FEWEST / 2_000
    kept = answers[0] >= 0.8
    assert chosen["x"] == [kept.mean()]
    assert chosen["y"] == [answers[1][kept].mean()]


def test_a_threshold_that_nothing_reaches_has_no_point():
    found = abstention([0.5, 0.6], [True, False])
    assert len(doubt_curve(found, *found.at(0.9))["data"]) == 1
    assert describe_doubt(found, 0, 0) == "All 2 answered: 50.0% right. At the chosen threshold none is."
    assert describe_doubt(found, 1, 0).endswith("At the chosen threshold 50.0% are, and 0.0% of these are right.")
