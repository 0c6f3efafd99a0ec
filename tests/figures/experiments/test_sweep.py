"""Pictures of a sweep: each run is where its values are, and the best one is seen at once."""

import plotly.graph_objects as go
import pytest

from lib.concepts.measures import MEASURES
from lib.figures.base.colours import VERMILLION
from lib.figures.experiments.by_setting import by_setting, describe_by_setting
from lib.figures.experiments.parallel import describe_parallel, parallel_lines
from lib.figures.experiments.swept import Axis, SweptRun, best_of

AXES = (
    Axis("learning_rate", 0.001, 0.1, log=True),
    Axis("dropout.rate", 0.0, 0.5),
    Axis("optimizer", choices=("adam", "sgd", "lion")),
)
RUNS = (
    SweptRun("first", (0.001, 0.5, "adam"), 0.6),
    SweptRun("second", (0.01, 0.25, "sgd"), 0.9),
    SweptRun("third", (0.1, 0.0, "lion"), 0.3),
    SweptRun("early", (0.1, 0.5, "adam"), None, 0.1),
    SweptRun("waiting", (0.01, 0.0, "adam")),
    SweptRun("lost", (0.01, 0.0, "sgd"), float("nan")),
)


def test_each_line_goes_through_its_values_and_ends_at_its_figure():
    lines = {line["hovertemplate"].split("<br>")[0]: line for line in parallel_lines(AXES, RUNS, "accuracy")["data"]}
    assert list(lines) == ["early", "third", "first", "second"]  # the better ones lie above the others
    assert lines["first"]["y"] == [0.0, 1.0, 0.0, 0.5]
    assert lines["second"]["y"] == [0.5, 0.5, 0.5, 1.0]
    assert lines["third"]["y"] == [1.0, 0.0, 1.0, 0.0]
    assert (lines["early"]["y"], lines["early"]["line"]["dash"]) == ([1.0, 1.0, 0.0], "dot")
    assert (lines["second"]["line"]["color"], lines["second"]["line"]["width"]) == (VERMILLION, 4)


def test_of_losses_the_lowest_is_the_best():
    figure = parallel_lines(AXES, RUNS, "loss")
    assert figure["data"][-1]["hovertemplate"].startswith("third<br>loss 0.3000")
    assert best_of(RUNS, MEASURES["loss"]) is RUNS[2]


@pytest.mark.parametrize("runs", [(), RUNS[3:], RUNS[:1], RUNS])
@pytest.mark.parametrize("measure", ["accuracy", "loss"])
def test_plotly_takes_every_figure_and_each_has_a_description(runs, measure):
    go.Figure(parallel_lines(AXES, runs, measure))
    assert describe_parallel(AXES, runs, measure)
    for place in range(3):
        go.Figure(by_setting(AXES, place, runs, measure))
        assert AXES[place].name in describe_by_setting(AXES, place, runs, measure)


def test_dots_stand_over_the_values_of_their_setting():
    early, others, best = by_setting(AXES, 0, RUNS, "accuracy")["data"]
    assert (early["x"], early["y"]) == ([0.1], [0.1])
    assert (others["x"], others["y"]) == ([0.001, 0.1], [0.6, 0.3])
    assert (best["x"], best["y"], best["customdata"]) == ([0.01], [0.9], ["second"])
    assert by_setting(AXES, 0, RUNS, "accuracy")["layout"]["xaxis"]["type"] == "log"
    assert by_setting(AXES, 2, RUNS, "accuracy")["layout"]["xaxis"]["categoryarray"] == ["adam", "sgd", "lion"]


def test_descriptions_name_the_best_and_the_worst_and_who_was_stopped():
    assert describe_parallel(AXES, RUNS, "accuracy") == (
        "3 runs over learning_rate, dropout.rate, optimizer. Best validation accuracy 90.00% with second,"
        " worst 30.00%. 1 stopped early."
    )
    assert "lower half: 1 run, best 60.00%. upper half: 2 runs, best 90.00%." in describe_by_setting(
        AXES, 0, RUNS, "accuracy"
    )


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="measure must be one of"):
        parallel_lines(AXES, RUNS, "speed")
    with pytest.raises(ValueError, match="measure must be one of"):
        by_setting(AXES, 0, RUNS, "speed")
    with pytest.raises(ValueError, match="each run needs 2 values"):
        parallel_lines(AXES[:2], RUNS, "loss")
