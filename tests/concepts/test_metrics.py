import numpy as np
import pytest
from sklearn import metrics as reference

from lib.concepts.metrics import confusion_matrix, per_class


@pytest.mark.parametrize("seed", range(5))
def test_counts_and_rates_are_those_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    true, predicted = rng.integers(0, 7, 200), rng.integers(0, 7, 200)
    true[true == 3] = 4  # class 3 never occurs,
    predicted[predicted == 5] = 6  # class 5 is never predicted
    counts = confusion_matrix(true, predicted, 8)  # and class 7 is neither
    assert np.array_equal(counts, reference.confusion_matrix(true, predicted, labels=range(8)))
    rates = per_class(counts)
    expected = reference.precision_recall_fscore_support(true, predicted, labels=range(8), zero_division=0)
    for ours, theirs in zip((rates.precision, rates.recall, rates.f1, rates.support), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_rows_are_true_classes():
    assert confusion_matrix([2, 2], [0, 1], 3).tolist() == [[0, 0, 0], [0, 0, 0], [1, 1, 0]]


def test_no_samples_give_zeros():
    counts = confusion_matrix([], [], 2)
    assert counts.sum() == 0
    assert per_class(counts).f1.tolist() == [0, 0]


@pytest.mark.parametrize(("true", "predicted"), [([0, 3], [0, 0]), ([0], [-1])])
def test_a_label_that_is_no_class_is_refused(true, predicted):
    with pytest.raises(ValueError, match="labels must be from 0 to 2"):
        confusion_matrix(true, predicted, 3)


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="one length"):
        confusion_matrix([0, 1], [0], 2)
