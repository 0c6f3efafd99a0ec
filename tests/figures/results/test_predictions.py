import json

import pytest

from lib.figures.base.colours import RIGHT, WRONG
from lib.figures.results.predictions import describe_probabilities, probabilities

NAMES = ("cat", "dog", "owl")


def bars(values, true_label=None):
    return probabilities(values, NAMES, true_label)["data"][0]


def test_the_bars_hold_the_probabilities_with_the_first_class_on_top():
    figure = probabilities([0.1, 0.7, 0.2], NAMES)
    assert figure["data"][0]["x"] == [0.1, 0.7, 0.2]
    assert figure["data"][0]["text"] == ["10.0%", "70.0%", "20.0%"]
    assert figure["layout"]["yaxis"]["ticktext"] == list(NAMES)
    assert figure["layout"]["yaxis"]["range"] == [2.5, -0.5]
    assert json.loads(json.dumps(figure)) == figure


def test_the_true_class_and_a_wrong_choice_have_their_colours():
    assert bars([0.1, 0.7, 0.2], 1)["marker"]["color"][1] == RIGHT
    wrong = bars([0.1, 0.7, 0.2], 2)["marker"]["color"]
    assert (wrong[1], wrong[2]) == (WRONG, RIGHT)
    assert wrong[0] not in (RIGHT, WRONG)


def test_values_for_other_classes_are_refused():
    with pytest.raises(ValueError, match="3 in all"):
        probabilities([0.5, 0.5], NAMES)


def test_the_alt_text_says_whether_the_first_choice_is_right():
    assert describe_probabilities([0.1, 0.7, 0.2], NAMES, 2) == (
        "Probabilities: dog 70.0%, owl 20.0%. True class owl: wrong."
    )
