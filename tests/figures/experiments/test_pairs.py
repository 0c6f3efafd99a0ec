import json

import plotly.graph_objects as go
import pytest

from lib.concepts.comparing import compare
from lib.figures.base.colours import ARM_A, ARM_B, GREY, rgb, with_alpha
from lib.figures.experiments.pairs import describe_pairs, paired_dots

A, B, SEEDS = [0.970, 0.968, 0.974, 0.971], [0.975, 0.972, 0.973, 0.971], [4, 5, 6, 7]


def drawn(measure="accuracy"):
    found = compare(A, B, higher_is_better=measure == "accuracy")
    return found, paired_dots(A, B, SEEDS, found, measure)


def lines(figure):
    return [trace for trace in figure["data"] if trace["mode"] == "lines"]


@pytest.mark.parametrize(("measure", "winners"), [("accuracy", "BBA="), ("loss", "AAB=")])
def test_each_pair_is_a_line_from_a_to_b_in_the_colour_of_the_better_one(measure, winners):
    found = lines(drawn(measure)[1])
    assert [(trace["x"], trace["y"]) for trace in found] == [([0, 1], list(pair)) for pair in zip(A, B, strict=True)]
    colours = {"A": ARM_A, "B": ARM_B, "=": GREY}
    assert [trace["line"]["color"] for trace in found] == [with_alpha(colours[each], 0.8) for each in winners]


def test_the_dots_tell_seed_and_value():
    a, b = (trace for trace in drawn()[1]["data"] if trace.get("x") in ([0] * 4, [1] * 4))
    assert (a["y"], b["y"]) == (A, B)
    assert a["customdata"] == b["customdata"] == SEEDS
    assert a["marker"]["symbol"] != b["marker"]["symbol"]
    assert "A, seed %{customdata}" in a["hovertemplate"]


@pytest.mark.parametrize(("measure", "scale"), [("accuracy", 100), ("loss", 1)])
def test_beside_them_stand_the_differences_and_the_mean_with_its_interval(measure, scale):
    found, figure = drawn(measure)
    each, mean = (trace for trace in figure["data"] if trace.get("xaxis") == "x2")
    assert each["y"] == pytest.approx([scale * value for value in found.differences])
    assert mean["y"] == pytest.approx([scale * found.mean])
    assert mean["y"][0] + mean["error_y"]["array"][0] == pytest.approx(scale * found.high)
    assert mean["y"][0] - mean["error_y"]["arrayminus"][0] == pytest.approx(scale * found.low)


@pytest.mark.parametrize("b", [B, [0.5, 0.5, 0.5, 0.5], [1.0, 1.0, 1.0, 1.0], A])
def test_the_axis_of_the_differences_holds_all_of_them_and_0(b):
    found = compare(A, b, higher_is_better=True)
    low, high = paired_dots(A, b, SEEDS, found, "accuracy")["layout"]["yaxis2"]["range"]
    shown = [0, *(100 * value for value in (*found.differences, found.low, found.high))]
    assert low < min(shown) <= max(shown) < high


@pytest.mark.parametrize(("measure", "above"), [("accuracy", "B better"), ("loss", "A better")])
def test_the_picture_says_which_way_is_better(measure, above):
    layout = drawn(measure)[1]["layout"]
    assert [each["text"] for each in layout["annotations"] if each["y"] == 1] == [above]
    assert ("higher" if measure == "accuracy" else "lower") in layout["yaxis"]["title"]["text"]


def test_two_pairs_are_drawn_without_an_interval():
    figure = paired_dots(A[:2], B[:2], SEEDS[:2], None, "accuracy")
    assert not [trace for trace in figure["data"] if "xaxis" in trace]
    assert "xaxis2" not in figure["layout"]
    assert len(lines(figure)) == 2
    go.Figure(figure)
    go.Figure(paired_dots([], [], [], None, "loss"))


def test_the_figure_is_valid_and_json_can_hold_it():
    for measure in ("accuracy", "loss"):
        figure = drawn(measure)[1]
        go.Figure(figure)
        assert json.loads(json.dumps(figure, allow_nan=False)) == figure


def test_the_alt_text_tells_both_ranges_who_was_better_and_the_interval():
    found = drawn()[0]
    assert describe_pairs(A, B, found, "accuracy") == (
        "4 pairs of runs. Accuracy of A 96.80% to 97.40%, of B 97.10% to 97.50%. A is better in 1, B in 2, equal in 1."
        f" Mean of B − A +0.20 percentage points, 95% interval {100 * found.low:+.2f} to {100 * found.high:+.2f}."
    ).replace("-", "−")
    assert describe_pairs([], [], None, "loss") == "No pair of runs yet."


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(ValueError, match="'speed'"):
        paired_dots(A, B, SEEDS, None, "speed")
    with pytest.raises(ValueError, match="equally many"):
        paired_dots(A, B, SEEDS[:2], None, "accuracy")
    with pytest.raises(ValueError, match="equally many"):
        paired_dots(A[:3], B[:3], SEEDS[:3], drawn()[0], "accuracy")


def luminance(colour):
    """Relative luminance as WCAG 2 defines it, 0 to 1."""
    parts = [part / 255 for part in rgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("background", ["#fbfaf7", "#12181d"])
def test_the_colours_of_a_and_b_stand_out_from_both_themes_and_differ_in_lightness(background):
    for colour in (ARM_A, ARM_B):
        darker, lighter = sorted((luminance(colour), luminance(background)))
        assert (lighter + 0.05) / (darker + 0.05) >= 3
    lightness = [116 * luminance(colour) ** (1 / 3) - 16 for colour in (ARM_A, ARM_B)]
    assert lightness[1] - lightness[0] >= 10


@pytest.mark.parametrize(("measure", "limits"), [("accuracy", {"clipmin": -0.02, "clipmax": 1.02}), ("loss", None)])
def test_an_axis_of_shares_ends_at_100_percent_also_where_all_are_equal(measure, limits):
    layout = paired_dots([1.0] * 3, [1.0] * 3, [1, 2, 3], None, measure)["layout"]
    assert layout["yaxis"].get("autorangeoptions") == limits
