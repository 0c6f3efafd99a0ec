import json

import numpy as np
import pytest

from lib.figures.results.confusion import confusion_matrix, describe_confusion

NAMES = ("cat", "dog", "owl")
COUNTS = np.array([[8, 2, 0], [0, 300, 1], [0, 0, 0]])


def test_the_cells_hold_the_counts():
    picture = confusion_matrix(COUNTS, NAMES)
    assert picture["counts"] == COUNTS.tolist()
    assert picture["numbers"] == [["8", "2", ""], ["", "300", "1"], ["", "", "0"]]
    assert picture["names"] == list(NAMES)


def test_shares_are_of_each_true_class():
    picture = confusion_matrix(COUNTS, NAMES, share=True)
    assert picture["numbers"] == [["80", "20", ""], ["", "100", "<1"], ["", "", "0"]]
    assert picture["counts"] == COUNTS.tolist()


def test_few_mistakes_have_a_scale_of_their_own_beside_many_hits():
    shades = np.array(confusion_matrix(COUNTS, NAMES)["shades"])
    assert shades[1, 1] == 1
    assert 0.72 < shades[0, 0] < 0.73
    assert shades[2, 2] == 0.72
    assert shades[0, 1] == 0.6
    assert shades[1, 2] == 0.38
    assert [shades[place] for place in ((0, 2), (1, 0), (2, 0), (2, 1))] == [0, 0, 0, 0]


def test_many_classes_are_drawn_without_numbers():
    picture = confusion_matrix(np.eye(30, dtype=int), [str(n) for n in range(30)])
    assert {number for row in picture["numbers"] for number in row} == {""}
    assert np.array_equal(np.array(picture["shades"]) > 0, np.eye(30, dtype=bool))


def test_the_browser_gets_plain_data():
    assert json.loads(json.dumps(confusion_matrix(COUNTS, NAMES)))["label"] == describe_confusion(COUNTS, NAMES)


def test_no_samples_can_be_drawn():
    picture = confusion_matrix(np.zeros((3, 3), int), NAMES)
    assert picture["numbers"][1] == ["", "0", ""]
    assert picture["label"] == "Confusion matrix without samples."


def test_the_description_counts_and_names_the_worst_mistake():
    text = describe_confusion(COUNTS, NAMES)
    assert text == (
        "Confusion matrix of 311 samples: 308 right (99.0%). Most frequent mistake: 2 times cat called dog."
    )
    assert describe_confusion(np.eye(3, dtype=int), NAMES).endswith("3 right (100.0%). No mistakes.")


def test_counts_for_other_classes_are_refused():
    with pytest.raises(ValueError, match="3x3 for 3 class names, not \\(2, 2\\)"):
        confusion_matrix(np.zeros((2, 2), int), NAMES)
