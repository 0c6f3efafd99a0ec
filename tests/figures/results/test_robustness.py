import json

import numpy as np
import plotly.graph_objects as go

from lib.data.corruptions import CORRUPTIONS, amounts
from lib.figures.results.robustness import describe_robustness, robustness_curves, strip

STEPS = {kind: amounts(kind, 28, 28) for kind in CORRUPTIONS}
SHARES = {kind: np.linspace(1, place / 10, 6).tolist() for place, kind in enumerate(CORRUPTIONS)}


def test_each_corruption_has_a_curve_with_a_colour_and_a_sign_of_its_own():
    figure = robustness_curves(SHARES, STEPS, "accuracy")
    go.Figure(figure)
    json.dumps(figure, allow_nan=False)
    curves = figure["data"]
    assert [curve["name"] for curve in curves] == [corruption.title for corruption in CORRUPTIONS.values()]
    np.testing.assert_allclose([curve["y"] for curve in curves], list(SHARES.values()), atol=1e-4)
    assert (
        len({curve["line"]["color"] for curve in curves}) == len({curve["marker"]["symbol"] for curve in curves}) == 6
    )
    assert [amount for amount, _ in curves[1]["customdata"]] == ["0", "1", "2", "3", "4", "6"]


def test_names_that_people_wrote_are_shown_letter_by_letter():
    said = {kind: ["<b>cat</b>"] * 6 for kind in CORRUPTIONS}
    curve = robustness_curves(SHARES, STEPS, "probability", said)["data"][0]
    assert curve["customdata"][0][1] == "&lt;b&gt;cat&lt;/b&gt;"
    assert "says" in curve["hovertemplate"]


def test_the_alt_text_tells_both_ends_of_each_curve():
    text = describe_robustness(SHARES, "accuracy")
    assert text.startswith("Curves of accuracy over strength. As they are 100.0%; at the strongest: Noise 0.0%, ")
    assert text.endswith("A black square 50.0%.")


def test_images_stand_side_by_side_as_wide_as_a_thumb():
    assert strip(np.zeros((6, 28, 28, 1), np.uint8)).shape == (56, 2 * (6 * 28 + 5 * 2), 4)
    assert strip(np.zeros((6, 96, 96, 3), np.uint8)).shape == (96, 6 * 96 + 5 * 2, 4)
