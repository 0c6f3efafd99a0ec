import plotly.graph_objects as go
import pytest

from lib.figures.results.regression import MOST_POINTS, predicted_over_true


def test_the_diagonal_spans_true_and_predicted_numbers():
    figure = predicted_over_true([0, 1, 2], [1, 1, 4])
    go.Figure(figure)
    diagonal, points = figure["data"]
    assert diagonal["x"] == diagonal["y"] == pytest.approx([-0.2, 4.2])
    assert (points["x"], points["y"]) == ([0, 1, 2], [1, 1, 4])
    assert figure["layout"]["xaxis"]["range"] == figure["layout"]["yaxis"]["range"] == diagonal["x"]


def test_one_number_alone_can_be_drawn():
    assert predicted_over_true([3], [3])["data"][0]["x"] == [2, 4]


def test_of_very_many_samples_the_first_are_drawn():
    many = list(range(MOST_POINTS + 5))
    assert len(predicted_over_true(many, many)["data"][1]["x"]) == MOST_POINTS


@pytest.mark.parametrize(("true", "predicted"), [([1, 2], [1]), ([], [])])
def test_lists_that_do_not_fit_are_refused(true, predicted):
    with pytest.raises(ValueError, match="as long as"):
        predicted_over_true(true, predicted)
