import pytest

from lib.figures.build.dataset import class_balance, describe_class_balance


def test_the_bars_hold_the_counts_of_both_parts():
    figure = class_balance([700, 900], [10, 20], ["cat", "dog"])
    assert {bar.name: list(bar.y) for bar in figure.data} == {"training": [700, 900], "test": [10, 20]}
    assert figure.layout.xaxis.ticktext == ("cat", "dog")


def test_counts_for_other_classes_are_refused():
    with pytest.raises(ValueError, match="test counts must be one a class, 2 in all, not 1"):
        class_balance([1, 2], [1], ["cat", "dog"])


def test_the_alt_text_names_the_smallest_and_the_largest_class():
    assert describe_class_balance([900, 700], [10, 20], ["cat", "dog"]) == (
        "Samples of each class: 1,600 to train on, from 700 (dog) to 900 (cat); 30 to test on."
    )
