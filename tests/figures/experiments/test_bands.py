import json
import math

import plotly.graph_objects as go
import pytest

from lib.data.fitted.saved_curves import saved_runs
from lib.figures.experiments.bands import (
    MOST_POINTS,
    describe_fold_bands,
    describe_learning_bands,
    fold_bands,
    learning_bands,
)

A = [[0.5, 0.3, 0.2], [0.7, 0.5, 0.3], [0.6, 0.4, 0.25]]
B = [[0.9, 0.1], [0.5, 0.3]]
SEEDS = [7, 8, 9]


def parts(figure, arm):
    """Band, single runs and mean of an arm; the band is None where there is none."""
    traces = [trace for trace in figure["data"] if trace["legendgroup"] == arm]
    bands = [trace for trace in traces if trace.get("fill")]
    means = [trace for trace in traces if trace.get("name")]
    return (bands or [None])[0], [trace for trace in traces if trace not in bands + means], (means or [None])[0]


def test_every_run_is_drawn_with_its_seed_and_its_numbers():
    _, singles, _ = parts(learning_bands(A, B, SEEDS), "A")
    assert [trace["x"] for trace in singles] == [[1, 2, 3]] * 3
    assert [trace["y"] for trace in singles] == A
    assert [f"A, seed {seed}<" in trace["hovertemplate"] for seed, trace in zip(SEEDS, singles, strict=True)] == [
        True
    ] * 3


def test_the_mean_is_thick_and_the_band_goes_from_the_lowest_run_to_the_highest():
    band, singles, mean = parts(learning_bands(A, B, SEEDS), "A")
    assert mean["y"] == pytest.approx([0.6, 0.4, 0.25])
    assert mean["name"] == "A, mean of 3 runs"
    assert mean["line"]["width"] > 2 * singles[0]["line"]["width"]
    assert band["x"] == [1, 2, 3, 3, 2, 1]
    assert band["y"] == [0.7, 0.5, 0.3, 0.2, 0.3, 0.5]


def test_both_arms_can_be_told_apart_without_colours():
    figure = learning_bands(A, B, SEEDS)
    (_, _, a), (_, _, b) = parts(figure, "A"), parts(figure, "B")
    assert a["line"]["dash"] != b["line"]["dash"]
    assert a["marker"]["symbol"] != b["marker"]["symbol"]
    assert a["line"]["color"] != b["line"]["color"]


def test_mean_and_band_end_where_the_shortest_run_ends_and_runs_that_have_not_begun_do_not_count():
    band, singles, mean = parts(learning_bands([[1.0, 0.5, 0.2], [2.0], []], [], SEEDS), "A")
    assert (mean["x"], mean["y"], mean["name"]) == ([1], [1.5], "A, mean of 2 runs")
    assert band["x"] == [1, 1]
    assert [trace["x"] for trace in singles] == [[1, 2, 3], [1]]


def test_epochs_without_a_number_are_left_out():
    _, (single,), mean = parts(learning_bands([[None, 0.5, math.nan, 0.3, math.inf]], [], SEEDS), "A")
    assert (single["x"], single["y"]) == (mean["x"], mean["y"]) == ([2, 4], [0.5, 0.3])


def test_one_run_has_no_band_and_no_runs_draw_nothing():
    assert parts(learning_bands([[0.5]], [], SEEDS), "A")[0] is None
    assert parts(learning_bands([[0.5]], [], SEEDS), "A")[2]["name"] == "A, 1 run"
    assert learning_bands([], [], [])["data"] == learning_bands([[], []], [[], []], SEEDS)["data"] == []


def test_the_figures_are_valid_and_json_can_hold_them():
    for figure in (learning_bands(A, B, SEEDS), learning_bands([[None, math.nan]], [], SEEDS, "accuracy")):
        go.Figure(figure)
        assert json.loads(json.dumps(figure, allow_nan=False)) == figure


def test_a_thousand_epochs_stay_below_200_points_a_line_and_keep_their_ends():
    run = [1 / epoch for epoch in range(1, 1_001)]
    band, (single, _), mean = parts(learning_bands([run, run], [], SEEDS), "A")
    assert len(single["x"]) == len(mean["x"]) == MOST_POINTS == 200
    assert len(band["x"]) == 2 * MOST_POINTS
    assert (single["x"][0], single["x"][-1]) == (1, 1_000)
    assert (single["y"][0], single["y"][-1]) == (1, 0.001)
    assert (single["mode"], mean["mode"]) == ("lines", "lines")


def test_the_zoom_is_kept_and_accuracy_is_in_percent():
    first, later = learning_bands([[0.5]], [], SEEDS, "accuracy"), learning_bands(A, B, SEEDS, "accuracy")
    assert first["layout"]["uirevision"] == later["layout"]["uirevision"]
    assert later["layout"]["yaxis"]["tickformat"] == ".0%"
    assert later["layout"]["title"]["text"] == "Validation accuracy"
    assert later["layout"]["xaxis"]["range"][1] > 3


def test_the_alt_text_tells_where_each_mean_began_and_stands_and_how_far_the_runs_spread():
    assert describe_learning_bands(A, [[0.9]]) == (
        "Validation loss. A, 3 runs: mean from 0.6000 to 0.2500 after 3 epochs, there between 0.2000 and 0.3000."
        " B, 1 run: from 0.9000 to 0.9000 after 1 epoch."
    )


def test_real_trainings_some_of_which_stopped_early():
    """The saved ones of the Overfitting page: plain ones, and ones that ended when the loss no longer fell."""
    by_remedy = {
        remedy: [run.val_loss for (name, _), run in saved_runs().items() if name == remedy]
        for remedy in ("plain", "early_stopping")
    }
    a, b = by_remedy.values()
    band, singles, mean = parts(learning_bands(a, b, range(len(a))), "B")
    shortest = min(len(run) for run in b)
    assert shortest < max(len(run) for run in b)
    assert mean["x"] == list(range(1, shortest + 1))
    assert [trace["y"] for trace in singles] == [list(run) for run in b]
    for place, value in enumerate(mean["y"]):
        assert band["y"][-1 - place] <= value <= band["y"][place]
    assert f"B, {len(b)} runs: mean from" in describe_learning_bands(a, b)


def test_an_unknown_measure_and_missing_seeds_are_refused():
    with pytest.raises(ValueError, match="'speed'"):
        learning_bands(A, B, SEEDS, "speed")
    with pytest.raises(ValueError, match="1 are too few for 3 and 2 runs"):
        learning_bands(A, B, [7])


def test_each_fold_is_a_thin_line_with_its_number_and_the_mean_is_thick():
    figure = fold_bands([*A, []], "loss")
    band, singles, mean = parts(figure, "folds")
    assert [trace["hovertemplate"].split("<")[0] for trace in singles] == ["fold 1", "fold 2", "fold 3"]
    assert [trace["y"] for trace in singles] == A
    assert (mean["name"], mean["y"]) == ("mean of 3 folds", pytest.approx([0.6, 0.4, 0.25]))
    assert band["y"] == [0.7, 0.5, 0.3, 0.2, 0.3, 0.5]
    assert mean["line"]["width"] > 2 * singles[0]["line"]["width"]
    go.Figure(figure)
    assert describe_fold_bands([[], []]) == "Validation loss, no epoch yet."
    assert describe_fold_bands([[0.5], []]) == "Validation loss, 1 fold: from 0.5000 to 0.5000 after 1 epoch."
    with pytest.raises(ValueError, match="measure must be one of accuracy, loss, not 'f1'"):
        fold_bands(A, "f1")
