import dataclasses
import json

import pytest

from lib.engine.runs.inside import InsidePoint
from lib.engine.runs.snapshot import BatchCurve, EpochPoint, RunSnapshot
from lib.figures.build.curves import MOST_POINTS, describe_learning_curves, learning_curves, thinned
from lib.specs.recipes import RECIPES

SPEC = RECIPES["simple_cnn"].run


def snapshot(epochs=10, finished=3, batches=2000, validation=True):
    points = tuple(
        EpochPoint(
            epoch=n,
            loss=1 / n,
            accuracy=1 - 0.1 / n,
            val_loss=0.5 / n if validation else None,
            val_accuracy=1 - 0.05 / n if validation else None,
            seconds=1.0,
            learning_rate=0.001,
        )
        for n in range(1, finished + 1)
    )
    x = tuple(finished * (n + 1) / batches for n in range(batches)) if finished else (0.1, 0.2)
    curve = BatchCurve(x, tuple(2 - value / 10 for value in x), tuple(value / 10 for value in x))
    return RunSnapshot("id", "owner", "title", SPEC, "running", epochs=epochs, batch_curve=curve, epoch_points=points)


def by_name(figure):
    return {trace["name"]: trace for trace in figure["data"]}


@pytest.mark.parametrize(
    ("panel", "mean", "held_back"),
    [
        ("loss", [1, 1 / 2, 1 / 3], [0.5, 0.25, 0.5 / 3]),
        ("accuracy", [0.9, 0.95, 1 - 0.1 / 3], [0.95, 0.975, 1 - 0.05 / 3]),
    ],
)
def test_lines_hold_the_epochs_numbers(panel, mean, held_back):
    lines = by_name(learning_curves(snapshot(), panel=panel))
    assert lines["training"]["x"] == lines["validation"]["x"] == [1, 2, 3]
    assert lines["training"]["y"] == pytest.approx(mean)
    assert lines["validation"]["y"] == pytest.approx(held_back)
    assert lines["validation"]["line"]["dash"] == "dash"
    assert lines["training"]["line"]["dash"] == "solid"


def test_the_batch_line_keeps_its_ends_and_at_most_500_points():
    run = snapshot(batches=20_000)
    line = by_name(learning_curves(run, panel="loss"))["training by batch"]
    assert len(line["x"]) == len(line["y"]) == MOST_POINTS == 500
    assert (line["x"][0], line["x"][-1]) == (run.batch_curve.epoch[0], run.batch_curve.epoch[-1])
    assert (line["y"][0], line["y"][-1]) == (run.batch_curve.loss[0], run.batch_curve.loss[-1])
    known = dict(zip(run.batch_curve.epoch, run.batch_curve.loss, strict=True))
    assert all(known[x] == y for x, y in zip(line["x"], line["y"], strict=True))


def test_a_run_of_a_thousand_epochs_stays_below_500_points_a_line():
    figure = learning_curves(snapshot(1000, 1000), snapshot(1000, 1000))
    assert {len(trace["x"]) for trace in figure["data"]} == {500}


def test_it_is_plain_data_that_json_can_write():
    figure = learning_curves(snapshot(), snapshot())
    assert json.loads(json.dumps(figure)) == figure


def test_the_run_before_lies_behind_in_grey():
    figure = learning_curves(snapshot(finished=2), snapshot(finished=4))
    names = [trace["name"] for trace in figure["data"]]
    assert names == ["run before", "run before, validation", "training by batch", "training", "validation"]
    before = figure["data"][0]
    assert before["y"] == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])
    assert before["line"]["color"] != by_name(figure)["training"]["line"]["color"]


def test_a_run_before_that_ended_in_its_first_epoch_shows_its_batches():
    before = learning_curves(snapshot(), snapshot(finished=0))["data"][0]
    assert before["x"] == [0.1, 0.2]


def test_without_a_validation_part_there_is_no_validation_line():
    run = snapshot(validation=False)
    no_split = RunSnapshot("id", "o", "t", RECIPES["dense_512"].run, "running", epochs=5, epoch_points=run.epoch_points)
    assert "validation" not in by_name(learning_curves(no_split))


def test_the_axis_spans_all_epochs_and_the_zoom_is_kept():
    first, later = learning_curves(snapshot(7, 1)), learning_curves(snapshot(7, 5))
    assert first["layout"]["xaxis"]["range"] == [0, 7]
    assert first["layout"]["uirevision"] == later["layout"]["uirevision"]


def test_a_run_without_a_point_can_be_drawn():
    run = RunSnapshot("id", "o", "t", SPEC, "queued", epochs=10)
    assert all(trace["x"] == [] for trace in learning_curves(run)["data"])
    assert describe_learning_curves(run) == "Loss curve: no epoch finished yet of 10."


def test_the_alt_text_says_where_the_curve_began_and_stands():
    text = describe_learning_curves(snapshot(), snapshot(finished=2), "accuracy")
    assert (
        "Accuracy curve after 3 of 10 epochs: training from 90.00% to 96.67%, validation from 95.00% to 98.33%" in text
    )
    assert "The run before, in grey: training from 90.00% to 95.00%" in text


def test_an_unknown_panel_is_refused():
    with pytest.raises(ValueError, match="not 'speed'"):
        learning_curves(snapshot(), panel="speed")


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 998, 100_000])
def test_thinning_keeps_order_and_ends(count):
    values = list(range(count))
    kept = thinned(values)
    assert len(kept) == min(count, 500)
    assert kept == sorted(set(kept))
    assert kept[:1] + kept[-1:] == values[:1] + values[-1:]


@pytest.mark.parametrize(("epochs", "mode"), [(10, "lines+markers"), (200, "lines")])
def test_epochs_are_marked_while_they_can_be_told_apart(epochs, mode):
    assert by_name(learning_curves(snapshot(epochs, finished=epochs)))["training"]["mode"] == mode


def test_samples_that_were_looked_at_again_are_a_line_of_the_loss_alone():
    points = [InsidePoint(epoch, loss, 128, "training", 0.1, ()) for epoch, loss in ((1, 0.9), (2, None), (3, 0.3))]
    run = dataclasses.replace(snapshot(), inside=tuple(points))
    line = by_name(learning_curves(run))["training again"]
    assert (line["x"], line["y"], line["line"]["dash"]) == ([1, 3], [0.9, 0.3], "dot")
    assert "training again" not in by_name(learning_curves(run, panel="accuracy"))
    assert "the same training samples again from 0.9000 to 0.3000" in describe_learning_curves(run)
    assert "again" not in describe_learning_curves(run, panel="accuracy") + describe_learning_curves(snapshot())
